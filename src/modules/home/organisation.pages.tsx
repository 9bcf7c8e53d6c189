import { Page } from "../../web/layout.tsx";
import type { Context, Portal } from "../../web/portal.ts";
import { Bullets, ButtonLink, Card, Heading, Link, Paragraph } from "../../web/ui/index.ts";
import { LatestNews, latestNews } from "../news/index.ts";
import type { Action } from "../rights/index.ts";
import { ApplicationTiles } from "./domain-tiles.tsx";
import { organisationDomain } from "./organisation-applications.ts";

function OrganisationPage({ ctx, news }: { ctx: Context; news: Awaited<ReturnType<typeof latestNews>> }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Domaine Organisation"
      crumbs={[]}
      wide
      actions={
        <>
          <ButtonLink kind="secondary" href="/aide">
            Accéder à la documentation
          </ButtonLink>{" "}
          <ButtonLink kind="secondary" href="/">
            Retour aux domaines
          </ButtonLink>
        </>
      }
    >
      {organisationDomain.map(({ title, says, applications }) => (
        <section class="u-section" key={title}>
          <Heading>{title}</Heading>
          <Paragraph>{says}</Paragraph>
          <ApplicationTiles ctx={ctx} applications={applications} />
        </section>
      ))}
      <LatestNews news={news} />
    </Page>
  );
}

type Transfer = {
  readonly title: string;
  readonly says: string;
  readonly href: string;
  readonly needs: Action;
};

const imports: readonly Transfer[] = [
  {
    title: "Importer des services",
    says: "Créer ou modifier beaucoup de services par un fichier CSV ou Excel.",
    href: "/organisation/imports/services",
    needs: "service.create",
  },
  {
    title: "Importer des rattachements",
    says: "Rattacher, modifier, suspendre ou détacher beaucoup de personnes par un fichier.",
    href: "/organisation/imports/rattachements",
    needs: "member.attach",
  },
];
const exports: readonly Transfer[] = [
  {
    title: "Utilisateurs et habilitations (CSV)",
    says: "Chaque personne, son rôle, son niveau, ses services et ses droits.",
    href: "/organisation/utilisateurs.csv",
    needs: "member.list",
  },
  {
    title: "Demandes de rattachement (CSV)",
    says: "Celles qui attendent une réponse.",
    href: "/organisation/demandes.csv",
    needs: "request.answer",
  },
  {
    title: "Services (CSV)",
    says: "Tous, fermés compris ; le fichier se réimporte.",
    href: "/organisation/services.csv",
    needs: "service.read",
  },
  {
    title: "Historique des actions (CSV)",
    says: "Tout ce qui a été fait, de la première action à la dernière.",
    href: "/organisation/historique.csv",
    needs: "journal.read",
  },
];

/** What goes in and out of a structure by files; what the caller may not do is left out (organisation.md 15.1). */
function TransfersPage({ ctx }: { ctx: Context }) {
  const { structureId, structure } = ctx.membership;
  const allowed = (all: readonly Transfer[]) =>
    all.filter(({ needs }) => ctx.can(needs, { serviceId: "any" }));
  const list = (title: string, all: readonly Transfer[]) =>
    all.length > 0 && (
      <Card title={title}>
        <Bullets
          items={all.map((one) => (
            <>
              <Link href={`${one.href}?structureId=${structureId}`}>{one.title}</Link> : {one.says}
            </>
          ))}
        />
      </Card>
    );
  const whole: Transfer = {
    title: "Toute la structure (ZIP)",
    says: "Sa fiche, ses services, ses personnes et leurs droits, ses coordonnées bancaires, son historique.",
    href: `/organisation/structures/${structureId}/exporter`,
    needs: "structure.export",
  };
  return (
    <Page
      chrome={ctx.chrome}
      title="Imports et exports"
      caption={structure.displayName}
      crumbs={[{ label: "Organisation", href: "/organisation" }]}
      lead="Un import est d'abord analysé : rien ne change avant que vous l'ayez décidé."
    >
      {list("Importer", allowed(imports))}
      {list("Exporter", allowed([...exports, whole]))}
    </Page>
  );
}

/** The domain « Organisation », and what goes in and out of a structure by files. */
export function organisationPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/organisation",
    access: "public",
    handler: async (ctx) => ctx.html(<OrganisationPage ctx={ctx} news={await latestNews(ctx)} />),
  });
  portal.page({
    method: "GET",
    url: "/organisation/imports",
    access: { action: "structure.read", on: "structure" },
    handler: (ctx) => ctx.html(<TransfersPage ctx={ctx} />),
  });
}
