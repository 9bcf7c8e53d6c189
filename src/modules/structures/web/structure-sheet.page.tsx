import { formatIdentifier } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import {
  Banner,
  ButtonLink,
  Card,
  Code,
  Form,
  FormFooter,
  Link,
  SummaryList,
} from "../../../web/ui/index.ts";
import { activityText, legalCategoryText } from "../../register/index.ts";
import { refuseAnyReplacement } from "../domain/replacement.ts";
import { billingSentence } from "../domain/service.ts";
import { findNeighbours } from "../replacement-store.ts";
import type { StructureRow } from "../store.ts";
import { isUnregistered, list, load, organisation, StateTag } from "./loaded-structure.tsx";
import { StructureTabs } from "./structure-tabs.tsx";

type Neighbours = Awaited<ReturnType<typeof findNeighbours>>;

function SheetPage({
  ctx,
  structure,
  neighbours: { replaces, replacedBy },
}: {
  ctx: Context;
  structure: StructureRow;
  neighbours: Neighbours;
}) {
  const canChange = ctx.can("structure.update") && structure.state !== "replaced";
  const canReplace = refuseAnyReplacement(structure) === null && ctx.can("structure.identify");
  const change = canChange ? { href: `/organisation/structures/${structure.id}/modifier` } : undefined;
  const rules =
    canChange && structure.kind === "public"
      ? { href: `/organisation/structures/${structure.id}/facturation` }
      : undefined;
  return (
    <Page
      chrome={ctx.chrome}
      title={structure.displayName}
      caption={`${structure.kind === "public" ? "Structure publique" : "Structure privée"} · ${formatIdentifier(structure.identifierValue)}`}
      crumbs={[organisation, list]}
      wide
      actions={<StateTag structure={structure} />}
    >
      <StructureTabs ctx={ctx} current="general" />
      {replacedBy && (
        <Banner tone="warning" title="Cette structure a changé d'identifiant.">
          <p>
            <Link href={`/organisation/structures/${replacedBy.id}`}>
              {replacedBy.displayName}, {formatIdentifier(replacedBy.identifierValue)}
            </Link>{" "}
            la remplace. Cette fiche se consulte encore.
          </p>
        </Banner>
      )}
      {structure.proofState === "toVerify" && (
        <Banner tone="warning" title="Structure à vérifier">
          <p>Il reste à prouver que vous agissez pour elle. D'ici là, vous ne pouvez rattacher personne.</p>
          {ctx.can("structure.prove") && (
            <p>
              <Link href={`/organisation/structures/${structure.id}/preuve`}>
                Prouver que j'agis pour cette structure
              </Link>
            </p>
          )}
        </Banner>
      )}
      <Card title="Général">
        <SummaryList
          rows={[
            { label: "Raison sociale", value: structure.legalName },
            { label: "Libellé", value: structure.displayName, change },
            {
              label: "Identifiant",
              value: <Code>{structure.identifierValue}</Code>,
              change:
                isUnregistered(structure) && ctx.can("structure.identify")
                  ? { href: `/organisation/structures/${structure.id}/siret`, label: "Donner le SIRET" }
                  : canReplace
                    ? { href: `/organisation/structures/${structure.id}/changer-identifiant` }
                    : undefined,
            },
            ...(replaces
              ? [
                  {
                    label: "Remplace",
                    value: (
                      <Link href={`/organisation/structures/${replaces.id}`}>
                        {formatIdentifier(replaces.identifierValue)}
                      </Link>
                    ),
                  },
                ]
              : []),
            ...registerRows(structure),
            {
              label: "Adresse",
              value: [
                structure.addressLine,
                structure.addressExtra1,
                `${structure.postcode} ${structure.town}`,
              ]
                .filter((line) => line.trim())
                .join(", "),
              change,
            },
            {
              label: "Adresse électronique",
              value: structure.email
                ? `${structure.email}${structure.emailPublished ? " (publiée dans l'annuaire)" : ""}`
                : "Non renseignée",
              change,
            },
            { label: "Téléphone", value: structure.phone ?? "Non renseigné", change },
            { label: "Rôles", value: rolesOf(structure), change },
          ]}
        />
      </Card>
      {structure.kind === "public" && (
        <Card title="Paramètres de facturation">
          <SummaryList
            rows={[
              { label: "Ce que la facture doit porter", value: billingSentence(structure), change: rules },
              {
                label: "Statut « Mise en paiement »",
                value: structure.paymentStatusReported ? "Remonté aux fournisseurs" : "Non remonté",
                change: rules,
              },
            ]}
          />
        </Card>
      )}
      <div class="u-buttons">
        {ctx.can("structure.export") && (
          <ButtonLink kind="secondary" href={`/organisation/structures/${structure.id}/exporter`}>
            Exporter la structure
          </ButtonLink>
        )}
        {structure.state === "active" && ctx.can("structure.deactivate") && (
          <ButtonLink kind="secondary" href={`/organisation/structures/${structure.id}/desactiver`}>
            Désactiver la structure
          </ButtonLink>
        )}
      </div>
      {structure.state === "inactive" && ctx.can("structure.reactivate") && (
        <Form token={ctx.formToken} action={`/organisation/structures/${structure.id}/reactiver`}>
          <input type="hidden" name="version" value={structure.version} />
          <FormFooter submit="Réactiver la structure" />
        </Form>
      )}
    </Page>
  );
}

/** What the national register says, where it was asked. */
function registerRows(structure: StructureRow) {
  const rows = [];
  if (structure.activityCode) rows.push({ label: "Activité", value: activityText(structure.activityCode) });
  if (structure.legalCategory)
    rows.push({ label: "Catégorie juridique", value: legalCategoryText(structure.legalCategory) });
  if (structure.registryCheck !== "none")
    rows.push({ label: "Répertoire national", value: registryTexts[structure.registryCheck] });
  return rows;
}

const registryTexts = {
  confirmed: "Vérifiée",
  pending: "À vérifier : le répertoire n'a pas encore répondu",
  negative: "Numéro absent du répertoire, ou établissement fermé",
} as const;

function rolesOf(structure: StructureRow): string {
  const roles = [
    structure.issuesInvoices && "émet des factures",
    structure.receivesInvoices && "reçoit des factures",
    structure.worksOwner && "maîtrise d'ouvrage (MOA)",
    structure.worksManager && "maîtrise d'œuvre (MOE)",
  ].filter(Boolean);
  return roles.length > 0 ? roles.join(", ") : "Aucun";
}

/** The sheet of a structure. */
export function structureSheetPage(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/organisation/structures/:structureId",
    access: { action: "structure.read", on: "structure" },
    handler: async (ctx) => {
      const structure = await load(ctx);
      const neighbours = await ctx.tx((tx) => findNeighbours(tx, structure.id));
      return ctx.html(<SheetPage ctx={ctx} structure={structure} neighbours={neighbours} />);
    },
  });
}
