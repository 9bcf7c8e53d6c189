import { z } from "zod";
import { assetUrl } from "../../../web/assets.ts";
import { Page } from "../../../web/layout.tsx";
import type { CallerMembership, Context, Portal } from "../../../web/portal.ts";
import { box, choices, idChoice, text, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Bullets,
  Card,
  Checkbox,
  Form,
  FormFooter,
  type FormState,
  Link,
  noForm,
  Textarea,
  TextInput,
} from "../../../web/ui/index.ts";
import { listOpenServices, serviceLabel } from "../../structures/index.ts";
import { type MembershipRefusal, NEW_ADDRESSES_A_DAY, refusalText } from "../domain/decisions.ts";
import { attachUser } from "../use-cases/attach.ts";
import { type Gift, type Givable, loadGivable } from "../use-cases/gift.ts";
import {
  ADDRESSES_AT_ONCE,
  attachable,
  chosenStructures,
  readAddresses,
  StructureBoxes,
} from "./addressees.tsx";
import { fieldOf, GiftFields, giftShape, loadOffer, type Offer, readGift } from "./gift-fields.tsx";
import { memberUrl, organisation, rightsUrl, users } from "./person.tsx";

const URL = "/organisation/utilisateurs/rattacher";
const attachEyes = "whether an address has an account is not for the manager to see";

/** What the form offers: the sets of the page's structure, the services of all those that can be ticked. */
async function offerOf(ctx: Context): Promise<Offer> {
  const { structureId } = ctx.membership;
  const structures = attachable(ctx);
  return ctx.tx(async (tx, now) => {
    const offer = await loadOffer(tx, structureId, now);
    if (structures.length < 2) return offer;
    const services: Offer["services"][number][] = [];
    for (const one of structures)
      for (const service of await listOpenServices(tx, one.structureId, now))
        services.push({ id: service.id, label: `${serviceLabel(service)} (${one.structure.displayName})` });
    return { ...offer, services };
  });
}

/** What stopped one address in one structure. */
type Refused = {
  readonly email: string;
  readonly structure: CallerMembership;
  readonly refusal: MembershipRefusal;
};
/** What became of a form that did not go through whole. */
type Outcome = { readonly attached: readonly string[]; readonly refused: readonly Refused[] };
const nothingDone: Outcome = { attached: [], refused: [] };

function AttachPage(props: { ctx: Context; offer: Offer; form: FormState; outcome?: Outcome }) {
  const { ctx, offer, form, outcome = nothingDone } = props;
  const { structureId, structure } = ctx.membership;
  const given = { email: ctx.one("email"), ...(ctx.one("profile") ? { profile: ctx.one("profile") } : {}) };
  return (
    <Page
      chrome={ctx.chrome}
      title="Rattacher un utilisateur"
      caption={structure.displayName}
      crumbs={[organisation, users(structureId)]}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      {outcome.attached.length > 0 && (
        <Banner tone="success" title={`C'est fait pour ${outcome.attached.join(", ")}.`}>
          <p>Les autres adresses sont ci-dessous, avec ce qui les arrête.</p>
        </Banner>
      )}
      <InTheWay refused={outcome.refused} />
      <Form token={ctx.formToken} action={URL} state={form}>
        <input type="hidden" name="structureId" value={structureId} />
        <Card title="Informations générales">
          <Textarea
            form={form}
            name="email"
            label="Adresse électronique de l'utilisateur à rattacher"
            required
            rows={2}
            value={given.email}
            maxlength={ADDRESSES_AT_ONCE * 100}
            hint={`Plusieurs personnes, mêmes droits : une adresse par ligne, ${ADDRESSES_AT_ONCE} au plus.`}
          />
          <TextInput
            form={form}
            name="firstName"
            label="Prénom"
            hint="Repris dans l'invitation, si cette personne n'a pas encore de compte."
            maxlength={80}
            autocomplete="off"
          />
          <TextInput form={form} name="lastName" label="Nom" maxlength={80} autocomplete="off" />
          <StructureBoxes
            ctx={ctx}
            form={form}
            value={[structureId]}
            hint="Plusieurs structures : le même rattachement dans chacune."
          />
          <GiftFields form={form} offer={given.profile ? withPreset(offer, given.profile) : offer} former />
          <Textarea form={form} name="message" label="Message" rows={3} maxlength={500} />
          {outcome.refused.some((one) => one.refusal.code === "CONFIRM_WIDENING") && (
            <Checkbox
              form={form}
              name="confirmsWidening"
              label="Oui, ouvrir toute la structure aux personnes rattachées à certains services seulement"
            />
          )}
        </Card>
        <p class="govuk-body" data-recipients hidden />
        <script type="module" src={assetUrl("recipients.js")} />
        <FormFooter cancel={users(structureId).href} />
      </Form>
    </Page>
  );
}

/** A set proposed first because the address of the page says so: the former rights of somebody who left. */
const withPreset = (offer: Offer, code: string): Offer => ({
  ...offer,
  preset: { ...offer.preset, code },
});

