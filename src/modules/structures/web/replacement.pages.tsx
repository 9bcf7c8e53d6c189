import { z } from "zod";
import { frenchDateTime } from "../../../shared/french-date-time.ts";
import { forbidden, notFound } from "../../../web/access.ts";
import { formatDate, formatIdentifier } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { text, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Bullets,
  Code,
  DateTimeInput,
  Form,
  FormFooter,
  type FormState,
  Heading,
  noForm,
  Paragraph,
  SummaryList,
  Textarea,
  TextInput,
} from "../../../web/ui/index.ts";
import { needsSecondManager } from "../../bank-accounts/index.ts";
import { peopleToTell } from "../../memberships/index.ts";
import type { Establishment } from "../../register/index.ts";
import { identifierText, structureIdentifier, type TypedIdentifierType } from "../domain/identifier.ts";
import {
  effectiveInstant,
  isOtherCompany,
  PLANNED_DAYS_AHEAD,
  type ReplacementRefusal,
  refuseAnyReplacement,
  refuseReplacement,
  replacementTexts,
} from "../domain/replacement.ts";
import { type CopiedCounts, countToCopy, findLastChange } from "../replacement-store.ts";
import { findStructure, type StructureRow } from "../store.ts";
import { askAboutNumber, publishedAddress } from "../use-cases/ask-about-number.ts";
import { planReplacement, replaceStructure } from "../use-cases/replacement.ts";
import { chosenInstant, sheetCrumbs, sheetOf } from "./loaded-structure.tsx";

const url = "/organisation/structures/:structureId/changer-identifiant";
const access = { action: "structure.identify", on: "structure" } as const;
const eyes = "another structure may have this number";

function AskPage({ ctx, structure, form }: { ctx: Context; structure: StructureRow; form: FormState }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Changer l'identifiant"
      caption={structure.displayName}
      crumbs={sheetCrumbs(structure)}
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
        <DateTimeInput
          form={form}
          name="effet"
          label="Date d'effet"
          hint={`Aujourd'hui si le champ est vide ; au plus ${PLANNED_DAYS_AHEAD} jours à l'avance. Par exemple ${formatDate(ctx.now)}.`}
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
  /** As typed, and as understood; null: at once. */
  readonly typedDate: string;
  readonly effectiveAt: Date | null;
};

