import { z } from "zod";
import { emailAddress, emailRefusalText, looksShared, maskEmail } from "../../../shared/email-address.ts";
import { personName, personNameRefusalText } from "../../../shared/person-name.ts";
import { phoneNumber, phoneRefusalText } from "../../../shared/phone.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { box, type RawForm, text, typedValues } from "../../../web/read-form.ts";
import { inSteadyTime } from "../../../web/steady-time.ts";
import {
  Banner,
  Bullets,
  Button,
  ButtonLink,
  Checkbox,
  Code,
  Form,
  FormFooter,
  type FormState,
  Link,
  noForm,
  Paragraph,
  Stepper,
  SummaryList,
  TextInput,
} from "../../../web/ui/index.ts";
import type { NationalRegister } from "../../register/index.ts";
import {
  type NewStructure,
  NewStructureFields,
  type NewStructureStep,
  newStructureFields,
  newStructureShape,
  readNewStructure,
} from "../../structures/index.ts";
import { newChallenge } from "../proof-of-work.ts";
import type { SignUpIntent } from "../sign-up-intent.ts";
import { admitSignUp, type ProofRefusal } from "../use-cases/admit-sign-up.ts";
import { openFirstSession } from "../use-cases/sign-in.ts";
import {
  activateAccount,
  findActivation,
  resendActivationLink,
  type SignUp,
  signUp,
} from "../use-cases/sign-up.ts";
import { browserOf, NewPasswordFields, type NewPasswordRefusal, passwordText } from "./password-fields.tsx";
import { ProofOfWork, proofRefusalText } from "./proof-of-work.tsx";
import { NewLinkPage, readEmail } from "./sign-in.pages.tsx";

const STEPS = 4;
type Person = Omit<SignUp, "intent">;
type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly state: FormState };

const personShape = {
  email: z.string().default(""),
  emailAgain: z.string().default(""),
  firstName: z.string().default(""),
  lastName: z.string().default(""),
  phone: z.string().default(""),
  acceptsTerms: box,
};
/** Every field of the steps, each step carrying those before it. */
const shape = {
  ...personShape,
  ...newStructureShape,
  message: text.optional("Message", 500),
  later: z.string().default(""),
  preuve: z.string().default(""),
};

/** Step 1, read and checked by the rules of the account. */
function readPerson(ctx: Context): Read<Person> {
  const form = ctx.form(shape);
  if (!form.ok) return form;
  const { email, emailAgain, firstName, lastName, phone, acceptsTerms } = form.values;
  const errors: Record<string, string> = {};
  const address = emailAddress(email);
  if (!address.ok) errors.email = emailRefusalText(address.refusal);
  else if (emailAgain.trim().toLowerCase() !== email.trim().toLowerCase())
    errors.emailAgain = "Les deux adresses diffèrent. Vérifiez-les.";
  const first = personName(firstName);
  if (!first.ok) errors.firstName = personNameRefusalText(first.refusal, "Prénom");
  const last = personName(lastName);
  if (!last.ok) errors.lastName = personNameRefusalText(last.refusal, "Nom");
  const number = phone.trim() === "" ? null : phoneNumber(phone);
  if (number && !number.ok) errors.phone = phoneRefusalText;
  if (!acceptsTerms) errors.acceptsTerms = "Acceptez les conditions d'utilisation pour créer un compte.";
  if (!address.ok || !first.ok || !last.ok || Object.keys(errors).length > 0)
    return { ok: false, state: { values: typedValues(ctx.body), errors } };
  return {
    ok: true,
    value: {
      email: address.value,
      firstName: first.value,
      lastName: last.value,
      phone: number?.ok ? number.value : null,
    },
  };
}

type StructureStep =
  | { readonly kind: "later" }
  | {
      readonly kind: "known";
      readonly id: number;
      readonly face: string;
      readonly message: string;
    }
  | { readonly kind: "new"; readonly structure: NewStructure };

/** Step 2: the structure may come later; known, one will ask to join it; new, it is described and will be created. */
async function readStructure(
  ctx: Context,
  register: NationalRegister,
): Promise<
  | { readonly ok: true; readonly value: StructureStep }
  | { readonly ok: false; readonly state: FormState; readonly step: NewStructureStep }
> {
  const form = ctx.form(shape);
  const refuse = (step: NewStructureStep, errors: FormState["errors"]) => ({
    ok: false as const,
    state: { values: typedValues(ctx.body), errors },
    step,
  });
  if (!form.ok) return refuse(identifying, form.state.errors);
  if (form.values.later === "oui") return { ok: true, value: { kind: "later" } };
  const step = await readNewStructure(ctx, register, shape);
  if (step.kind === "described") return { ok: true, value: { kind: "new", structure: step.structure } };
  if (step.kind !== "known") return refuse(step, step.kind === "choose" ? {} : step.errors);
  const { structure, face, closed } = step;
  return closed === null
    ? { ok: true, value: { kind: "known", id: structure.id, face, message: form.values.message } }
    : refuse(identifying, { identifierValue: closed });
}

