import { Page } from "../../web/layout.tsx";
import type { Context } from "../../web/portal.ts";
import { Bullets, EmptyState, Heading, HelpEntry, Link, ListSearch } from "../../web/ui/index.ts";
import { sessionLife } from "../sessions/index.ts";
import { findHelp } from "./help-search.ts";
import { type HelpTopic, helpTopics } from "./help-topics.ts";

const topics = helpTopics({
  idleMinutes: sessionLife.person.idleMs / 60_000,
  hours: sessionLife.person.absoluteMs / 3_600_000,
});

const byTheme = (some: readonly HelpTopic[]) =>
  [...new Set(some.map((one) => one.theme))].map((theme) => ({
    theme,
    topics: some.filter((one) => one.theme === theme),
  }));

/** « Aide »: what to do, in order, and the page where it is done. */
export function HelpPage({ ctx }: { ctx: Context }) {
  const search = ctx.one("q").trim().slice(0, 100);
  const found = findHelp(topics, search);
  return (
    <Page chrome={ctx.chrome} title="Aide" searched={search}>
      <ListSearch label="Que cherchez-vous à faire ?" value={search} action="/aide" />
      {found.length === 0 ? (
        <EmptyState action={{ href: "/aide", label: "Voir toute l'aide" }}>
          Rien ne répond à « {search} ». Essayez un seul mot, par exemple « service » ou « droit ».
        </EmptyState>
      ) : search === "" ? (
        <>
          <nav class="u-section" aria-label="Sujets de l'aide">
            <Bullets
              items={byTheme(found).map(({ theme }) => <Link href={`#${anchor(theme)}`}>{theme}</Link>)}
            />
          </nav>
          {byTheme(found).map((part) => (
            <section class="u-section" id={anchor(part.theme)} key={part.theme}>
              <Heading>{part.theme}</Heading>
              {part.topics.map((topic) => (
                <HelpEntry {...topic} key={topic.id} />
              ))}
            </section>
          ))}
        </>
      ) : (
        <section class="u-section">
          <Heading>{found.length > 1 ? `${found.length} réponses` : "Une réponse"}</Heading>
          {found.map((topic) => (
            <HelpEntry {...topic} open key={topic.id} />
          ))}
        </section>
      )}
    </Page>
  );
}

/** Where a theme stands in the page; topics have places of their own. */
const anchor = (theme: string) =>
  `sujet-${theme}`
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase()
    .replace(/[^a-z]+/g, "-");
