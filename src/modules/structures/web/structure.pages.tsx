import { z } from "zod";
import { forbidden, notFound } from "../../../web/access.ts";
import { formatIdentifier } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { box, text, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Bullets,
  ButtonLink,
  Card,
  Checkbox,
  Code,
  EmptyState,
  Fieldset,
  Form,
  FormFooter,
  type FormState,
  Link,
  noForm,
  Paragraph,
  Radios,
  SummaryList,
  Table,
  Tag,
  Textarea,
  TextInput,
} from "../../../web/ui/index.ts";
import { activityText, isPublicCategory, legalCategoryText } from "../../register/index.ts";
import { identifierText, structureIdentifier } from "../domain/identifier.ts";
import { refuseAnyReplacement } from "../domain/replacement.ts";
import { type BillingChoice, billingChoice, billingSentence } from "../domain/service.ts";
import { findNeighbours } from "../replacement-store.ts";
import { findStructure, findStructureByIdentifier, type StructureRow } from "../store.ts";
import {
  changeBillingRules,
  changeStructure,
  createStructure,
  deactivateStructure,
  giveSiret,
  reactivateStructure,
} from "../use-cases/structures.ts";
import { closedText, NewStructureFields, type NewStructureStep, readNewStructure } from "./new-structure.tsx";
import { StructureTabs } from "./structure-tabs.tsx";

const organisation = { label: "Organisation", href: "/organisation" };
const list = { label: "Structures", href: "/organisation/structures" };

export function StateTag({ structure }: { structure: Pick<StructureRow, "state" | "proofState"> }) {
  if (structure.state === "replaced") return <Tag tone="neutral">Remplacée</Tag>;
  if (structure.state !== "active") return <Tag tone="neutral">Désactivée</Tag>;
  return structure.proofState === "toVerify" ? (
    <Tag tone="warning">À vérifier</Tag>
  ) : (
    <Tag tone="success">Active</Tag>
  );
}

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

function NewPage({ ctx, form, step }: { ctx: Context; form: FormState; step: NewStructureStep }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Créer une structure"
      crumbs={[organisation, list]}
      lead={step.kind === "identify" ? "Vérifions d'abord qu'elle n'existe pas déjà." : undefined}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} action="/organisation/structures/nouvelle" state={form}>
        <NewStructureFields form={form} step={step} />
        <FormFooter
          submit={step.kind === "describe" ? undefined : "Continuer"}
          cancel="/organisation/structures"
        />
      </Form>
    </Page>
  );
}

function ExistsPage({ ctx, structure }: { ctx: Context; structure: StructureRow }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Cette structure existe déjà"
      crumbs={[organisation, list]}
      lead={`${structure.displayName}${structure.town ? `, ${structure.town}` : ""} est déjà dans le portail.`}
    >
      {structure.state === "active" ? (
        <ButtonLink
          href={`/mes-rattachements/demander?type=${structure.identifierType}&identifiant=${structure.identifierValue}`}
        >
          Demander un rattachement
        </ButtonLink>
      ) : (
        <Paragraph>Elle n'est plus active. Un de ses gestionnaires peut la réactiver.</Paragraph>
      )}
    </Page>
  );
}

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

const isUnregistered = (structure: StructureRow) =>
  structure.identifierType === "EN_COURS_D_IMMATRICULATION" && structure.state === "active";

function SiretPage({ ctx, structure, form }: { ctx: Context; structure: StructureRow; form: FormState }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Donner le SIRET"
      caption={structure.displayName}
      crumbs={[organisation, list]}
      lead="Il remplace la référence provisoire. Services, personnes et droits restent."
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} state={form}>
        <input type="hidden" name="version" value={structure.version} />
        <TextInput
          form={form}
          name="siret"
          label="SIRET"
          required
          maxlength={30}
          width={20}
          spellcheck={false}
          hint="14 chiffres, sur l'avis de situation de l'Insee."
        />
        <FormFooter cancel={`/organisation/structures/${structure.id}`} />
      </Form>
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