const identifying: NewStructureStep = { kind: "identify", errors: {} };

/** What earlier steps learnt, carried on in the form. */
function Carried({ raw, names }: { raw: RawForm; names: readonly string[] }) {
  return (
    <>
      {names
        .filter((name) => raw[name])
        .map((name) => (
          <input type="hidden" name={name} value={String(raw[name])} key={name} />
        ))}
    </>
  );
}

function PersonPage({ ctx, form }: { ctx: Context; form: FormState }) {
  return (
    <Page chrome={ctx.chrome} title="Créer un compte" hasErrors={Object.keys(form.errors).length > 0}>
      <Stepper step={1} of={STEPS} title="vos informations personnelles" />
      <Form token={ctx.formToken} action="/compte/creer" state={form}>
        <TextInput
          form={form}
          name="email"
          label="Adresse électronique de connexion"
          type="email"
          autocomplete="email"
          required
          hint="Votre adresse professionnelle, à votre nom. Elle sera votre identifiant."
          maxlength={254}
          spellcheck={false}
        />
        <TextInput
          form={form}
          name="emailAgain"
          label="Confirmation de l'adresse"
          type="email"
          autocomplete="email"
          required
          maxlength={254}
          spellcheck={false}
        />
        <TextInput
          form={form}
          name="firstName"
          label="Prénom"
          autocomplete="given-name"
          required
          maxlength={80}
        />
        <TextInput
          form={form}
          name="lastName"
          label="Nom"
          autocomplete="family-name"
          required
          maxlength={80}
        />
        <TextInput
          form={form}
          name="phone"
          label="Téléphone"
          type="tel"
          autocomplete="tel"
          maxlength={30}
          width={20}
        />
        <Checkbox
          form={form}
          name="acceptsTerms"
          required
          label={
            <>
              J'accepte les <Link href="/mentions-legales">conditions d'utilisation</Link>
            </>
          }
        />
        <FormFooter submit="Continuer" cancel="/connexion" cancelLabel="J'ai déjà un compte" />
      </Form>
    </Page>
  );
}

const personFields = ["email", "emailAgain", "firstName", "lastName", "phone", "acceptsTerms"] as const;
const structureFields = [...newStructureFields, "message", "later"] as const;

function StructurePage({ ctx, form, step }: { ctx: Context; form: FormState; step: NewStructureStep }) {
  const shared = typeof form.values.email === "string" && looksShared(form.values.email);
  return (
    <Page chrome={ctx.chrome} title="Votre structure" hasErrors={Object.keys(form.errors).length > 0}>
      <Stepper step={2} of={STEPS} title="votre structure" />
      {shared && (
        <Banner tone="warning" title="Votre adresse semble partagée">
          <p>Une adresse partagée empêche de savoir qui a agi. Préférez une adresse à votre nom.</p>
        </Banner>
      )}
      <Form token={ctx.formToken} action="/compte/creer/structure" state={form}>
        <Carried raw={ctx.body} names={personFields} />
        <NewStructureFields
          form={form}
          step={step}
          identifierHint="Celui de votre entreprise ou organisme, pas celui de votre client public."
        />
        <FormFooter submit="Continuer" />
        <Button kind="secondary" name="later" value="oui">
          Je le ferai plus tard
        </Button>
      </Form>
    </Page>
  );
}

type Summary = {
  readonly person: Person;
  readonly structure: StructureStep;
  readonly challenge: string | null;
  readonly refusal?: ProofRefusal;
};

function SummaryPage({ ctx, person, structure, challenge, refusal }: Summary & { ctx: Context }) {
  return (
    <Page chrome={ctx.chrome} title="Vérifiez votre demande" hasErrors={refusal !== undefined}>
      <Stepper step={3} of={STEPS} title="vérification" />
      {refusal && (
        <Banner tone="error" title="Votre compte n'est pas encore créé">
          <p>{proofRefusalText(refusal)}</p>
        </Banner>
      )}
      <SummaryList
        rows={[
          { label: "Adresse de connexion", value: person.email },
          { label: "Prénom et nom", value: `${person.firstName} ${person.lastName}` },
          { label: "Téléphone", value: person.phone ?? "Non renseigné" },
          ...structureRows(structure),
        ]}
      />
      <Form token={ctx.formToken} action="/compte/creer/terminer">
        <Carried raw={ctx.body} names={[...personFields, ...structureFields]} />
        {challenge && <ProofOfWork challenge={challenge} />}
        <FormFooter submit="Créer mon compte" cancel="/compte/creer" cancelLabel="Recommencer" />
      </Form>
    </Page>
  );
}

