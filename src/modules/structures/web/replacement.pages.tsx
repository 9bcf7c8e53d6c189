import { z } from "zod";
import { forbidden, notFound } from "../../../web/access.ts";
import { formatIdentifier } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { text, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Bullets,
  Code,
  Form,
  FormFooter,
  type FormState,
  Heading,
  noForm,
  SummaryList,
  Textarea,
  TextInput,
} from "../../../web/ui/index.ts";
import { type Establishment, isPublicCategory } from "../../register/index.ts";
import { identifierText, structureIdentifier, type TypedIdentifierType } from "../domain/identifier.ts";
import {
  isOtherCompany,
  refuseAnyReplacement,
  refuseReplacement,
  replacementTexts,
} from "../domain/replacement.ts";
import { type CopiedCounts, countToCopy } from "../replacement-store.ts";
import { findStructure, type StructureRow } from "../store.ts";
import { replaceStructure } from "../use-cases/replacement.ts";

const url = "/organisation/structures/:structureId/changer-identifiant";
const access = { action: "structure.identify", on: "structure" } as const;
const eyes = "another structure may have this number";
const sheetOf = (structure: Pick<StructureRow, "id">) => `/organisation/structures/${structure.id}`;

const crumbsOf = (structure: StructureRow) => [
  { label: "Organisation", href: "/organisation" },
  { label: structure.displayName, href: sheetOf(structure) },
];

/** Where the register says an establishment is, unless its holder objected to its publication. */
const addressOf = (found: Establishment | null) =>
  found && !found.isConfidential && found.addressLine !== ""
    ? { addressLine: found.addressLine, postcode: found.postcode, town: found.town }
    : null;

function AskPage({ ctx, structure, form }: { ctx: Context; structure: StructureRow; form: FormState }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Changer l'identifiant"
      caption={structure.displayName}
      crumbs={crumbsOf(structure)}
      lead="Après un déménagement, une fusion : une copie de la structure, sous le nouvel identifiant, prend la place de celle-ci."
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <SummaryList
        rows={[
          { label: "Identifiant actuel", value: <Code>{formatIdentifier(structure.identifierValue)}</Code> },
        ]}
      />
      <Form token={ctx.formToken} state={form}>
        <input type="hidden" name="version" value={structure.version} />
        <TextInput
          form={form}
          name="identifiant"
          label="Nouvel identifiant"
          required
          maxlength={30}
          width={20}
          spellcheck={false}
          hint={
            structure.identifierType === "SIRET"
              ? "14 chiffres, sur l'avis de situation de l'Insee."
              : "Du même type que l'identifiant actuel."
          }
        />
        <Textarea
          form={form}
          name="motif"
          label="Motif"
          rows={2}
          maxlength={500}
          hint="Obligatoire quand le nouveau SIRET est celui d'une autre entreprise."
        />
        <FormFooter submit="Continuer" cancel={sheetOf(structure)} />
      </Form>
    </Page>
  );
}

type Draft = {
  readonly identifierValue: string;
  readonly reason: string;
  readonly found: Establishment | null;
};

function ConfirmPage({
  ctx,
  structure,
  draft,
  counts,
}: {
  ctx: Context;
  structure: StructureRow;
  draft: Draft;
  counts: CopiedCounts;
}) {
  const { identifierValue, reason, found } = draft;
  const moved = addressOf(found);
  const some = (count: number, one: string, many: string) => `${count} ${count > 1 ? many : one}`;
  return (
    <Page
      chrome={ctx.chrome}
      title="Confirmer le changement d'identifiant"
      caption={structure.displayName}
      crumbs={crumbsOf(structure)}
    >
      {isOtherCompany({ ...structure, newValue: identifierValue }) && (
        <Banner tone="warning" title="Ce SIRET est celui d'une autre entreprise.">
          <p>Vérifiez-le : les neuf premiers chiffres diffèrent de l'identifiant actuel.</p>
        </Banner>
      )}
      <SummaryList
        rows={[
          { label: "Identifiant actuel", value: <Code>{formatIdentifier(structure.identifierValue)}</Code> },
          { label: "Nouvel identifiant", value: <Code>{formatIdentifier(identifierValue)}</Code> },
          {
            label: "Adresse",
            value: moved
              ? `${moved.addressLine}, ${moved.postcode} ${moved.town} (répertoire national)`
              : `${structure.addressLine}, ${structure.postcode} ${structure.town} (inchangée)`,
          },
          ...(reason ? [{ label: "Motif", value: reason }] : []),
        ]}
      />
      <Heading>Ce qui est copié</Heading>
      <Bullets
        items={[
          "La fiche, les rôles et les règles de facturation.",
          counts.services > 0 &&
            `${some(counts.services, "service, avec ses", "services, avec leurs")} dates.`,
          `${some(counts.people, "personne rattachée, avec ses", "personnes rattachées, avec leurs")} droits.`,
          counts.bankAccounts > 0 &&
            `${some(counts.bankAccounts, "coordonnée bancaire", "coordonnées bancaires")}, que vous confirmez ainsi.`,
          counts.profiles > 0 &&
            `${some(counts.profiles, "ensemble", "ensembles")} de droits de la structure.`,
        ].filter((item) => item !== false)}
      />
      <Heading>Ce qui reste sous l'ancien identifiant</Heading>
      <Bullets
        items={[
          "L'historique des actions : il se lit toujours.",
          "Les demandes et les invitations en attente : elles sont à refaire.",
          "L'ancienne structure n'est plus active ; sa fiche renvoie à la nouvelle. Cela ne s'annule pas.",
        ]}
      />
      <Form token={ctx.formToken}>
        <input type="hidden" name="version" value={structure.version} />
        <input type="hidden" name="identifiant" value={identifierValue} />
        <input type="hidden" name="motif" value={reason} />
        <input type="hidden" name="confirme" value="oui" />
        <FormFooter submit="Changer l'identifiant" kind="warning" cancel={sheetOf(structure)} />
      </Form>
    </Page>
  );
}