function EditPage({ ctx, structure, form }: { ctx: Context; structure: StructureRow; form: FormState }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Modifier la structure"
      caption={structure.displayName}
      crumbs={[organisation, list]}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} state={form}>
        <input type="hidden" name="version" value={structure.version} />
        <TextInput
          form={form}
          name="displayName"
          label="Libellé"
          value={structure.displayName}
          required
          maxlength={255}
        />
        <TextInput
          form={form}
          name="addressLine"
          label="Adresse"
          value={structure.addressLine}
          required
          maxlength={38}
          autocomplete="address-line1"
        />
        <TextInput
          form={form}
          name="addressExtra1"
          label="Complément d'adresse"
          value={structure.addressExtra1}
          maxlength={38}
          autocomplete="address-line2"
        />
        <TextInput
          form={form}
          name="postcode"
          label="Code postal"
          value={structure.postcode}
          required
          maxlength={10}
          width={10}
          autocomplete="postal-code"
        />
        <TextInput
          form={form}
          name="town"
          label="Ville"
          value={structure.town}
          required
          maxlength={80}
          autocomplete="address-level2"
        />
        <TextInput
          form={form}
          name="email"
          label="Adresse électronique de la structure"
          type="email"
          value={structure.email ?? ""}
          maxlength={254}
        />
        <Checkbox
          form={form}
          name="emailPublished"
          label="Publier cette adresse dans l'annuaire"
          checked={structure.emailPublished}
        />
        <TextInput
          form={form}
          name="phone"
          label="Téléphone"
          type="tel"
          value={structure.phone ?? ""}
          maxlength={20}
          width={20}
        />
        <Fieldset legend="Ce que fait la structure">
          <Checkbox
            form={form}
            name="issuesInvoices"
            label="Émet des factures"
            checked={structure.issuesInvoices}
          />
          <Checkbox
            form={form}
            name="receivesInvoices"
            label="Reçoit des factures"
            checked={structure.receivesInvoices}
          />
          <Checkbox
            form={form}
            name="worksOwner"
            label="Maîtrise d'ouvrage (MOA)"
            checked={structure.worksOwner}
          />
          <Checkbox
            form={form}
            name="worksManager"
            label="Maîtrise d'œuvre (MOE)"
            checked={structure.worksManager}
          />
        </Fieldset>
        <FormFooter cancel={`/organisation/structures/${structure.id}`} />
      </Form>
    </Page>
  );
}

const billingOptions: { value: BillingChoice; label: string }[] = [
  { value: "nothing", label: "Rien" },
  { value: "service", label: "Le code service" },
  { value: "commitment", label: "Le numéro d'engagement" },
  { value: "either", label: "Le code service ou le numéro d'engagement" },
  { value: "both", label: "Le code service et le numéro d'engagement" },
];

function BillingPage({ ctx, structure, form }: { ctx: Context; structure: StructureRow; form: FormState }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Paramètres de facturation"
      caption={structure.displayName}
      crumbs={[organisation, list]}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Banner tone="info">
        <p>
          Vos fournisseurs verront la nouvelle règle dans l'annuaire dès l'enregistrement. Les factures déjà
          déposées ne changent pas.
        </p>
      </Banner>
      <Form token={ctx.formToken} state={form}>
        <input type="hidden" name="version" value={structure.version} />
        <Radios
          form={form}
          name="choice"
          label="La facture doit porter"
          required
          value={billingChoice(structure)}
          options={billingOptions}
        />
        <Checkbox
          form={form}
          name="paymentStatusReported"
          label="Le statut « Mise en paiement » est remonté"
          checked={structure.paymentStatusReported}
        />
        <FormFooter cancel={`/organisation/structures/${structure.id}`} />
      </Form>
    </Page>
  );
}