function ConfirmPage({
  ctx,
  structure,
  draft,
  counts,
  bankAccountsWait,
}: {
  ctx: Context;
  structure: StructureRow;
  draft: Draft;
  counts: CopiedCounts;
  bankAccountsWait: boolean;
}) {
  const { identifierValue, reason, found, effectiveAt } = draft;
  const moved = publishedAddress(found);
  const some = (count: number, one: string, many: string) => `${count} ${count > 1 ? many : one}`;
  return (
    <Page
      chrome={ctx.chrome}
      title="Confirmer le changement d'identifiant"
      caption={structure.displayName}
      crumbs={sheetCrumbs(structure)}
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
          {
            label: "Date d'effet",
            value: effectiveAt ? chosenInstant(effectiveAt) : "Dès que vous confirmez",
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
            `${some(counts.bankAccounts, "coordonnée bancaire", "coordonnées bancaires")}${bankAccountsWait ? " : un second gestionnaire les confirmera avant qu'elles servent" : ", que vous confirmez ainsi"}.`,
          counts.profiles > 0 &&
            `${some(counts.profiles, "ensemble", "ensembles")} de droits de la structure.`,
        ].filter((item) => item !== false)}
      />
      <Heading>Ce qui reste sous l'ancien identifiant</Heading>
      <Bullets
        items={[
          "L'historique des actions : il se lit toujours.",
          "Les demandes, les invitations et les coordonnées bancaires en attente : elles sont à refaire.",
          "Les revues, les propositions de gestion et les imports en cours.",
          "L'ancienne structure n'est plus active ; sa fiche et l'annuaire renvoient à la nouvelle.",
        ]}
      />
      <Paragraph>
        {effectiveAt
          ? "D'ici là, rien ne change, et un gestionnaire peut annuler depuis la fiche. Ensuite, le changement se défait pendant sept jours, tant que personne n'a agi sous le nouvel identifiant."
          : "Le changement se défait pendant sept jours, tant que personne n'a agi sous le nouvel identifiant."}
      </Paragraph>
      <Form token={ctx.formToken}>
        <input type="hidden" name="version" value={structure.version} />
        <input type="hidden" name="effet" value={draft.typedDate} />
        <input type="hidden" name="identifiant" value={identifierValue} />
        <input type="hidden" name="motif" value={reason} />
        <input type="hidden" name="confirme" value="oui" />
        <FormFooter
          submit={effectiveAt ? "Prévoir le changement" : "Changer l'identifiant"}
          kind="warning"
          cancel={sheetOf(structure)}
        />
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
    const last = await ctx.tx((tx) => findLastChange(tx, structure.id));
    if (last?.state === "planned") throw forbidden(replacementTexts.ALREADY_PLANNED.text);
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
      const refuse = (code: ReplacementRefusal) =>
        wrong(replacementTexts[code].field, replacementTexts[code].text);
      const form = ctx.form({
        version: z.coerce.number().int(),
        identifiant: text.required("Nouvel identifiant", 30),
        effet: text.optional("Date d'effet", 30),
        motif: text.optional("Motif", 500),
        confirme: z.string().default(""),
      });
      if (!form.ok) return again(form.state);
      const { version, identifiant, effet: typedDate, motif: reason, confirme } = form.values;
      // the others were refused with the structure
      const identifierType = structure.identifierType as TypedIdentifierType;
      const read = structureIdentifier(identifierType, identifiant);
      if (!read.ok) return wrong("identifiant", identifierText(read.refusal));
      const identifierValue = read.value.value;
      const asked = typedDate === "" ? null : frenchDateTime(typedDate, "start");
      if (typedDate !== "" && asked === null)
        return wrong("effet", "Saisissez la date d'effet comme 31/12/2027, ou laissez le champ vide.");
      const effective = effectiveInstant(asked, ctx.now);
      if (!effective.ok) return refuse(effective.refusal);
      const refused = refuseReplacement({ ...structure, newValue: identifierValue, reason });
      if (refused) return refuse(refused);
      const said = await askAboutNumber(portal.register, structure, identifierValue);
      if (!said.ok) return refuse(said.refusal);
      const effectiveAt = effective.value;
      const bankFourEyes = ctx.config.BANK_FOUR_EYES === "on";
      if (confirme !== "oui") {
        const [counts, managers] = await ctx.tx((tx) =>
          Promise.all([countToCopy(tx, structure.id), peopleToTell(tx, structure.id, "managers")]),
        );
        const draft = { identifierValue, reason, found: said.value.found, typedDate, effectiveAt };
        const bankAccountsWait = needsSecondManager({
          fourEyes: bankFourEyes,
          activeManagers: managers.length,
        });
        return ctx.html(<ConfirmPage {...{ ctx, structure, draft, counts, bankAccountsWait }} />);
      }
      const input = { structureId: structure.id, version, identifierValue, reason };
      const done = await ctx.systemTx(eyes, (tx, now) =>
        effectiveAt
          ? planReplacement(tx, { ...input, effectiveAt }, ctx.who, ctx.actor, now)
          : replaceStructure(tx, { ...input, ...said.value.terms, bankFourEyes }, ctx.who, ctx.actor, now),
      );
      if (!done.ok) {
        if (done.refusal.code === "NOT_FOUND") throw notFound();
        return refuse(done.refusal.code);
      }
      const { displayName, copyId } = done.value;
      return copyId !== null
        ? ctx.redirect(sheetOf({ id: copyId }), {
            confirmation: {
              title: `${displayName} a changé d'identifiant.`,
              text: "Toutes ses personnes sont prévenues. L'ancienne fiche se consulte encore.",
            },
          })
        : ctx.redirect(sheetOf(structure), {
            confirmation: {
              title: "Le changement d'identifiant est prévu.",
              text: "Les gestionnaires sont prévenus ; l'un d'eux peut l'annuler d'ici là.",
            },
          });
    },
  });
}
