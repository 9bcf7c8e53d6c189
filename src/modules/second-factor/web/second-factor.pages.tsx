import { z } from "zod";
import { notFound } from "../../../web/access.ts";
import { formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { text } from "../../../web/read-form.ts";
import {
  Banner,
  Button,
  ButtonLink,
  Card,
  Code,
  Form,
  FormFooter,
  type FormState,
  Heading,
  Link,
  noForm,
  Paragraph,
  SummaryList,
  Table,
  TextInput,
} from "../../../web/ui/index.ts";
import { browserName } from "../../accounts/index.ts";
import { RECOVERY_CODE_COUNT } from "../domain/proof.ts";
import { enrolmentUri } from "../domain/totp.ts";
import {
  countRecoveryCodes,
  type Factor,
  listFactors,
  listTrustedBrowsers,
  type TrustedBrowser,
} from "../store.ts";
import {
  type Added,
  addApplication,
  addPasskey,
  type Enrolment,
  type EnrolmentRefusal,
  forgetOwnBrowser,
  proposedKey,
  proposeKey,
  proposePasskey,
  removeOwnFactor,
  renewRecoveryCodes,
} from "../use-cases/factors.ts";
import type { PasskeyOptions } from "../use-cases/passkeys.ts";
import { PasskeyPart } from "./passkey-part.tsx";
import { QrCode } from "./qr-code.tsx";
import {
  offeredBy,
  ProofInput,
  passkeyOf,
  proofShape,
  proofText,
  relyingParty,
} from "./second-step.pages.tsx";

const PATH = "/mon-compte/double-authentification";
const account = { label: "Mon compte", href: "/mon-compte" };
const crumbs = [account, { label: "Double authentification", href: PATH }];

type Overview = {
  readonly factors: readonly Factor[];
  readonly codesLeft: number;
  readonly browsers: readonly TrustedBrowser[];
};

function OverviewPage({ ctx, overview }: { ctx: Context; overview: Overview }) {
  const { factors, codesLeft, browsers } = overview;
  return (
    <Page
      chrome={ctx.chrome}
      title="Double authentification"
      crumbs={[account]}
      lead="Après votre mot de passe, ce que vous seul avez en main : qui vole l'un n'a pas l'autre."
    >
      {factors.length === 0 && ctx.config.MANAGERS_NEED_SECOND_FACTOR === "on" && (
        <Banner tone="warning" title="Ce portail la demande aux gestionnaires principaux et aux opérateurs.">
          <p>Si vous l'êtes, mettez-la en place pour continuer.</p>
        </Banner>
      )}
      {factors.length > 0 && <Factors factors={factors} codesLeft={codesLeft} token={ctx.formToken} />}
      <div class="u-buttons">
        {!factors.some((one) => one.kind === "totp") && (
          <ButtonLink href={`${PATH}/application`}>Ajouter une application d'authentification</ButtonLink>
        )}
        <ButtonLink kind="secondary" href={`${PATH}/cle`}>
          Ajouter une clé d'accès
        </ButtonLink>
      </div>
      {browsers.length > 0 && <TrustedBrowsers browsers={browsers} token={ctx.formToken} />}
    </Page>
  );
}

function Factors({
  factors,
  codesLeft,
  token,
}: {
  factors: readonly Factor[];
  codesLeft: number;
  token: string;
}) {
  return (
    <>
      <Card title="Vos moyens">
        <SummaryList
          rows={factors.map((factor) => ({
            label: factor.name,
            value: `Depuis le ${formatDateTime(factor.createdAt)}`,
            change: { href: `${PATH}/${factor.id}/retirer`, label: "Retirer" },
          }))}
        />
      </Card>
      <Card title="Codes de secours">
        <Paragraph>
          {codesLeft} sur {RECOVERY_CODE_COUNT} vous restent. De nouveaux remplacent tous les anciens.
        </Paragraph>
        <Form token={token} action={`${PATH}/codes`} inline>
          <Button kind="secondary">Obtenir dix nouveaux codes</Button>
        </Form>
      </Card>
    </>
  );
}

function TrustedBrowsers({ browsers, token }: { browsers: readonly TrustedBrowser[]; token: string }) {
  return (
    <Table
      caption="Navigateurs de confiance"
      keyOf={(browser) => browser.id}
      rows={browsers}
      columns={[
        { title: "Navigateur", heads: true, cell: (browser) => browserName(browser.userAgent ?? "") },
        { title: "Depuis le", cell: (browser) => formatDateTime(browser.createdAt) },
        { title: "Jusqu'au", cell: (browser) => formatDateTime(browser.expiresAt) },
        {
          title: "Action",
          cell: (browser) => (
            <Form token={token} action={`${PATH}/navigateurs/${browser.id}/oublier`} inline>
              <Button kind="secondary" small>
                Oublier
                <span class="govuk-visually-hidden">
                  {" "}
                  {browserName(browser.userAgent ?? "")}, depuis le {formatDateTime(browser.createdAt)}
                </span>
              </Button>
            </Form>
          ),
        },
      ]}
    />
  );
}

function ApplicationPage({ ctx, enrolment, form }: { ctx: Context; enrolment: Enrolment; form: FormState }) {
  const uri = enrolmentUri(enrolment.key, { portalName: ctx.config.PORTAL_NAME, email: ctx.who.signInEmail });
  return (
    <Page
      chrome={ctx.chrome}
      title="Ajouter une application d'authentification"
      crumbs={crumbs}
      lead="Toute application qui donne des codes à six chiffres convient : FreeOTP, Aegis, celle de votre téléphone…"
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Heading>1. Donnez la clé à l'application</Heading>
      <QrCode text={uri} label="QR code de la clé, à lire avec l'application" />
      <Paragraph>
        Sans appareil photo, tapez cette clé : <Code>{enrolment.key.match(/.{4}/g)!.join(" ")}</Code>
      </Paragraph>
      <Heading>2. Tapez le code qu'elle montre</Heading>
      <Form token={ctx.formToken} action={`${PATH}/application`} state={form}>
        <input type="hidden" name="cle" value={enrolment.sealed} />
        <TextInput
          form={form}
          name="code"
          label="Code à six chiffres"
          autocomplete="one-time-code"
          inputmode="numeric"
          maxlength={10}
          width={10}
          required
        />
        <FormFooter submit="Confirmer" cancel={PATH} />
      </Form>
    </Page>
  );
}

function PasskeyPage({ ctx, passkey, form }: { ctx: Context; passkey: PasskeyOptions; form: FormState }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Ajouter une clé d'accès"
      crumbs={crumbs}
      lead="Votre appareil vous reconnaît (empreinte, visage, code) ou une clé de sécurité se branche : rien à recopier."
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} action={`${PATH}/cle`} state={form}>
        <TextInput
          form={form}
          name="name"
          label="Nom de la clé"
          hint="Pour la reconnaître. Par exemple : Téléphone, Clé du bureau."
          autocomplete="off"
          maxlength={60}
          required
        />
        <PasskeyPart act="create" passkey={passkey} />
      </Form>
      <noscript>
        <Paragraph>
          Votre navigateur n'exécute pas JavaScript, qu'une clé d'accès demande.{" "}
          <Link href={`${PATH}/application`}>Ajoutez plutôt une application</Link>.
        </Paragraph>
      </noscript>
    </Page>
  );
}