function DeactivatePage({
  ctx,
  structure,
  form,
}: {
  ctx: Context;
  structure: StructureRow;
  form: FormState;
}) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Désactiver la structure"
      caption={structure.displayName}
      crumbs={[organisation, list]}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Bullets
        items={[
          "Elle disparaît de l'annuaire et ne peut plus être destinataire.",
          "Plus personne ne peut y être rattaché, invité, ni demander à l'être.",
          "Ses services gardent leurs dates ; ses membres la consultent encore.",
          "Un gestionnaire peut la réactiver.",
        ]}
      />
      <Form token={ctx.formToken} state={form}>
        <input type="hidden" name="version" value={structure.version} />
        <Textarea form={form} name="reason" label="Motif" rows={2} maxlength={500} />
        <TextInput
          form={form}
          name="typedName"
          label={`Pour confirmer, saisissez le libellé : ${structure.displayName}`}
          required
        />
        <FormFooter submit="Désactiver" kind="warning" cancel={`/organisation/structures/${structure.id}`} />
      </Form>
    </Page>
  );
}

async function load(ctx: Context): Promise<StructureRow> {
  const structure = await ctx.tx((tx) => findStructure(tx, ctx.membership.structureId));
  if (!structure) throw notFound();
  return structure;
}

/** The structure of a page that changes it; one that another replaces is only read. */
async function loadToChange(ctx: Context): Promise<StructureRow> {
  const structure = await load(ctx);
  if (structure.state === "replaced")
    throw forbidden("Cette structure a changé d'identifiant : modifiez celle qui la remplace.");
  return structure;
}

const version = z.coerce.number().int().positive();
const CHANGED = "Quelqu'un a modifié cette fiche entre-temps. Rechargez la page, comparez, puis enregistrez.";