/** The ways on for people who are attached already: each to her sheet, or to where her rights are restricted. */
function InTheWay({ refused }: { refused: readonly Refused[] }) {
  const ways = refused.flatMap(({ email, structure, refusal }) => {
    if (!refusal.membership) return [];
    const member = { id: refusal.membership.id, structureId: structure.structureId };
    return refusal.code === "USE_RESTRICT"
      ? [<Link href={rightsUrl(member)}>Restreindre les droits de {email} à certains services</Link>]
      : [<Link href={memberUrl(member)}>Voir la fiche de {email}</Link>];
  });
  if (ways.length === 0) return null;
  return (
    <Banner tone="info">
      <Bullets items={ways} />
    </Banner>
  );
}

const shape = {
  structureId: idChoice("Choisissez une structure."),
  structureIds: choices,
  email: z.string().default(""),
  firstName: text.optional("Prénom", 80),
  lastName: text.optional("Nom", 80),
  message: text.optional("Message", 500),
  confirmsWidening: box,
  ...giftShape,
};

/** One address in one structure: attached or invited under the rights that the caller has there. */
function attachOne(
  ctx: Context,
  giver: CallerMembership,
  { gift, givable }: { readonly gift: Gift; readonly givable: Givable },
  person: {
    readonly email: string;
    readonly firstName: string;
    readonly lastName: string;
    readonly message: string;
    readonly confirmsWidening: boolean;
  },
) {
  return ctx.systemTx(attachEyes, (tx, now) =>
    attachUser(
      tx,
      { ...gift, ...person },
      { ...giver, email: ctx.who.signInEmail },
      {
        invitationDays: ctx.config.INVITATION_DAYS,
        origin: "attach",
        newAddressesADay: NEW_ADDRESSES_A_DAY,
        givable,
      },
      ctx.actor,
      now,
    ),
  );
}

/** Attaching people: one form, one or several addresses, in one or several structures. */
export function attachPages(portal: Portal): void {
  const access = { action: "member.attach", on: "structure" } as const;
  portal.page({
    method: "GET",
    url: URL,
    access,
    handler: async (ctx) => ctx.html(<AttachPage ctx={ctx} offer={await offerOf(ctx)} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: URL,
    access,
    handler: async (ctx) => {
      const again = async (form: FormState, outcome?: Outcome) =>
        ctx.html(
          <AttachPage ctx={ctx} offer={await offerOf(ctx)} form={form} {...(outcome ? { outcome } : {})} />,
          422,
        );
      const wrong = (errors: Readonly<Record<string, string>>) =>
        again({ values: typedValues(ctx.body), errors });
      const form = ctx.form(shape);
      if (!form.ok) return again(form.state);
      const { structureId, message, confirmsWidening } = form.values;
      const structures = chosenStructures(ctx, form.values.structureIds);
      if (structures.length === 0) return wrong({ structureIds: "Choisissez au moins une structure." });
      const addresses = readAddresses(form.values.email);
      if ("error" in addresses) return wrong({ email: addresses.error });
      const read = readGift(form.values);
      if ("errors" in read) return wrong(read.errors);
      // a name is one person's
      const { firstName, lastName } =
        addresses.addresses.length === 1 ? form.values : { firstName: "", lastName: "" };
      const attached = new Set<string>();
      const refused: Refused[] = [];
      let given = "";
      for (const structure of structures) {
        const givable = await ctx.tx((tx, now) => loadGivable(tx, structure.structureId, now));
        const gift = structures.length > 1 ? within(givable, read.gift) : read.gift;
        for (const email of addresses.addresses) {
          const person = { email, firstName, lastName, message, confirmsWidening };
          const answer = await attachOne(ctx, structure, { gift, givable }, person);
          if (answer.ok) {
            attached.add(email);
            given = answer.value.given;
          } else refused.push({ email, structure, refusal: answer.refusal });
        }
      }
      if (refused.length > 0)
        return again(refusedValues(ctx, refused, structures.length > 1 || addresses.addresses.length > 1), {
          attached: [...attached],
          refused,
        });
      const where =
        structures.length > 1 ? ` ${structures.map((one) => one.structure.displayName).join(", ")}.` : "";
      return ctx.redirect(users(structureId).href, {
        confirmation: {
          title: "L'envoi des données pour « Rattacher un utilisateur » a bien été effectué.",
          text:
            (attached.size === 1
              ? `${[...attached][0]} recevra un message. Son accès : ${given}.`
              : `${attached.size} personnes recevront un message. Leur accès : ${given}.`) + where,
          next: [{ label: "Rattacher une autre personne", href: `${URL}?structureId=${structureId}` }],
        },
      });
    },
  });
}

/** A gift in one of several structures: of the services ticked, those of that structure. */
const within = ({ services }: Givable, gift: Gift): Gift => ({
  ...gift,
  serviceIds: gift.serviceIds.filter((id) => services.some((one) => one.id === id)),
});

/** What stays in the form: the addresses and structures that did not go through, each with what stops it. */
function refusedValues(ctx: Context, refused: readonly Refused[], isMany: boolean): FormState {
  const several = new Set(refused.map((one) => one.structure.structureId)).size > 1;
  const says = refused.map(({ email, structure, refusal }) =>
    isMany
      ? `${email}${several ? `, ${structure.structure.displayName}` : ""} : ${refusalText(refusal)}`
      : refusalText(refusal),
  );
  return {
    values: {
      ...typedValues(ctx.body),
      email: [...new Set(refused.map((one) => one.email))].join("\n"),
      structureIds: [...new Set(refused.map((one) => String(one.structure.structureId)))],
    },
    errors: { [fieldOf[refused[0]!.refusal.code] ?? "email"]: says.join(" ") },
  };
}
