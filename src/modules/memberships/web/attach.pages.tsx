import { z } from "zod";
import { emailAddress } from "../../../shared/email-address.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { idChoice, text, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Button,
  Card,
  Form,
  FormFooter,
  type FormState,
  noForm,
  Select,
  Textarea,
  TextInput,
} from "../../../web/ui/index.ts";
import { type MembershipRefusal, refusalTexts } from "../domain/decisions.ts";
import { attachUser } from "../use-cases/attach.ts";
import {
  fieldOf,
  GiftFields,
  giftShape,
  loadOffer,
  type Offer,
  readGift,
  refusedForm,
  WRONG_END,
} from "./gift-fields.tsx";
import { organisation, users } from "./person.tsx";

const attachEyes = "whether an address has an account is not for the manager to see";

/** People attached by one form. */
const ADDRESSES_AT_ONCE = 50;

/** The addresses of a form, one by line, or what is wrong with them. */
function readAddresses(typed: string): { readonly addresses: string[] } | { readonly error: string } {
  const lines = [...new Set(typed.split(/[\s,;]+/).filter(Boolean))];
  if (lines.length === 0) return { error: "Donnez l'adresse de la personne à rattacher." };
  if (lines.length > ADDRESSES_AT_ONCE)
    return {
      error: `${lines.length} adresses : ${ADDRESSES_AT_ONCE} au plus. Pour davantage, importez un fichier.`,
    };
  const read = lines.map((line) => ({ line, address: emailAddress(line) }));
  const wrong = read.find((one) => !one.address.ok);
  if (wrong)
    return { error: `« ${wrong.line} » n'est pas une adresse complète. Exemple : prenom.nom@exemple.fr` };
  return { addresses: read.flatMap(({ address }) => (address.ok ? [address.value] : [])) };
}

function AttachPage({
  ctx,
  offer,
  form,
  attached = [],
}: {
  ctx: Context;
  offer: Offer;
  form: FormState;
  /** Those for whom the last form worked, when it did not for others. */
  attached?: readonly string[];
}) {
  const { membership } = ctx;
  const structures = ctx.who.memberships.filter((one) =>
    ctx.can("member.attach", { membership: one, serviceId: "any" }),
  );
  return (
    <Page
      chrome={ctx.chrome}
      title="Rattacher un utilisateur"
      caption={membership.structure.displayName}
      crumbs={[organisation, users(membership.structureId)]}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      {structures.length > 1 && (
        <form method="get" action="/organisation/utilisateurs/rattacher">
          <Select
            form={noForm}
            name="structureId"
            label="Structure"
            required
            value={String(membership.structureId)}
            options={structures.map((one) => ({
              value: String(one.structureId),
              label: one.structure.displayName,
            }))}
          />
          <Button kind="secondary">Choisir cette structure</Button>
        </form>
      )}
      {attached.length > 0 && (
        <Banner tone="success" title={`C'est fait pour ${attached.join(", ")}.`}>
          <p>Les autres adresses sont ci-dessous, avec ce qui les arrête.</p>
        </Banner>
      )}
      <Form token={ctx.formToken} action="/organisation/utilisateurs/rattacher" state={form}>
        <input type="hidden" name="structureId" value={membership.structureId} />
        <Card title="Informations générales">
          <Textarea
            form={form}
            name="email"
            label="Adresse électronique de l'utilisateur à rattacher"
            required
            rows={2}
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
          <GiftFields form={form} offer={offer} />
          <Textarea form={form} name="message" label="Message" rows={3} maxlength={500} />
        </Card>
        <FormFooter cancel={users(membership.structureId).href} />
      </Form>
    </Page>
  );
}

/** Attaching people: one form, one or several addresses. */
export function attachPages(portal: Portal): void {
  const access = { action: "member.attach", on: "structure" } as const;
  const offer = (ctx: Context) => ctx.tx((tx, now) => loadOffer(tx, ctx.membership.structureId, now));
  portal.page({
    method: "GET",
    url: "/organisation/utilisateurs/rattacher",
    access,
    handler: async (ctx) => ctx.html(<AttachPage ctx={ctx} offer={await offer(ctx)} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: "/organisation/utilisateurs/rattacher",
    access,
    handler: async (ctx) => {
      const again = async (form: FormState, attached: readonly string[] = []) =>
        ctx.html(<AttachPage ctx={ctx} offer={await offer(ctx)} form={form} attached={attached} />, 422);
      const form = ctx.form({
        structureId: idChoice("Choisissez une structure."),
        email: z.string().default(""),
        firstName: text.optional("Prénom", 80),
        lastName: text.optional("Nom", 80),
        message: text.optional("Message", 500),
        ...giftShape,
      });
      if (!form.ok) return again(form.state);
      const wrong = (errors: Record<string, string>) => again({ values: typedValues(ctx.body), errors });
      const read = readAddresses(form.values.email);
      if ("error" in read) return wrong({ email: read.error });
      const gift = readGift(form.values);
      if (!gift) return wrong({ endsAt: WRONG_END });
      const { structureId, message } = form.values;
      // a name is one person's
      const { firstName, lastName } =
        read.addresses.length === 1 ? form.values : { firstName: "", lastName: "" };
      const attached: string[] = [];
      const refused: { readonly email: string; readonly refusal: MembershipRefusal }[] = [];
      let given = "";
      for (const email of read.addresses) {
        const answer = await ctx.systemTx(attachEyes, (tx, now) =>
          attachUser(
            tx,
            { ...gift, structureId, email, firstName, lastName, message },
            { ...ctx.membership, email: ctx.who.signInEmail },
            { invitationDays: ctx.config.INVITATION_DAYS },
            ctx.actor,
            now,
          ),
        );
        if (answer.ok) {
          attached.push(email);
          given = answer.value.given;
        } else refused.push({ email, refusal: answer.refusal });
      }
      const [first] = refused;
      if (first && read.addresses.length === 1) return again(refusedForm(ctx, first.refusal));
      if (first) {
        const says = refused.map(({ email, refusal }) => `${email} : ${refusalTexts[refusal.code]}`);
        const left = refused.map(({ email }) => email).join("\n");
        const values = { ...typedValues(ctx.body), email: left };
        return again(
          { values, errors: { [fieldOf[first.refusal.code] ?? "email"]: says.join(" ") } },
          attached,
        );
      }
      const [only] = attached;
      return ctx.redirect(users(structureId).href, {
        confirmation: {
          title: "L'envoi des données pour « Rattacher un utilisateur » a bien été effectué.",
          text:
            attached.length === 1
              ? `${only} recevra un message. Son accès : ${given}.`
              : `${attached.length} personnes recevront un message. Leur accès : ${given}.`,
          next: [
            {
              label: "Rattacher une autre personne",
              href: `/organisation/utilisateurs/rattacher?structureId=${structureId}`,
            },
          ],
        },
      });
    },
  });
}
