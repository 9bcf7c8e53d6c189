import { z } from "zod";
import { emailAddress } from "../../../shared/email-address.ts";
import { notFound } from "../../../web/access.ts";
import { formatIdentifier } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { CallerMembership, Context, Portal } from "../../../web/portal.ts";
import { choices, text, typedValues } from "../../../web/read-form.ts";
import {
  Bullets,
  Checkboxes,
  Form,
  FormFooter,
  type FormState,
  Link,
  noForm,
  Radios,
  TextInput,
} from "../../../web/ui/index.ts";
import { findMembership, type MembershipRow } from "../../memberships/index.ts";
import { ACCEPTANCE_DAYS, proposalRefusalTexts, type Succession, successions } from "../domain/proposal.ts";
import { proposeInMany } from "../use-cases/proposals.ts";
import { access, crumbsIn, managersUrl } from "./managers-address.ts";

type Draft = {
  readonly kind: "name" | "handOver";
  readonly form: FormState;
  readonly person: MembershipRow | null;
};

const draftTexts = {
  name: {
    title: "Désigner un autre gestionnaire principal",
    lead: "Il répondra de la structure, de ses utilisateurs et de leurs droits, avec vous.",
    path: "designer",
  },
  handOver: {
    title: "Transmettre mon rôle",
    lead: "Une autre personne prend votre suite comme gestionnaire principal.",
    path: "transmettre",
  },
} as const;

/** MGR-07. The other structures where the caller may name a manager. */
const otherStructures = (ctx: Context): readonly CallerMembership[] =>
  ctx.who.memberships.filter(
    (membership) =>
      membership.structureId !== ctx.membership.structureId &&
      membership.structure.state === "active" &&
      ctx.can("manager.name", { membership }),
  );

function DraftPage({ ctx, draft: { kind, form, person } }: { ctx: Context; draft: Draft }) {
  const { structureId, structure } = ctx.membership;
  const { title, lead, path } = draftTexts[kind];
  const others = otherStructures(ctx);
  return (
    <Page
      chrome={ctx.chrome}
      title={title}
      caption={structure.displayName}
      crumbs={crumbsIn(structureId)}
      lead={lead}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Bullets
        items={[
          `La personne reçoit un message : elle a ${ACCEPTANCE_DAYS} jours pour accepter ou décliner.`,
          kind === "name"
            ? "Elle n'a le rôle qu'une fois qu'elle l'a accepté."
            : "Vous gardez le rôle jusqu'à son acceptation, et pouvez annuler d'ici là.",
          "Les autres gestionnaires en sont prévenus.",
        ]}
      />
      <Form token={ctx.formToken} action={`/organisation/gestionnaires/${path}`} state={form}>
        <input type="hidden" name="structureId" value={structureId} />
        <TextInput
          form={form}
          name="adresse"
          label="Adresse électronique de la personne"
          type="email"
          required
          maxlength={254}
          autocomplete="off"
          spellcheck={false}
          value={person?.signInEmail}
          hint={
            <>
              Elle est déjà rattachée à la structure. Sinon,{" "}
              <Link href={`/organisation/utilisateurs/rattacher?structureId=${structureId}`}>
                rattachez-la
              </Link>{" "}
              d'abord.
            </>
          }
        />
        {kind === "name" && others.length > 0 && (
          <Checkboxes
            form={form}
            name="ailleurs"
            label="Désigner aussi sur d'autres structures"
            hint="Celles que vous gérez, et où la personne est déjà rattachée."
            list
            options={others.map((one) => ({
              value: String(one.structureId),
              label: one.structure.displayName,
              hint: formatIdentifier(one.structure.identifierValue),
            }))}
          />
        )}
        {kind === "handOver" && (
          <Radios
            form={form}
            name="devenir"
            label="Que deviendrez-vous ?"
            required
            options={Object.entries(successions).map(([value, label]) => ({ value, label }))}
          />
        )}
        <FormFooter
          submit={kind === "name" ? "Proposer le rôle" : "Proposer ma suite"}
          cancel={managersUrl(structureId)}
        />
      </Form>
    </Page>
  );
}

function draftPages(portal: Portal, kind: Draft["kind"]): void {
  const url = `/organisation/gestionnaires/${draftTexts[kind].path}`;
  portal.page({
    method: "GET",
    url,
    access,
    fresh: true,
    handler: async (ctx) => {
      const chosen = ctx.one("qui");
      const person = /^\d{1,15}$/.test(chosen)
        ? await ctx.tx((tx) => findMembership(tx, ctx.membership.structureId, Number(chosen)))
        : undefined;
      return ctx.html(<DraftPage ctx={ctx} draft={{ kind, form: noForm, person: person ?? null }} />);
    },
  });
  portal.page({
    method: "POST",
    url,
    access,
    fresh: true,
    handler: async (ctx) => {
      const again = (form: FormState) =>
        ctx.html(<DraftPage ctx={ctx} draft={{ kind, form, person: null }} />, 422);
      const wrong = (error: string) => again({ values: typedValues(ctx.body), errors: { adresse: error } });
      const form = ctx.form({
        structureId: text.optional("Structure", 15),
        adresse: text.required("Adresse électronique de la personne", 254),
        ailleurs: choices,
        devenir: z
          .enum(Object.keys(successions) as Succession[])
          .optional()
          .catch(undefined),
      });
      if (!form.ok) return again(form.state);
      const becomes = kind === "handOver" ? (form.values.devenir ?? null) : null;
      if (kind === "handOver" && becomes === null)
        return again({ values: typedValues(ctx.body), errors: { devenir: "Dites ce que vous deviendrez." } });
      const { structureId } = ctx.membership;
      const address = emailAddress(form.values.adresse);
      if (!address.ok) return wrong("Écrivez une adresse comme prenom.nom@exemple.fr.");
      const others = otherStructures(ctx).filter((one) =>
        form.values.ailleurs.includes(String(one.structureId)),
      );
      if (others.length < form.values.ailleurs.length) throw notFound();
      const outcomes = await ctx.tx((tx, now) =>
        proposeInMany(
          tx,
          { kind, becomes, address: address.value, structures: [ctx.membership, ...others] },
          ctx.who,
          ctx.actor,
          now,
        ),
      );
      const sent = outcomes.filter((one) => one.refusal === null);
      if (sent.length === 0) return wrong(proposalRefusalTexts[outcomes[0]!.refusal!]);
      const refused = outcomes
        .filter((one) => one.refusal !== null)
        .map((one) => `Pas pour ${one.structureName} : ${proposalRefusalTexts[one.refusal!]}`);
      const whereSent =
        outcomes.length > 1 ? [`Pour ${sent.map((one) => one.structureName).join(", ")}.`] : [];
      return ctx.redirect(managersUrl(structureId), {
        confirmation: {
          title: `La proposition est envoyée à ${sent[0]!.name}.`,
          text: [
            ...whereSent,
            ...refused,
            `Sa réponse est attendue dans les ${ACCEPTANCE_DAYS} jours ; vous en serez prévenu.`,
          ].join(" "),
        },
      });
    },
  });
}

/** « Désigner un autre gestionnaire », « Transmettre mon rôle ». */
export function proposingPages(portal: Portal): void {
  draftPages(portal, "name");
  draftPages(portal, "handOver");
}