/** « Créer une structure », « Gérer une structure », and its sheet. */
export function structurePages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/organisation/structures",
    access: "account",
    handler: (ctx) => ctx.html(<ListPage ctx={ctx} />),
  });
  portal.page({
    method: "GET",
    url: "/organisation/structures/nouvelle",
    access: "account",
    handler: (ctx) => ctx.html(<NewPage ctx={ctx} form={noForm} step={{ kind: "identify", errors: {} }} />),
  });
  portal.page({
    method: "POST",
    url: "/organisation/structures/nouvelle",
    access: "account",
    handler: async (ctx) => {
      const step = await readNewStructure(ctx, portal.register);
      if (step.kind === "known") return ctx.html(<ExistsPage ctx={ctx} structure={step.structure} />);
      if (step.kind !== "described") {
        const errors = step.kind === "choose" ? {} : step.errors;
        return ctx.html(
          <NewPage ctx={ctx} form={{ values: typedValues(ctx.body), errors }} step={step} />,
          Object.keys(errors).length > 0 ? 422 : 200,
        );
      }
      const { structure } = step;
      const created = await ctx.systemTx("a structure has no member before its creation", (tx, now) =>
        createStructure(tx, { structure, creatorId: ctx.who.accountId }, ctx.actor, now),
      );
      if (!created.ok) {
        const exists = await ctx.systemTx("whether a structure exists, asked by its whole identifier", (tx) =>
          findStructureByIdentifier(tx, structure.identifierType, structure.identifierValue),
        );
        return ctx.html(<ExistsPage ctx={ctx} structure={exists!} />, 409);
      }
      return ctx.redirect(`/organisation/structures/${created.value.structureId}`, {
        confirmation: {
          title: "L'envoi des données pour « Créer une structure » a bien été effectué.",
          text: `Vous êtes gestionnaire principal de ${created.value.displayName}.`,
          next: [
            {
              label: "Créer un service",
              href: `/organisation/services/nouveau?structureId=${created.value.structureId}`,
            },
            {
              label: "Rattacher un utilisateur",
              href: `/organisation/utilisateurs/rattacher?structureId=${created.value.structureId}`,
            },
          ],
        },
      });
    },
  });
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
  portal.page({
    method: "GET",
    url: "/organisation/structures/:structureId/modifier",
    access: { action: "structure.update", on: "structure" },
    handler: async (ctx) =>
      ctx.html(<EditPage ctx={ctx} structure={await loadToChange(ctx)} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: "/organisation/structures/:structureId/modifier",
    access: { action: "structure.update", on: "structure" },
    handler: async (ctx) => {
      const structure = await loadToChange(ctx);
      const form = ctx.form({
        version,
        displayName: text.required("Libellé", 255),
        addressLine: text.required("Adresse", 38),
        addressExtra1: text.optional("Complément d'adresse", 38),
        postcode: text.required("Code postal", 10),
        town: text.required("Ville", 80),
        email: z
          .union([
            z.literal(""),
            z.email({ error: "Cette adresse n'est pas complète. Exemple : mairie@exemple.fr" }),
          ])
          .default(""),
        emailPublished: box,
        phone: text.optional("Téléphone", 20),
        issuesInvoices: box,
        receivesInvoices: box,
        worksOwner: box,
        worksManager: box,
      });
      if (!form.ok) return ctx.html(<EditPage ctx={ctx} structure={structure} form={form.state} />, 422);
      const { version: seen, email, phone, ...rest } = form.values;
      const changed = await ctx.tx((tx, now) =>
        changeStructure(
          tx,
          {
            structureId: structure.id,
            version: seen,
            change: { ...rest, email: email || null, phone: phone || null },
          },
          ctx.actor,
          now,
        ),
      );
      if (!changed.ok)
        return ctx.html(
          <EditPage
            ctx={ctx}
            structure={structure}
            form={{ values: typedValues(ctx.body), errors: { displayName: CHANGED } }}
          />,
          409,
        );
      return ctx.redirect(`/organisation/structures/${structure.id}`, {
        confirmation: { title: "La structure est modifiée." },
      });
    },
  });
  portal.page({
    method: "GET",
    url: "/organisation/structures/:structureId/facturation",
    access: { action: "structure.update", on: "structure" },
    handler: async (ctx) => {
      const structure = await loadToChange(ctx);
      if (structure.kind !== "public") throw notFound();
      return ctx.html(<BillingPage ctx={ctx} structure={structure} form={noForm} />);
    },
  });
  portal.page({
    method: "POST",
    url: "/organisation/structures/:structureId/facturation",
    access: { action: "structure.update", on: "structure" },
    handler: async (ctx) => {
      const structure = await loadToChange(ctx);
      const form = ctx.form({
        version,
        choice: z.enum(["nothing", "service", "commitment", "either", "both"], {
          error: "Choisissez ce que la facture doit porter.",
        }),
        paymentStatusReported: box,
      });
      if (!form.ok) return ctx.html(<BillingPage ctx={ctx} structure={structure} form={form.state} />, 422);
      const changed = await ctx.tx((tx, now) =>
        changeBillingRules(tx, { structureId: structure.id, ...form.values }, ctx.actor, now),
      );
      if (!changed.ok) {
        if (changed.refusal.code === "NOT_PUBLIC") throw notFound();
        const says =
          changed.refusal.code === "NO_ACTIVE_SERVICE"
            ? "Créez d'abord un service actif : vos fournisseurs n'auraient aucun code à indiquer."
            : CHANGED;
        return ctx.html(
          <BillingPage
            ctx={ctx}
            structure={structure}
            form={{ values: typedValues(ctx.body), errors: { choice: says } }}
          />,
          changed.refusal.code === "CHANGED_MEANWHILE" ? 409 : 422,
        );
      }
      return ctx.redirect(`/organisation/structures/${structure.id}`, {
        confirmation: {
          title: "Les paramètres de facturation sont modifiés.",
          text: "La nouvelle règle est dans l'annuaire.",
        },
      });
    },
  });
  const unregistered = async (ctx: Context) => {
    const structure = await loadToChange(ctx);
    if (!isUnregistered(structure)) throw notFound();
    return structure;
  };
  portal.page({
    method: "GET",
    url: "/organisation/structures/:structureId/siret",
    access: { action: "structure.identify", on: "structure" },
    fresh: true,
    handler: async (ctx) =>
      ctx.html(<SiretPage ctx={ctx} structure={await unregistered(ctx)} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: "/organisation/structures/:structureId/siret",
    access: { action: "structure.identify", on: "structure" },
    fresh: true,
    handler: async (ctx) => {
      const structure = await unregistered(ctx);
      const form = ctx.form({ version, siret: z.string().default("") });
      const again = (state: FormState) =>
        ctx.html(<SiretPage ctx={ctx} structure={structure} form={state} />, 422);
      if (!form.ok) return again(form.state);
      const wrong = (says: string) => again({ values: typedValues(ctx.body), errors: { siret: says } });
      const read = structureIdentifier("SIRET", form.values.siret);
      if (!read.ok) return wrong(identifierText(read.refusal));
      const answer = await portal.register.find(read.value.value);
      const found = answer.kind === "found" ? answer.establishment : null;
      if (found && !found.isOpen) return wrong(closedText(found));
      if (found && isPublicCategory(found.legalCategory))
        return wrong("Ce SIRET est celui d'une structure publique : créez-la, l'opérateur la vérifiera.");
      const given = await ctx.systemTx("whether another structure has this number", (tx, now) =>
        giveSiret(
          tx,
          {
            structureId: structure.id,
            version: form.values.version,
            siret: read.value.value,
            legalCategory: found?.legalCategory || null,
            activityCode: found?.activityCode || null,
            registryCheck: found ? "confirmed" : "pending",
          },
          ctx.actor,
          now,
        ),
      );
      if (!given.ok) {
        if (given.refusal.code === "SIRET_TAKEN")
          return wrong(
            "Une structure du portail a déjà ce SIRET. Demandez votre rattachement à elle, puis désactivez celle-ci.",
          );
        if (given.refusal.code === "CHANGED_MEANWHILE")
          return wrong("Quelqu'un a modifié cette fiche entre-temps. Rechargez la page, puis recommencez.");
        throw notFound();
      }
      return ctx.redirect(`/organisation/structures/${structure.id}`, {
        confirmation: {
          title: "Le SIRET est enregistré.",
          text: found
            ? "Le répertoire national le confirme."
            : "Le répertoire national ne l'a pas encore confirmé : nous le lui redemanderons.",
        },
      });
    },
  });
  portal.page({
    method: "GET",
    url: "/organisation/structures/:structureId/desactiver",
    access: { action: "structure.deactivate", on: "structure" },
    fresh: true,
    handler: async (ctx) => ctx.html(<DeactivatePage ctx={ctx} structure={await load(ctx)} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: "/organisation/structures/:structureId/desactiver",
    access: { action: "structure.deactivate", on: "structure" },
    fresh: true,
    handler: async (ctx) => {
      const structure = await load(ctx);
      const form = ctx.form({
        version,
        reason: text.optional("Motif", 500),
        typedName: z.string().default(""),
      });
      if (!form.ok)
        return ctx.html(<DeactivatePage ctx={ctx} structure={structure} form={form.state} />, 422);
      const done = await ctx.tx((tx, now) =>
        deactivateStructure(tx, { structureId: structure.id, ...form.values }, ctx.actor, now),
      );
      if (!done.ok) {
        const says =
          done.refusal.code === "NAME_DIFFERS"
            ? "Ce n'est pas le libellé de la structure. Recopiez-le exactement."
            : CHANGED;
        return ctx.html(
          <DeactivatePage
            ctx={ctx}
            structure={structure}
            form={{ values: typedValues(ctx.body), errors: { typedName: says } }}
          />,
          done.refusal.code === "NAME_DIFFERS" ? 422 : 409,
        );
      }
      return ctx.redirect(`/organisation/structures/${structure.id}`, {
        confirmation: { title: "La structure est désactivée." },
      });
    },
  });
  portal.page({
    method: "POST",
    url: "/organisation/structures/:structureId/reactiver",
    access: { action: "structure.reactivate", on: "structure" },
    handler: async (ctx) => {
      const form = ctx.form({ version });
      const { structureId } = ctx.membership;
      const done =
        form.ok &&
        (
          await ctx.tx((tx, now) =>
            reactivateStructure(tx, { structureId, version: form.values.version }, ctx.actor, now),
          )
        ).ok;
      return ctx.redirect(`/organisation/structures/${structureId}`, {
        confirmation: { title: done ? "La structure est de nouveau active." : CHANGED },
      });
    },
  });
}
