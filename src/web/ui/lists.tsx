import type { ComponentChildren } from "preact";
import { type Sorting, writeSorting } from "../../shared/sorting.ts";
import { ButtonLink } from "./blocks.tsx";

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
