import type { ComponentChildren } from "preact";
import { type Sorting, writeSorting } from "../../shared/sorting.ts";
import { assetUrl } from "../assets.ts";
import { Icon, type IconName } from "./icon.tsx";

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

export type Column<R> = {
  readonly title: string;
  readonly cell: (row: R) => ComponentChildren;
  /** The cell that names the row. */
  readonly heads?: true;
  /** What the list can be sorted by, of this column. */
  readonly sort?: string;
  /** Short texts that read as one word: dates, states. */
  readonly nowrap?: true;
};

/** How a list is sorted, and the address that sorts it otherwise. */
export type TableSorting = { readonly current: Sorting; readonly href: (sorting: Sorting) => string };

/**
 * A list: a table on a wide screen, cards on a phone. Its roles are written out, for some browsers forget what a table is
 * once it shows as cards.
 */
export function Table<R>(props: {
  caption: string;
  columns: readonly Column<R>[];
  rows: readonly R[];
  keyOf: (row: R) => string | number;
  sorting?: TableSorting;
}) {
  return (
    <section class="u-table-region" aria-label={props.caption}>
      <table class="u-table u-table--cards" role="table">
        <caption>{props.caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {props.columns.map((column) => (
              <ColumnTitle column={column} sorting={props.sorting} key={column.title} />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {props.rows.map((row) => (
            <tr role="row" key={props.keyOf(row)}>
              {props.columns.map((column) =>
                column.heads ? (
                  <th scope="row" role="rowheader" key={column.title}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td
                    data-label={column.title}
                    class={column.nowrap && "u-nowrap"}
                    role="cell"
                    key={column.title}
                  >
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The title of a column; where the list can be sorted by it, a link that does, or that turns the order round. */
function ColumnTitle({ column, sorting }: { column: Column<never>; sorting?: TableSorting }) {
  if (!column.sort || !sorting)
    return (
      <th scope="col" role="columnheader">
        {column.title}
      </th>
    );
  const { current, href } = sorting;
  const isCurrent = current.by === column.sort;
  const descending = isCurrent && !current.descending;
  return (
    <th
      scope="col"
      role="columnheader"
      abbr={column.title}
      aria-sort={isCurrent ? (current.descending ? "descending" : "ascending") : undefined}
    >
      <a class="u-sort" href={href({ by: column.sort, descending })}>
        <span class="govuk-visually-hidden">Trier : </span>
        {column.title}
        <svg class="u-sort__mark" viewBox="0 0 7 10" aria-hidden="true" focusable="false">
          {(!isCurrent || !current.descending) && <path d="M3.5 0 7 4H0z" />}
          {(!isCurrent || current.descending) && <path d="M3.5 10 0 6h7z" />}
        </svg>
      </a>
    </th>
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

/** Previous and next of a list read by keys: no page number to count. */
export function Pagination({ next, first }: { next: string | null; first: string | null }) {
  if (!next && !first) return null;
  return (
    <nav class="u-pagination" aria-label="Pages de la liste">
      {first ? (
        <ButtonLink kind="secondary" href={first}>
          Revenir au début
        </ButtonLink>
      ) : (
        <span />
      )}
      {next && (
        <ButtonLink kind="secondary" href={next}>
          Page suivante
        </ButtonLink>
      )}
    </nav>
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

/** The choice of the order of a list, for screens where its columns have no title. */
export const sortFilter = (
  orders: readonly (readonly [Sorting, string])[],
  current: Sorting,
): ListFilter => ({
  inCards: true,
  name: "tri",
  label: "Trier",
  value: writeSorting(current),
  options: orders.map(([sorting, label]) => ({ value: writeSorting(sorting), label })),
});

/** A filter of a list: a choice, or what is typed. */
export type ListFilter = {
  /** Only where a list shows as cards: elsewhere the titles of its columns do the same. */
  readonly inCards?: true;
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  /** What is wrong in what was typed, for it filters nothing. */
  readonly error?: string;
};

/** A list's search and filters: they stay in the address. */
export function ListSearch(props: {
  label: string;
  value: string;
  hidden?: Readonly<Record<string, string>>;
  filters?: readonly ListFilter[];
  /** Where proposals come from while one types. */
  suggestions?: string;
  action: string;
}) {
  return (
    <form method="get" action={props.action} class="u-search-box">
      <label class="govuk-label" for="recherche-liste">
        {props.label}
      </label>
      <div class="u-search">
        <div class="u-combobox">
          <input
            class="govuk-input"
            id="recherche-liste"
            name="q"
            type="search"
            value={props.value}
            maxLength={100}
            data-suggestions={props.suggestions}
          />
        </div>
        <button class="u-search__button" type="submit">
          Chercher
        </button>
      </div>
      {props.filters && (
        <div class="u-filters">
          {props.filters.map((filter) => (
            <Filter filter={filter} key={filter.name} />
          ))}
        </div>
      )}
      {Object.entries(props.hidden ?? {}).map(([name, value]) => (
        <input type="hidden" name={name} value={value} key={name} />
      ))}
    </form>
  );
}

function Filter({ filter }: { filter: ListFilter }) {
  const id = `filtre-${filter.name}`;
  return (
    <div class={filter.inCards && "u-filters__in-cards"}>
      <label class="govuk-label" for={id}>
        {filter.label}
      </label>
      {filter.error && (
        <p class="govuk-error-message" id={`${id}-erreur`}>
          <span class="govuk-visually-hidden">Erreur : </span>
          {filter.error}
        </p>
      )}
      {filter.options ? (
        <select class="govuk-select" id={id} name={filter.name}>
          {filter.options.map(({ value, label }) => (
            <option value={value} key={value} selected={value === filter.value}>
              {label}
            </option>
          ))}
        </select>
      ) : (
        <input
          class={`govuk-input${filter.error ? " govuk-input--error" : ""}`}
          id={id}
          name={filter.name}
          type="text"
          value={filter.value}
          maxLength={30}
          aria-describedby={filter.error ? `${id}-erreur` : undefined}
          aria-invalid={filter.error ? "true" : undefined}
        />
      )}
    </div>
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
