import { Page } from "../../web/layout.tsx";
import type { Context, Portal } from "../../web/portal.ts";
import { Heading, Paragraph, Tile, Tiles, Todos } from "../../web/ui/index.ts";
import type { Task } from "./deadlines.ts";
import { operatorTasks } from "./operator-tasks.ts";
import type { DomainApplication } from "./organisation-applications.ts";

/** What the operator does in the portal, by what it is for. */
export const operatorTools: readonly {
  readonly title: string;
  readonly applications: readonly DomainApplication[];
}[] = [
  {
    title: "Décider",
    applications: [
      {
        title: "Structures à vérifier",
        says: "Confirmer qu'une personne agit pour la structure publique qu'elle a créée.",
        href: "/operateur/structures",
        icon: "shield",
      },
      {
        title: "Reprises à décider",
        says: "Confier une structure à qui la demande, trancher le retrait d'un gestionnaire.",
        href: "/operateur/reprises",
        icon: "crown",
      },
      {
        title: "Désactivations à décider",
        says: "Accepter ou refuser qu'une structure publique soit désactivée.",
        href: "/operateur/desactivations",
        icon: "inbox",
      },
    ],
  },
  {
    title: "Protéger et retrouver",
    applications: [
      {
        title: "Mettre un compte à l'abri",
        says: "Fermer toutes ses sessions, et lui faire changer de mot de passe.",
        href: "/operateur/comptes",
        icon: "key",
      },
      {
        title: "Coordonnées bancaires à surveiller",
        says: "Celles qui sont bloquées, et les IBAN communs à plusieurs entreprises.",
        href: "/operateur/coordonnees-bancaires",
        icon: "bank",
      },
      {
        title: "Structures archivées",
        says: "Consulter une structure que le portail ne montre plus.",
        href: "/operateur/archives",
        icon: "clock",
      },
    ],
  },
  {
    title: "Tenir le portail",
    applications: [
      {
        title: "Actualités du portail",
        says: "Écrire ce qui change, et le retirer.",
        href: "/operateur/actualites",
        icon: "book",
      },
      {
        title: "Importer des structures publiques",
        says: "Créer ou mettre à jour celles d'un fichier, comme celui de l'annuaire.",
        href: "/operateur/imports/structures",
        icon: "upload",
      },
      {
        title: "Importer des services des structures publiques",
        says: "Créer ou mettre à jour ceux d'un fichier, une fois leurs structures importées.",
        href: "/operateur/imports/services-publics",
        icon: "layers",
      },
    ],
  },
];

function OperatorPage({ ctx, tasks }: { ctx: Context; tasks: readonly Task[] }) {
  return (
    <Page chrome={ctx.chrome} title="Opérateur du portail" wide>
      <section class="u-section">
        <Heading>À faire</Heading>
        {tasks.length > 0 ? <Todos items={tasks} /> : <Paragraph>Rien ne vous attend.</Paragraph>}
      </section>
      {operatorTools.map(({ title, applications }) => (
        <section class="u-section" key={title}>
          <Heading>{title}</Heading>
          <Tiles>
            {applications.map(({ href, title, icon, says }) => (
              <Tile {...{ href, title, icon }} key={href}>
                {says}
              </Tile>
            ))}
          </Tiles>
        </section>
      ))}
    </Page>
  );
}

/** The operator's way in: what waits for her, then her tools. */
export function operatorPage(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/operateur",
    access: "operator",
    handler: async (ctx) => ctx.html(<OperatorPage ctx={ctx} tasks={await operatorTasks(ctx)} />),
  });
}
