import { countryName } from "../../../shared/countries.ts";
import { domainText } from "../../../shared/email-domain.ts";
import { frenchDay } from "../../../shared/french-date-time.ts";
import { showPhone } from "../../../shared/phone.ts";
import { formatDate, formatIdentifier } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { StructureTabs } from "../../../web/structure-tabs.tsx";
import {
  Banner,
  ButtonLink,
  Card,
  Code,
  Form,
  FormFooter,
  Link,
  type Row,
  SummaryList,
} from "../../../web/ui/index.ts";
import { activityText, companyCategoryText, legalCategoryText } from "../../register/index.ts";
import { type DeactivationRequest, findLastDeactivationRequest } from "../deactivation-store.ts";
import { archivedFrom } from "../domain/deactivation.ts";
import { refuseAnyReplacement } from "../domain/replacement.ts";
import { billingSentence } from "../domain/service.ts";
import { isHeldByRegister, mayChooseListing } from "../domain/sheet.ts";
import { type DomainApproval, findDomainApproval, listEmailDomains } from "../email-domain-store.ts";
import { findLastChange, findNeighbours, type IdentifierChange } from "../replacement-store.ts";
import type { StructureRow } from "../store.ts";
import { DeactivationBanner } from "./deactivation-parts.tsx";
import { isUnregistered, list, load, organisation, StateTag } from "./loaded-structure.tsx";
import { ChangeBanner } from "./replacement-follow-up.pages.tsx";

type SheetProps = {
  readonly ctx: Context;
  readonly structure: StructureRow;
  readonly neighbours: Awaited<ReturnType<typeof findNeighbours>>;
  readonly change: IdentifierChange | undefined;
  /** The last that was asked of the operator. */
  readonly request: DeactivationRequest | undefined;
  /** The e-mail domains proved, and what they give by themselves. */
  readonly domains: { readonly proved: readonly string[]; readonly approval: DomainApproval | null };
};

function SheetPage(props: SheetProps) {
  const { ctx, structure, neighbours, change, request, domains } = props;
  const sheet = `/organisation/structures/${structure.id}`;
  const canChange = ctx.can("structure.update") && structure.state !== "replaced";
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
      <Banners {...props} />
      <Card title="Général">
        <SummaryList rows={generalRows(ctx, structure, neighbours, change, canChange)} />
      </Card>
      <Card title="Adresse et contact">
        <SummaryList rows={contactRows(structure, canChange)} />
      </Card>
      {structure.kind === "public" && (
        <Card title="Paramètres de facturation">
          <SummaryList rows={billingRows(structure, canChange)} />
        </Card>
      )}
      <Card title="Sécurité">
        <SummaryList rows={securityRows(ctx, structure, domains)} />
      </Card>
      <div class="u-buttons">
        {canChange && structure.identifierType === "SIRET" && (
          <ButtonLink kind="secondary" href={`${sheet}/repertoire`}>
            Mettre à jour depuis le répertoire
          </ButtonLink>
        )}
        {ctx.can("structure.export") && (
          <ButtonLink kind="secondary" href={`${sheet}/exporter`}>
            Exporter la structure
          </ButtonLink>
        )}
        {structure.state === "active" && request?.state !== "open" && ctx.can("structure.deactivate") && (
          <ButtonLink kind="secondary" href={`${sheet}/desactiver`}>
            {structure.kind === "public" ? "Demander la désactivation" : "Désactiver la structure"}
          </ButtonLink>
        )}
      </div>
      {structure.state === "inactive" && ctx.can("structure.reactivate") && (
        <Form token={ctx.formToken} action={`${sheet}/reactiver`}>
          <input type="hidden" name="version" value={structure.version} />
          <FormFooter submit="Réactiver la structure" />
        </Form>
      )}
    </Page>
  );
}

