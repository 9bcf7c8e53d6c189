import type { ComponentChildren } from "preact";
import { assetUrl } from "../assets.ts";

export type Tone = "info" | "success" | "warning" | "error" | "neutral";

export function Button(props: {
  children: ComponentChildren;
  kind?: "secondary" | "warning";
  name?: string;
  value?: string;
  /** Where it sends the form, when not where the form says. */
  action?: string;
  small?: boolean;
}) {
  const kind = props.kind ? ` govuk-button--${props.kind}` : "";
  return (
    <button
      type="submit"
      formaction={props.action}
      class={`govuk-button${kind}${props.small ? " u-button--small" : ""}`}
      name={props.name}
      value={props.value}
    >
      {props.children}
    </button>
  );
}

export function ButtonLink(props: {
  href: string;
  children: ComponentChildren;
  kind?: "secondary";
  small?: boolean;
}) {
  const kind = props.kind ? ` govuk-button--${props.kind}` : "";
  return (
    <a class={`govuk-button${kind}${props.small ? " u-button--small" : ""}`} href={props.href}>
      {props.children}
    </a>
  );
}

/** The foot of a form: the way out on the left, « Soumettre » at the bottom right (FRM-01). */
export function FormFooter(props: {
  submit?: ComponentChildren;
  cancel?: string;
  cancelLabel?: string;
  kind?: "warning";
}) {
  return (
    <div class="u-form-footer">
      {props.cancel && (
        <a class="govuk-link" href={props.cancel}>
          {props.cancelLabel ?? "Annuler"}
        </a>
      )}
      <Button kind={props.kind}>{props.submit ?? "Soumettre"}</Button>
    </div>
  );
}