function CodesPage({ ctx, codes, title }: { ctx: Context; codes: readonly string[]; title: string }) {
  return (
    <Page chrome={ctx.chrome} title={title} crumbs={crumbs}>
      <Banner tone="warning" title="Gardez ces dix codes de secours, ils ne seront plus montrés.">
        <p>Chacun remplace une fois le code de l'application, le jour où vous n'avez plus votre téléphone.</p>
      </Banner>
      <Card title="Codes de secours">
        <ol class="govuk-list u-codes">
          {codes.map((code) => (
            <li key={code}>
              <Code>{code}</Code>
            </li>
          ))}
        </ol>
      </Card>
      <ButtonLink href={PATH}>Je les ai gardés</ButtonLink>
    </Page>
  );
}

type Removal = { readonly factor: Factor; readonly passkey: PasskeyOptions | null; readonly form: FormState };

function RemovePage({ ctx, factor, passkey, form }: Removal & { ctx: Context }) {
  return (
    <Page
      chrome={ctx.chrome}
      title={`Retirer : ${factor.name}`}
      crumbs={crumbs}
      lead="Sans autre moyen, votre mot de passe suffira de nouveau ; vos codes de secours ne serviront plus."
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} action={`${PATH}/${factor.id}/retirer`} state={form}>
        <ProofInput form={form} passkey={passkey} />
        <FormFooter submit="Retirer" kind="warning" cancel={PATH} />
      </Form>
    </Page>
  );
}