/** « Changer l'identifiant » of a structure: asked, shown with what follows, then done. Source: organisation.md 7.5. */
export function replacementPages(portal: Portal): void {
  const load = async (ctx: Context): Promise<StructureRow> => {
    const structure = await ctx.tx((tx) => findStructure(tx, ctx.membership.structureId));
    if (structure?.state !== "active") throw notFound();
    const refusal = refuseAnyReplacement(structure);
    if (refusal) throw forbidden(replacementTexts[refusal].text);
    return structure;
  };
  portal.page({
    method: "GET",
    url,
    access,
    fresh: true,
    handler: async (ctx) => ctx.html(<AskPage ctx={ctx} structure={await load(ctx)} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url,
    access,
    fresh: true,
    handler: async (ctx) => {
      const structure = await load(ctx);
      const again = (form: FormState) =>
        ctx.html(<AskPage ctx={ctx} structure={structure} form={form} />, 422);
      const wrong = (field: string, says: string) =>
        again({ values: typedValues(ctx.body), errors: { [field]: says } });
      const form = ctx.form({
        version: z.coerce.number().int(),
        identifiant: text.required("Nouvel identifiant", 30),
        motif: text.optional("Motif", 500),
        confirme: z.string().default(""),
      });
      if (!form.ok) return again(form.state);
      // the others were refused with the structure
      const identifierType = structure.identifierType as TypedIdentifierType;
      const read = structureIdentifier(identifierType, form.values.identifiant);
      if (!read.ok) return wrong("identifiant", identifierText(read.refusal));
      const refused = refuseReplacement({
        ...structure,
        newValue: read.value.value,
        reason: form.values.motif,
      });
      if (refused) return wrong(replacementTexts[refused].field, replacementTexts[refused].text);
      const answer =
        identifierType === "SIRET"
          ? await portal.register.find(read.value.value)
          : ({ kind: "silent" } as const);
      const found = answer.kind === "found" ? answer.establishment : null;
      if (found && !found.isOpen)
        return wrong(
          "identifiant",
          "Le répertoire national dit cet établissement fermé. Vérifiez le numéro.",
        );
      if (found && isPublicCategory(found.legalCategory) !== (structure.kind === "public"))
        return wrong(
          "identifiant",
          "Le répertoire national dit cet établissement d'une autre nature (publique ou privée). Créez plutôt sa structure.",
        );
      const draft = { identifierValue: read.value.value, reason: form.values.motif, found };
      if (form.values.confirme !== "oui") {
        const counts = await ctx.tx((tx) => countToCopy(tx, structure.id));
        return ctx.html(<ConfirmPage ctx={ctx} structure={structure} draft={draft} counts={counts} />);
      }
      const done = await ctx.systemTx(eyes, (tx, now) =>
        replaceStructure(
          tx,
          {
            ...draft,
            structureId: structure.id,
            version: form.values.version,
            registryCheck: found ? "confirmed" : identifierType === "SIRET" ? "pending" : "none",
            address: addressOf(found),
          },
          ctx.who,
          ctx.actor,
          now,
        ),
      );
      if (done.ok)
        return ctx.redirect(sheetOf({ id: done.value.structureId }), {
          confirmation: {
            title: `${done.value.displayName} a changé d'identifiant.`,
            text: "Toutes ses personnes sont prévenues. L'ancienne fiche se consulte encore.",
          },
        });
      const { code } = done.refusal;
      if (code === "NOT_FOUND") throw notFound();
      if (code === "IDENTIFIER_TAKEN")
        return wrong(
          "identifiant",
          "Une structure du portail a déjà cet identifiant : demandez à y être rattaché.",
        );
      if (code === "CHANGED_MEANWHILE")
        return wrong(
          "identifiant",
          "Quelqu'un a modifié la fiche entre-temps. Vérifiez-la, puis recommencez.",
        );
      return wrong(replacementTexts[code].field, replacementTexts[code].text);
    },
  });
}