export function Tag({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <strong class={`u-tag u-tag--${tone}`}>{children}</strong>;
}

export function Banner({
  tone,
  title,
  children,
}: {
  tone: Tone;
  title?: string;
  children?: ComponentChildren;
}) {
  return (
    <div class={`u-banner u-banner--${tone}`} role={tone === "error" ? "alert" : "status"}>
      <svg class="u-icon" viewBox="0 0 24 24" aria-hidden="true">
        <circle cx="12" cy="12" r="9" />
        <path d={tone === "success" ? "M8 12.5l2.8 2.8L16 9.5" : "M12 8v5M12 16.4v.1"} />
      </svg>
      <div class="u-banner__body">
        {title && <p class="u-banner__title">{title}</p>}
        {children}
      </div>
    </div>
  );
}

export function Card({
  title,
  actions,
  children,
}: {
  title?: string;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <section class="u-card">
      {title && (
        <div class="u-card__heading">
          <h2 class="govuk-heading-m">{title}</h2>
          {actions}
        </div>
      )}
      {children}
    </section>
  );
}

export function EmptyState({
  children,
  action,
}: {
  children: ComponentChildren;
  action?: { href: string; label: string };
}) {
  return (
    <div class="u-empty">
      <p>{children}</p>
      {action && <ButtonLink href={action.href}>{action.label}</ButtonLink>}
    </div>
  );
}

export type Row = {
  readonly label: string;
  readonly value: ComponentChildren;
  /** Where the line is changed: a page, or another act of the form that the list stands in. */
  readonly change?:
    | { readonly href: string; readonly label?: string }
    | { readonly action: string; readonly name: string; readonly value: string };
};

/** A button of a form that looks like a link, and sends it elsewhere. */
export function LinkButton(props: {
  action: string;
  name: string;
  value: string;
  children: ComponentChildren;
}) {
  return (
    <button
      type="submit"
      class="u-link-button"
      formaction={props.action}
      name={props.name}
      value={props.value}
    >
      {props.children}
    </button>
  );
}

function Change({ row: { label, change } }: { row: Row }) {
  const ofWhat = <span class="govuk-visually-hidden"> {label}</span>;
  if (!change) return null;
  return (
    <dd class="govuk-summary-list__actions">
      {"href" in change ? (
        <a class="govuk-link" href={change.href}>
          {change.label ?? "Modifier"}
          {ofWhat}
        </a>
      ) : (
        <LinkButton {...change}>Modifier{ofWhat}</LinkButton>
      )}
    </dd>
  );
}

export function SummaryList({ rows }: { rows: readonly Row[] }) {
  return (
    <dl class="govuk-summary-list">
      {rows.map((row) => (
        <div
          class={`govuk-summary-list__row${row.change ? "" : " govuk-summary-list__row--no-actions"}`}
          key={row.label}
        >
          <dt class="govuk-summary-list__key">{row.label}</dt>
          <dd class="govuk-summary-list__value">{row.value}</dd>
          <Change row={row} />
        </div>
      ))}
    </dl>
  );
}

/** Where one is in several steps. */
export function Stepper({ step, of, title }: { step: number; of: number; title: string }) {
  return (
    <div class="u-stepper">
      <p class="u-stepper__now">
        Étape {step} sur {of} : {title}
      </p>
      <ol class="u-stepper__bar" aria-hidden="true">
        {Array.from({ length: of }, (_, index) => (
          <li class={index < step ? "u-stepper__done" : undefined} key={index} />
        ))}
      </ol>
    </div>
  );
}

export function SubNav({
  label,
  items,
}: {
  label: string;
  items: readonly { href: string; label: string; current: boolean }[];
}) {
  return (
    <nav class="moj-sub-navigation" aria-label={label}>
      <ul class="moj-sub-navigation__list">
        {items.map((item) => (
          <li class="moj-sub-navigation__item" key={item.href}>
            <a
              class="moj-sub-navigation__link"
              href={item.href}
              aria-current={item.current ? "page" : undefined}
            >
              {item.label}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

export function Details({
  summary,
  open,
  children,
}: {
  summary: ComponentChildren;
  open?: boolean;
  children: ComponentChildren;
}) {
  return (
    <details class="govuk-details" open={open}>
      <summary class="govuk-details__summary">
        <span class="govuk-details__summary-text">{summary}</span>
      </summary>
      <div class="govuk-details__text">{children}</div>
    </details>
  );
}

/** One question of the help, its answer folded until it is asked for. */
export function HelpEntry(props: {
  id: string;
  title: string;
  says: readonly string[];
  page?: { readonly href: string; readonly label: string };
  open?: boolean;
}) {
  return (
    <details class="u-answer" id={props.id} open={props.open}>
      <summary>
        <h3 class="u-answer__title">{props.title}</h3>
      </summary>
      <ul class="govuk-list govuk-list--bullet">
        {props.says.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {props.page && (
        <p class="govuk-body">
          <a class="govuk-link" href={props.page.href}>
            {props.page.label}
          </a>
        </p>
      )}
    </details>
  );
}

export function Paragraph({ children }: { children: ComponentChildren }) {
  return <p class="govuk-body">{children}</p>;
}

export function Heading({ children }: { children: ComponentChildren }) {
  return <h2 class="govuk-heading-m">{children}</h2>;
}

export function Bullets({ items }: { items: readonly ComponentChildren[] }) {
  return (
    <ul class="govuk-list govuk-list--bullet">
      {items.map((item, index) => (
        <li key={index}>{item}</li>
      ))}
    </ul>
  );
}

export function Link({ href, children }: { href: string; children: ComponentChildren }) {
  return (
    <a class="govuk-link" href={href}>
      {children}
    </a>
  );
}

/** A code or identifier that people copy. */
export function Code({ children }: { children: ComponentChildren }) {
  return <span class="u-code">{children}</span>;
}

/** A code with the button that copies it; without script it is only read. `what` names it for who listens. */
export function Copiable({ text, what }: { text: string; what: string }) {
  return (
    <span class="u-copy">
      <Code>{text}</Code>{" "}
      <button
        type="button"
        class="govuk-button govuk-button--secondary u-button--small"
        data-copies={text}
        hidden
      >
        Copier<span class="govuk-visually-hidden"> {what}</span>
      </button>
      <span class="u-muted" role="status" />
      <script type="module" src={assetUrl("copy.js")} />
    </span>
  );
}