const enrolmentTexts: { readonly [C in EnrolmentRefusal["code"]]: string } = {
  CODE_WRONG:
    "Ce code n'est pas le bon. Vérifiez l'heure de votre téléphone, puis tapez le code qu'il montre.",
  ENROLMENT_LOST: "Cette page était trop ancienne : donnez la nouvelle clé à votre application.",
  APPLICATION_ALREADY_THERE: "Vous avez déjà une application : retirez-la d'abord.",
};

async function ownFactor(ctx: Context): Promise<Factor> {
  const factors = await ctx.tx((tx) => listFactors(tx, ctx.who.accountId));
  const factor = factors.find((one) => one.id === ctx.id("factorId"));
  if (!factor) throw notFound();
  return factor;
}

/** « Double authentification »: the application, the recovery codes, the browsers that need no code. */
export function secondFactorPages(portal: Portal): void {
  const { secret } = portal.config;
  const deps = { database: portal.database, secret, party: () => relyingParty(portal) };
  /** Shows the codes of a first factor; goes back to the list for a further one. */
  const showAdded = (ctx: Context, { codes, token }: Added) => {
    ctx.setSession(token);
    if (codes.length === 0)
      return ctx.redirect(PATH, { confirmation: { title: "Un moyen de plus est en place." } });
    return ctx.html(<CodesPage ctx={ctx} codes={codes} title="La double authentification est en place" />);
  };
  const removalOf = async (ctx: Context) => ({
    factor: await ownFactor(ctx),
    passkey: await passkeyOf(portal, { accountId: ctx.who.accountId, sessionId: ctx.who.session.id }),
  });
  const proposedPasskey = (ctx: Context) => {
    const { accountId, session, signInEmail: email } = ctx.who;
    return ctx.tx((tx) =>
      proposePasskey(tx, secret, deps.party(), { accountId, sessionId: session.id, email }),
    );
  };
  portal.page({
    method: "GET",
    url: PATH,
    access: "account",
    handler: async (ctx) => {
      const { accountId } = ctx.who;
      const overview = await ctx.tx(async (tx, now) => ({
        factors: await listFactors(tx, accountId),
        codesLeft: await countRecoveryCodes(tx, accountId),
        browsers: await listTrustedBrowsers(tx, accountId, now),
      }));
      return ctx.html(<OverviewPage ctx={ctx} overview={overview} />);
    },
  });
  portal.page({
    method: "GET",
    url: `${PATH}/application`,
    access: "account",
    fresh: true,
    handler: (ctx) =>
      ctx.html(
        <ApplicationPage ctx={ctx} enrolment={proposeKey(secret, ctx.who.session.id)} form={noForm} />,
      ),
  });
  portal.page({
    method: "POST",
    url: `${PATH}/application`,
    access: "account",
    fresh: true,
    handler: async (ctx) => {
      const { accountId, session } = ctx.who;
      const form = ctx.form({ cle: z.string().default(""), code: z.string().default("") });
      const { cle: sealed, code } = form.ok ? form.values : { cle: "", code: "" };
      const added = await addApplication(deps, { accountId, sessionId: session.id, sealed, code }, ctx.actor);
      if (!added.ok) {
        const key = proposedKey(secret, session.id, sealed);
        return ctx.html(
          <ApplicationPage
            ctx={ctx}
            enrolment={key === null ? proposeKey(secret, session.id) : { key, sealed }}
            form={{ values: {}, errors: { code: enrolmentTexts[added.refusal.code] } }}
          />,
          422,
        );
      }
      return showAdded(ctx, added.value);
    },
  });
  portal.page({
    method: "GET",
    url: `${PATH}/cle`,
    access: "account",
    fresh: true,
    handler: async (ctx) =>
      ctx.html(<PasskeyPage ctx={ctx} passkey={await proposedPasskey(ctx)} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: `${PATH}/cle`,
    access: "account",
    fresh: true,
    handler: async (ctx) => {
      const { accountId, session } = ctx.who;
      const { defi, reponse } = proofShape;
      const form = ctx.form({ name: text.required("Nom de la clé", 60), defi, reponse });
      const refuse = async (state: FormState) =>
        ctx.html(<PasskeyPage ctx={ctx} passkey={await proposedPasskey(ctx)} form={state} />, 422);
      if (!form.ok) return refuse(form.state);
      const { name, defi: sealed, reponse: response } = form.values;
      const answer = { sessionId: session.id, sealed, response };
      const added = await addPasskey(deps, { accountId, name, answer }, ctx.actor);
      if (!added.ok)
        return refuse({
          values: { name },
          errors: {
            name: "Cette clé d'accès n'a pas pu être ajoutée. Réessayez, ou ajoutez une application.",
          },
        });
      return showAdded(ctx, added.value);
    },
  });
  portal.page({
    method: "POST",
    url: `${PATH}/codes`,
    access: "account",
    fresh: true,
    handler: async (ctx) => {
      const renewed = await renewRecoveryCodes(deps, ctx.who.accountId, ctx.actor);
      if (!renewed.ok) throw notFound();
      return ctx.html(<CodesPage ctx={ctx} codes={renewed.value} title="Vos nouveaux codes de secours" />);
    },
  });
  portal.page({
    method: "GET",
    url: `${PATH}/:factorId/retirer`,
    access: "account",
    fresh: true,
    handler: async (ctx) => ctx.html(<RemovePage ctx={ctx} {...(await removalOf(ctx))} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: `${PATH}/:factorId/retirer`,
    access: "account",
    fresh: true,
    handler: async (ctx) => {
      const { factor, passkey } = await removalOf(ctx);
      const again = (form: FormState, status: number) =>
        ctx.html(<RemovePage ctx={ctx} factor={factor} passkey={passkey} form={form} />, status);
      const form = ctx.form(proofShape);
      if (!form.ok) return again(form.state, 422);
      const { accountId, session } = ctx.who;
      const offered = offeredBy(form.values, session.id);
      const removed = await removeOwnFactor(deps, { accountId, factorId: factor.id, offered }, ctx.actor);
      if (!removed.ok)
        return again(proofText(removed.refusal), removed.refusal.code === "CODE_WAIT" ? 429 : 422);
      return ctx.redirect(PATH, { confirmation: { title: `« ${factor.name} » est retirée.` } });
    },
  });
  portal.page({
    method: "POST",
    url: `${PATH}/navigateurs/:browserId/oublier`,
    access: "account",
    handler: async (ctx) => {
      const forgotten = await ctx.tx((tx, now) =>
        forgetOwnBrowser(
          tx,
          { accountId: ctx.who.accountId, browserId: ctx.id("browserId") },
          ctx.actor,
          now,
        ),
      );
      if (!forgotten) throw notFound();
      return ctx.redirect(PATH, { confirmation: { title: "Ce navigateur n'est plus de confiance." } });
    },
  });
}