function structureRows(step: StructureStep) {
  if (step.kind === "later") return [{ label: "Structure", value: "À choisir plus tard" }];
  if (step.kind === "known")
    return [
      { label: "Structure", value: step.face },
      {
        label: "Ce qui se passera",
        value: "Cette structure existe déjà. Ses gestionnaires recevront votre demande de rattachement.",
      },
    ];
  const { structure } = step;
  return [
    {
      label: "Structure",
      value: (
        <>
          {structure.legalName} (<Code>{structure.identifierValue}</Code>)
        </>
      ),
    },
    {
      label: "Adresse de la structure",
      value: `${structure.addressLine}, ${structure.postcode} ${structure.town}`,
    },
    { label: "Ce qui se passera", value: "La structure sera créée et vous en serez gestionnaire principal." },
  ];
}

function SentPage({ ctx, email }: { ctx: Context; email: string }) {
  return (
    <Page chrome={ctx.chrome} title="Ouvrez le message que vous allez recevoir">
      <Stepper step={4} of={STEPS} title="activation" />
      <Paragraph>
        Un message a été envoyé à <strong>{maskEmail(email)}</strong>. Ouvrez-le pour activer votre compte et
        choisir votre mot de passe. Le lien vaut {ctx.config.ACTIVATION_LINK_HOURS} heures.
      </Paragraph>
      <Bullets
        items={[
          `Expéditeur : ${ctx.config.MAIL_FROM}`,
          "Rien reçu après quelques minutes ? Vérifiez vos courriers indésirables.",
        ]}
      />
      {ctx.chrome.builtInMailbox && (
        <Banner tone="info" title="Ce portail garde ses messages ici">
          <p>
            <a href="/boite-aux-lettres">Ouvrir la boîte aux lettres de démonstration</a>
          </p>
        </Banner>
      )}
      <ResendForm ctx={ctx} email={email} />
      <Paragraph>
        <Link href="/compte/creer">Ce n'est pas la bonne adresse</Link>
      </Paragraph>
    </Page>
  );
}

function ResendForm({ ctx, email, form = noForm }: { ctx: Context; email: string; form?: FormState }) {
  return (
    <Form token={ctx.formToken} action="/compte/renvoyer" state={form}>
      {email ? (
        <input type="hidden" name="email" value={email} />
      ) : (
        <TextInput
          form={form}
          name="email"
          label="Votre adresse électronique"
          type="email"
          autocomplete="email"
          required
        />
      )}
      <Button kind="secondary">{email ? "Renvoyer le message" : "Recevoir un nouveau lien"}</Button>
    </Form>
  );
}

function ExpiredPage({ ctx }: { ctx: Context }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Ce lien n'est plus valable"
      lead="Il a déjà servi, un plus récent l'a remplacé, ou il a expiré."
    >
      <Paragraph>
        Votre compte est déjà activé ? <Link href="/connexion">Connectez-vous</Link>. Sinon, recevez un
        nouveau lien :
      </Paragraph>
      <ResendForm ctx={ctx} email="" />
    </Page>
  );
}

function ActivationPage({ ctx, secret, form }: { ctx: Context; secret: string; form: FormState }) {
  return (
    <Page chrome={ctx.chrome} title="Activer mon compte" hasErrors={Object.keys(form.errors).length > 0}>
      <Stepper step={4} of={STEPS} title="activation" />
      <Form token={ctx.formToken} action="/compte/activer" state={form}>
        <input type="hidden" name="lien" value={secret} />
        <NewPasswordFields form={form} />
        <FormFooter submit="Activer mon compte" />
      </Form>
    </Page>
  );
}

