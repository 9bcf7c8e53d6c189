import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon.tsx";

/** A way in: the whole tile is its link. */
export function Tile(props: { href: string; title: string; icon?: IconName; children?: ComponentChildren }) {
  return (
    <li class="u-tile">
      {props.icon && (
        <span class="u-tile__icon">
          <Icon name={props.icon} />
        </span>
      )}
      <h3 class="u-tile__title">
        <a href={props.href}>{props.title}</a>
      </h3>
      <p class="u-tile__text">{props.children}</p>
    </li>
  );
}

/** A way that is closed to the reader: why, and the gesture that opens it (NAV-02). */
export function ClosedTile(props: {
  title: string;
  icon?: IconName;
  says: string;
  reason: string;
  gesture: { readonly label: string; readonly href: string };
}) {
  return (
    <li class="u-tile u-tile--closed">
      {props.icon && (
        <span class="u-tile__icon">
          <Icon name={props.icon} />
        </span>
      )}
      <h3 class="u-tile__title">{props.title}</h3>
      <p class="u-tile__text">
        {props.says}
        <br />
        {props.reason}{" "}
        <a class="govuk-link" href={props.gesture.href}>
          {props.gesture.label}
          <span class="govuk-visually-hidden"> : {props.title}</span>
        </a>
      </p>
    </li>
  );
}

export function Tiles({ children }: { children: ComponentChildren }) {
  return <ul class="u-tiles">{children}</ul>;
}

/** What a visitor meets first: what the portal is for, and how to begin. */
export function Hero({ says, children }: { says: string; children: ComponentChildren }) {
  return (
    <div class="u-hero">
      <p class="u-lead">{says}</p>
      {children}
    </div>
  );
}

/** Things that wait for the reader, each of them a link. */
export function Todos({ items }: { items: readonly { readonly href: string; readonly label: string }[] }) {
  return (
    <ul class="u-todo">
      {items.map(({ href, label }) => (
        <li key={`${href} ${label}`}>
          <a href={href}>
            {label}
            <Icon name="arrow" />
          </a>
        </li>
      ))}
    </ul>
  );
}
