import { forbidden, notFound } from "../../../web/access.ts";
import { formatIdentifier } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Portal } from "../../../web/portal.ts";
import { Button, ButtonLink, Code, EmptyState, Form, Table } from "../../../web/ui/index.ts";
import { listStructuresToVerify } from "../store.ts";
import { confirmByOperator } from "../use-cases/structures.ts";

const eyes = "the operator verifies structures she is no member of";

/** What an operator reads of a structure that she works for. */
export const OWN = "C'est votre structure : un autre opérateur doit la confirmer.";

/** The operator's page: public structures whose first manager has to be confirmed. */
export function operatorPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/operateur",
    access: "operator",
    handler: async (ctx) => {
      const structures = await ctx.systemTx(eyes, (tx) => listStructuresToVerify(tx, ctx.who.accountId));
      return ctx.html(
        <Page
          chrome={ctx.chrome}
          title="Structures à vérifier"
          lead="Confirmez qu'une personne agit pour la structure publique qu'elle a créée."
          wide
          actions={
            <>
              <ButtonLink kind="secondary" href="/operateur/actualites">
                Actualités
              </ButtonLink>
              <ButtonLink kind="secondary" href="/operateur/reprises">
                Reprises à décider
              </ButtonLink>
              <ButtonLink kind="secondary" href="/operateur/desactivations">
                Désactivations à décider
              </ButtonLink>
              <ButtonLink kind="secondary" href="/operateur/coordonnees-bancaires">
                Coordonnées bancaires à surveiller
              </ButtonLink>
              <ButtonLink kind="secondary" href="/operateur/comptes">
                Mettre un compte à l'abri
              </ButtonLink>
              <ButtonLink kind="secondary" href="/operateur/archives">
                Structures archivées
              </ButtonLink>
              <ButtonLink kind="secondary" href="/operateur/imports/structures">
                Importer des structures
              </ButtonLink>
              <ButtonLink kind="secondary" href="/operateur/imports/services-publics">
                Importer des services
              </ButtonLink>
            </>
          }
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
                      <a class="govuk-link" href={`/operateur/structures/${structure.id}/adresse`}>
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
                      <Form
                        token={ctx.formToken}
                        action={`/operateur/structures/${structure.id}/confirmer`}
                        inline
                      >
                        <Button small>Confirmer {structure.displayName}</Button>
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
    url: "/operateur/structures/:id/confirmer",
    access: "operator",
    fresh: true,
    handler: async (ctx) => {
      const done = await ctx.systemTx(eyes, (tx, now) =>
        confirmByOperator(tx, ctx.id("id"), { ...ctx.actor, means: "operator" }, now),
      );
      if (!done.ok) throw done.refusal.code === "OWN_STRUCTURE" ? forbidden(OWN) : notFound();
      return ctx.redirect("/operateur", { confirmation: { title: "La structure est vérifiée." } });
    },
  });
}
