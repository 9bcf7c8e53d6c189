import { forbidden, notFound } from "../../../web/access.ts";
import { formatIdentifier } from "../../../web/format.ts";
import { OPERATOR, Page } from "../../../web/layout.tsx";
import type { Portal } from "../../../web/portal.ts";
import { Button, Code, EmptyState, Form, Table } from "../../../web/ui/index.ts";
import { listStructuresToVerify } from "../store.ts";
import { confirmByOperator } from "../use-cases/structures.ts";

const eyes = "the operator verifies structures she is no member of";
const url = "/operateur/structures";
/** The trail of the pages that start from the structures to verify. */
export const toVerifyCrumbs = [OPERATOR, { label: "Structures à vérifier", href: url }];

/** What an operator reads of a structure that she works for. */
export const OWN = "C'est votre structure : un autre opérateur doit la confirmer.";

/** « Structures à vérifier »: public structures whose first manager has to be confirmed. */
export function operatorStructurePages(portal: Portal): void {
  portal.page({
    method: "GET",
    url,
    access: "operator",
    handler: async (ctx) => {
      const structures = await ctx.systemTx(eyes, (tx) => listStructuresToVerify(tx, ctx.who.accountId));
      return ctx.html(
        <Page
          chrome={ctx.chrome}
          title="Structures à vérifier"
          lead="Confirmez qu'une personne agit pour la structure publique qu'elle a créée."
          wide
          crumbs={[OPERATOR]}
        >
          {structures.length === 0 ? (
            <EmptyState>Aucune structure n'attend de vérification.</EmptyState>
          ) : (
            <Table
              caption="Structures publiques à vérifier"
              rows={structures}
              keyOf={(structure) => structure.id}
              columns={[
                { title: "Structure", heads: true, cell: (structure) => structure.displayName },
                {
                  title: "SIRET",
                  cell: (structure) => <Code>{formatIdentifier(structure.identifierValue)}</Code>,
                },
                { title: "Ville", cell: (structure) => structure.town },
                {
                  title: "Gestionnaire",
                  cell: (structure) => `${structure.managerName} (${structure.managerEmail})`,
                },
                {
                  title: "Adresse officielle",
                  cell: (structure) =>
                    structure.isOwn ? (
                      (structure.officialAddress ?? "À renseigner")
                    ) : (
                      <a class="govuk-link" href={`${url}/${structure.id}/adresse`}>
                        {structure.officialAddress ?? "À renseigner"}
                        <span class="govuk-visually-hidden"> pour {structure.displayName}</span>
                      </a>
                    ),
                },
                {
                  title: "Action",
                  cell: (structure) =>
                    structure.isOwn ? (
                      OWN
                    ) : (
                      <Form token={ctx.formToken} action={`${url}/${structure.id}/confirmer`} inline>
                        <Button small>
                          Confirmer<span class="govuk-visually-hidden"> {structure.displayName}</span>
                        </Button>
                      </Form>
                    ),
                },
              ]}
            />
          )}
        </Page>,
      );
    },
  });
  portal.page({
    method: "POST",
    url: `${url}/:id/confirmer`,
    access: "operator",
    fresh: true,
    handler: async (ctx) => {
      const done = await ctx.systemTx(eyes, (tx, now) =>
        confirmByOperator(tx, ctx.id("id"), { ...ctx.actor, means: "operator" }, now),
      );
      if (!done.ok) throw done.refusal.code === "OWN_STRUCTURE" ? forbidden(OWN) : notFound();
      return ctx.redirect(url, { confirmation: { title: "La structure est vérifiée." } });
    },
  });
}