/** The seed's four steps to an account. */
export function signUpPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/compte/creer",
    access: "public",
    handler: (ctx) => ctx.html(<PersonPage ctx={ctx} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: "/compte/creer",
    access: "public",
    handler: (ctx) => {
      const person = readPerson(ctx);
      return person.ok
        ? ctx.html(
            <StructurePage
              ctx={ctx}
              form={{ values: typedValues(ctx.body), errors: {} }}
              step={identifying}
            />,
          )
        : ctx.html(<PersonPage ctx={ctx} form={person.state} />, 422);
    },
  });
  portal.page({
    method: "POST",
    url: "/compte/creer/structure",
    access: "public",
    handler: async (ctx) => {
      const person = readPerson(ctx);
      if (!person.ok) return ctx.html(<PersonPage ctx={ctx} form={person.state} />, 422);
      const structure = await readStructure(ctx, portal.register);
      if (structure.ok) {
        const challenge = await newChallenge(ctx.config, ctx.now);
        const summary = { person: person.value, structure: structure.value, challenge };
        return ctx.html(<SummaryPage ctx={ctx} {...summary} />);
      }
      const hasErrors = Object.keys(structure.state.errors).length > 0;
      return ctx.html(
        <StructurePage ctx={ctx} form={structure.state} step={structure.step} />,
        hasErrors ? 422 : 200,
      );
    },
  });
  portal.page({
    method: "POST",
    url: "/compte/creer/terminer",
    access: "public",
    handler: async (ctx) => {
      const person = readPerson(ctx);
      if (!person.ok) return ctx.html(<PersonPage ctx={ctx} form={person.state} />, 422);
      const structure = await readStructure(ctx, portal.register);
      if (!structure.ok)
        return ctx.html(<StructurePage ctx={ctx} form={structure.state} step={structure.step} />, 422);
      const admitted = await admitSignUp(
        ctx.database,
        ctx.config,
        { proof: String(ctx.body.preuve ?? ""), ip: ctx.request.ip },
        ctx.now,
      );
      if (!admitted.ok) {
        const { refusal } = admitted;
        if (refusal.code === "SIGN_UP_WAIT") ctx.reply.header("retry-after", refusal.seconds);
        const challenge = await newChallenge(ctx.config, ctx.now);
        const summary = { person: person.value, structure: structure.value, challenge, refusal };
        return ctx.html(<SummaryPage ctx={ctx} {...summary} />, refusal.code === "SIGN_UP_WAIT" ? 429 : 422);
      }
      const input = { ...person.value, intent: intentOf(structure.value) };
      await inSteadyTime(signUp(ctx.database, ctx.config, input, ctx.actor));
      return ctx.html(<SentPage ctx={ctx} email={person.value.email} />);
    },
  });
  portal.page({
    method: "POST",
    url: "/compte/renvoyer",
    access: "public",
    handler: async (ctx) => {
      const typed = readEmail(ctx);
      if (!typed.ok) return ctx.html(<NewLinkPage ctx={ctx} form={typed.state} />, 422);
      await inSteadyTime(resendActivationLink(ctx.database, ctx.config, typed.email, ctx.actor));
      return ctx.html(<SentPage ctx={ctx} email={typed.email} />);
    },
  });
  portal.page({
    method: "GET",
    url: "/compte/activer",
    access: "public",
    handler: async (ctx) => {
      const secret = ctx.one("lien");
      ctx.reply.header("cache-control", "no-store").header("referrer-policy", "no-referrer");
      if (!(await findActivation(ctx.database, secret))) return ctx.html(<ExpiredPage ctx={ctx} />, 410);
      return ctx.html(<ActivationPage ctx={ctx} secret={secret} form={noForm} />);
    },
  });
  portal.page({
    method: "POST",
    url: "/compte/activer",
    access: "public",
    handler: async (ctx) => {
      ctx.reply.header("cache-control", "no-store").header("referrer-policy", "no-referrer");
      const form = ctx.form({
        lien: z.string(),
        newPassword: z.string().default(""),
        newPasswordAgain: z.string().default(""),
      });
      if (!form.ok) return ctx.html(<ExpiredPage ctx={ctx} />, 422);
      const { lien, newPassword, newPasswordAgain } = form.values;
      const again = (refusal: NewPasswordRefusal | "DIFFERENT") =>
        ctx.html(<ActivationPage ctx={ctx} secret={lien} form={passwordText(refusal)} />, 422);
      if (newPassword !== newPasswordAgain) return again("DIFFERENT");
      const activated = await activateAccount(
        ctx.database,
        { secret: lien, password: newPassword },
        ctx.actor,
      );
      if (!activated.ok)
        return activated.refusal.code === "LINK_EXPIRED"
          ? ctx.html(<ExpiredPage ctx={ctx} />, 410)
          : again(activated.refusal.code);
      ctx.setSession(await openFirstSession(ctx.database, activated.value.accountId, browserOf(ctx)));
      return ctx.html(<ActivatedPage ctx={ctx} done={activated.value.done} />);
    },
  });
}

function ActivatedPage({ ctx, done }: { ctx: Context; done: readonly string[] }) {
  return (
    <Page chrome={ctx.chrome} title="Votre compte est activé">
      {done.length > 0 ? (
        <Bullets items={done} />
      ) : (
        <Paragraph>Il reste à dire pour quelle structure vous travaillez.</Paragraph>
      )}
      <ButtonLink href="/bienvenue">Continuer</ButtonLink>
    </Page>
  );
}

function intentOf(step: StructureStep): SignUpIntent | null {
  if (step.kind === "later") return null;
  return step.kind === "known"
    ? { kind: "join", structureId: step.id, message: step.message }
    : { kind: "create", structure: step.structure };
}