/** What has to be known of a structure before anything else. */
function Banners({
  ctx,
  structure,
  neighbours: { replacedBy },
  change,
  request,
}: Omit<SheetProps, "domains">) {
  return (
    <>
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
      {structure.state === "inactive" && structure.deactivatedAt && (
        <Banner
          tone="info"
          title={`Désactivée${structure.deactivationReason ? ` : ${structure.deactivationReason}` : ` le ${formatDate(structure.deactivatedAt)}`}`}
        >
          <p>
            Elle se consulte et se réactive jusqu'au {formatDate(archivedFrom(structure.deactivatedAt))}. Elle
            sera ensuite archivée : plus personne n'y aura accès.
          </p>
        </Banner>
      )}
      <ChangeBanner ctx={ctx} structure={structure} change={change} />
      <DeactivationBanner ctx={ctx} structure={structure} request={request} />
      {structure.registryCheck === "negative" && structure.state === "active" && (
        <Banner tone="warning" title={negativeText(structure)}>
          <p>
            Rien n'est désactivé. Si elle a déménagé, un gestionnaire principal change son identifiant ; si
            elle a cessé, il la désactive.
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
    </>
  );
}

/** STR-07. What stays on the sheet while the register says no. */
function negativeText({ closedInRegistryOn }: StructureRow): string {
  return closedInRegistryOn === null
    ? "Le répertoire national ne connaît pas ce numéro, ou dit l'établissement fermé."
    : `Le répertoire national dit cet établissement fermé depuis le ${frenchDay(closedInRegistryOn)}.`;
}

/** Where a field of the sheet is changed: the form opens on it. */
const changing = (structure: StructureRow, canChange: boolean) => (field: string) =>
  canChange ? { href: `/organisation/structures/${structure.id}/modifier#champ-${field}` } : undefined;

function generalRows(
  ctx: Context,
  structure: StructureRow,
  { replaces }: SheetProps["neighbours"],
  change: IdentifierChange | undefined,
  canChange: boolean,
): Row[] {
  const edit = changing(structure, canChange);
  const isHeld = isHeldByRegister(structure);
  const isPerson = structure.identifierType === "PARTICULIER";
  const rows: (Row | false)[] = [
    {
      label: isPerson ? "Prénom et nom" : "Raison sociale",
      value: structure.legalName,
      change: isHeld ? undefined : edit("legalName"),
    },
    { label: "Libellé", value: structure.displayName, change: edit("displayName") },
    {
      label: "Identifiant",
      value: <Code>{structure.identifierValue}</Code>,
      change: changeOfIdentifier(ctx, structure, change),
    },
    replaces !== null && {
      label: "Remplace",
      value: (
        <Link href={`/organisation/structures/${replaces.id}`}>
          {formatIdentifier(replaces.identifierValue)}
        </Link>
      ),
    },
    !isPerson && {
      label: "TVA intracommunautaire",
      value: structure.vatNumber ? <Code>{structure.vatNumber}</Code> : "Non renseignée",
      change: edit("vatNumber"),
    },
    structure.kind === "private" &&
      !isPerson && {
        label: "RCS",
        value: structure.tradeRegister ?? "Non renseigné",
        change: edit("tradeRegister"),
      },
    structure.activityCode !== null && { label: "Activité", value: activityText(structure.activityCode) },
    structure.legalCategory !== null && {
      label: "Catégorie juridique",
      value: legalCategoryText(structure.legalCategory),
    },
    structure.companyCategory !== null && {
      label: "Catégorie d'entreprise",
      value: companyCategoryText(structure.companyCategory),
    },
    { label: "Rôles", value: rolesOf(structure), change: edit("issuesInvoices") },
    structure.registryCheck !== "none" && { label: "Répertoire national", value: registryText(structure) },
    { label: "Créée le", value: formatDate(structure.createdAt) },
  ];
  return rows.filter((row) => row !== false);
}

function changeOfIdentifier(ctx: Context, structure: StructureRow, change: IdentifierChange | undefined) {
  if (!ctx.can("structure.identify")) return undefined;
  const sheet = `/organisation/structures/${structure.id}`;
  if (isUnregistered(structure)) return { href: `${sheet}/siret`, label: "Donner le SIRET" };
  return refuseAnyReplacement(structure) === null && change?.state !== "planned"
    ? { href: `${sheet}/changer-identifiant` }
    : undefined;
}

function registryText({ registryCheck, registryCheckedAt, registerDataAt }: StructureRow): string {
  if (registryCheck === "pending") return "À vérifier : le répertoire n'a pas encore répondu";
  const on = registryCheckedAt ? ` le ${formatDate(registryCheckedAt)}` : "";
  const data = registerDataAt ? ` ; nom et adresse du ${formatDate(registerDataAt)}` : "";
  return registryCheck === "confirmed"
    ? `Vérifiée${on}${data}`
    : `Numéro absent du répertoire, ou établissement fermé${on && `, vérifié${on}`}`;
}

function contactRows(structure: StructureRow, canChange: boolean): Row[] {
  const edit = changing(structure, canChange);
  const { addressLine, addressExtra1, addressExtra2, postcode, town, country } = structure;
  const lines = [
    addressLine,
    addressExtra1,
    addressExtra2,
    `${postcode} ${town}`.trim(),
    country === "FR" ? "" : countryName(country),
  ];
  const email = structure.email
    ? `${structure.email}${structure.emailPublished ? " (publiée dans l'annuaire)" : ""}`
    : "Non renseignée";
  return [
    {
      label: "Adresse",
      value: lines.filter(Boolean).join(", ") || "Non renseignée",
      change: edit(isHeldByRegister(structure) ? "addressExtra1" : "addressLine"),
    },
    { label: "Adresse électronique", value: email, change: edit("email") },
    {
      label: "Téléphone",
      value: structure.phone ? showPhone(structure.phone) : "Non renseigné",
      change: edit("phone"),
    },
    ...(mayChooseListing(structure)
      ? [
          {
            label: "Annuaire public",
            value: structure.listedInDirectory ? "Elle y figure" : "Elle n'y figure pas",
            change: edit("listedInDirectory"),
          },
        ]
      : []),
  ];
}

function billingRows(structure: StructureRow, canChange: boolean): Row[] {
  const change = canChange ? { href: `/organisation/structures/${structure.id}/facturation` } : undefined;
  return [
    { label: "Ce que la facture doit porter", value: billingSentence(structure), change },
    {
      label: "Statut « Mise en paiement »",
      value: structure.paymentStatusReported ? "Remonté aux fournisseurs" : "Non remonté",
      change,
    },
  ];
}

function securityRows(
  ctx: Context,
  structure: StructureRow,
  { proved, approval }: SheetProps["domains"],
): Row[] {
  const maySecure = ctx.can("structure.secure") && structure.state !== "replaced";
  const change = (page: string) =>
    maySecure ? { href: `/organisation/structures/${structure.id}/${page}` } : undefined;
  const given =
    approval?.scope === "structure" ? "à toute la structure" : approval ? "à certains services" : null;
  return [
    {
      label: "Double authentification pour tous",
      value: structure.requiresSecondFactor ? "Exigée" : "Non exigée",
      change: change("securite"),
    },
    {
      label: "Domaines de messagerie prouvés",
      value:
        proved.length === 0
          ? "Aucun"
          : `${proved.map(domainText).join(", ")}${given ? ` (rattachement automatique ${given})` : ""}`,
      change: change("domaines"),
    },
  ];
}

function rolesOf(structure: StructureRow): string {
  const roles = [
    structure.issuesInvoices && "émet des factures",
    structure.receivesInvoices && "reçoit des factures",
    structure.worksOwner &&
      (structure.worksOwnerOnly ? "maîtrise d'ouvrage (MOA) uniquement" : "maîtrise d'ouvrage (MOA)"),
    structure.worksManager && "maîtrise d'œuvre (MOE)",
    structure.delegatedValidator && "valideur délégué",
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
      const [neighbours, change, request, all, approval] = await ctx.tx((tx) =>
        Promise.all([
          findNeighbours(tx, structure.id),
          findLastChange(tx, structure.id),
          findLastDeactivationRequest(tx, structure.id),
          listEmailDomains(tx, structure.id),
          findDomainApproval(tx, structure.id),
        ]),
      );
      const proved = all.filter((one) => one.provedAt !== null).map((one) => one.domain);
      const domains = { proved, approval };
      return ctx.html(<SheetPage {...{ ctx, structure, neighbours, change, request, domains }} />);
    },
  });
}
