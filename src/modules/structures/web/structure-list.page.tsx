import { formatIdentifier } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { CallerMembership, Context, Portal } from "../../../web/portal.ts";
import { ButtonLink, Code, EmptyState, ListSearch, Table } from "../../../web/ui/index.ts";
import { plain } from "../domain/plain.ts";
import { organisation, StateTag } from "./loaded-structure.tsx";

const LIST = "/organisation/structures";
/** A person of few structures reads them all at a glance; of many, she looks for one. */
const SEARCHED_ABOVE = 5;

const kinds = [
  { value: "", label: "Toutes" },
  { value: "public", label: "Publiques" },
  { value: "private", label: "Privées" },
] as const;
const states = [
  { value: "", label: "Tous" },
  { value: "active", label: "Actives" },
  { value: "fermee", label: "Désactivées ou remplacées" },
] as const;

type Filters = { readonly words: string; readonly kind: string; readonly state: string };

/** Whether a structure that one works for is one that she looks for. */
function isFound({ structure }: CallerMembership, { words, kind, state }: Filters): boolean {
  return (
    plain(`${structure.displayName} ${structure.identifierValue}`).includes(plain(words)) &&
    (kind === "" || structure.kind === kind) &&
    (state === "" || (structure.state === "active") === (state === "active"))
  );
}

function ListPage({ ctx, filters }: { ctx: Context; filters: Filters }) {
  const { memberships } = ctx.who;
  const found = memberships.filter((one) => isFound(one, filters));
  return (
    <Page
      chrome={ctx.chrome}
      title="Gérer une structure"
      searched={filters.words}
      crumbs={[organisation]}
      wide
      actions={<ButtonLink href={`${LIST}/nouvelle`}>Créer une structure</ButtonLink>}
    >
      {memberships.length > SEARCHED_ABOVE && (
        <ListSearch
          label="Nom ou identifiant"
          value={filters.words}
          action={LIST}
          filters={[
            { name: "nature", label: "Nature", value: filters.kind, options: kinds },
            { name: "etat", label: "État", value: filters.state, options: states },
          ]}
        />
      )}
      {memberships.length === 0 ? (
        <EmptyState action={{ href: "/bienvenue", label: "Choisir ma structure" }}>
          Vous n'êtes rattaché à aucune structure. Créez la vôtre ou demandez un rattachement.
        </EmptyState>
      ) : found.length === 0 ? (
        <EmptyState action={{ href: LIST, label: "Voir toutes mes structures" }}>
          Aucune de vos structures ne correspond. Changez le nom ou les filtres.
        </EmptyState>
      ) : (
        <Table
          caption={`Mes structures${memberships.length > SEARCHED_ABOVE ? ` (${found.length} sur ${memberships.length})` : ""}`}
          rows={found}
          keyOf={(one) => one.structureId}
          columns={[
            {
              title: "Structure",
              heads: true,
              cell: (one) => <a href={`${LIST}/${one.structureId}`}>{one.structure.displayName}</a>,
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
    url: LIST,
    access: "account",
    handler: (ctx) => {
      const filters = {
        words: ctx.one("q").trim().slice(0, 100),
        kind: ctx.one("nature"),
        state: ctx.one("etat"),
      };
      return ctx.html(<ListPage ctx={ctx} filters={filters} />);
    },
  });
}
