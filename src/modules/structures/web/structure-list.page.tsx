import { formatIdentifier } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { ButtonLink, Code, EmptyState, Table } from "../../../web/ui/index.ts";
import { organisation, StateTag } from "./loaded-structure.tsx";

function ListPage({ ctx }: { ctx: Context }) {
  const { memberships } = ctx.who;
  return (
    <Page
      chrome={ctx.chrome}
      title="Gérer une structure"
      crumbs={[organisation]}
      wide
      actions={<ButtonLink href="/organisation/structures/nouvelle">Créer une structure</ButtonLink>}
    >
      {memberships.length === 0 ? (
        <EmptyState action={{ href: "/bienvenue", label: "Choisir ma structure" }}>
          Vous n'êtes rattaché à aucune structure. Créez la vôtre ou demandez un rattachement.
        </EmptyState>
      ) : (
        <Table
          caption="Mes structures"
          rows={memberships}
          keyOf={(one) => one.structureId}
          columns={[
            {
              title: "Structure",
              heads: true,
              cell: (one) => (
                <a href={`/organisation/structures/${one.structureId}`}>{one.structure.displayName}</a>
              ),
            },
            {
              title: "Identifiant",
              cell: (one) => <Code>{formatIdentifier(one.structure.identifierValue)}</Code>,
            },
            { title: "Nature", cell: (one) => (one.structure.kind === "public" ? "Publique" : "Privée") },
            {
              title: "Mon rôle",
              cell: (one) => (one.role === "mainManager" ? "Gestionnaire principal" : "Utilisateur"),
            },
            { title: "État", cell: (one) => <StateTag structure={one.structure} /> },
          ]}
        />
      )}
    </Page>
  );
}

/** « Gérer une structure »: the structures that one works for. */
export function structureListPage(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/organisation/structures",
    access: "account",
    handler: (ctx) => ctx.html(<ListPage ctx={ctx} />),
  });
}
