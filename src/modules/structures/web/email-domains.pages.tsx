import { z } from "zod";
import { domainText, emailDomain } from "../../../shared/email-domain.ts";
import { notFound } from "../../../web/access.ts";
import { formatDate } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { choices, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Button,
  Card,
  Checkboxes,
  Copiable,
  Form,
  FormFooter,
  type FormState,
  Link,
  noForm,
  Paragraph,
  Radios,
  Table,
  Tag,
  TextInput,
} from "../../../web/ui/index.ts";
import { defaultProfile } from "../../profiles/index.ts";
import { type AddDomainRefusal, dnsRecord, MOST_DOMAINS, postmasterOf } from "../domain/email-domain.ts";
import { serviceChoices } from "../domain/service.ts";
import {
  type DomainApproval,
  type EmailDomainRow,
  findDomainApproval,
  findEmailDomain,
  listEmailDomains,
} from "../email-domain-store.ts";
import { lastProofCode } from "../proof-store.ts";
import { listOpenServices } from "../service-store.ts";
import type { StructureRow } from "../store.ts";
import {
  addEmailDomain,
  changeDomainApproval,
  proveByDns,
  sendDomainCode,
  tryDomainCode,
  withdrawEmailDomain,
} from "../use-cases/email-domains.ts";
import { loadToChange, sheetCrumbs, sheetOf } from "./loaded-structure.tsx";
import { tryTexts } from "./proof.pages.tsx";

const url = "/organisation/structures/:structureId/domaines";
const oneUrl = `${url}/:domainId`;
const access = { action: "structure.secure", on: "structure" } as const;
const eyes = "codes are out of the reach of whoever has to prove something, and other structures' count too";
const listOf = (structure: StructureRow) => `${sheetOf(structure)}/domaines`;

const addTexts: { readonly [C in AddDomainRefusal["code"]]: string } = {
  SHARED_MAILBOX:
    "N'importe qui peut avoir une adresse de ce domaine : en porter une ne prouve pas que l'on travaille pour vous.",
  DOMAIN_KNOWN: "Ce domaine est déjà dans la liste.",
  TOO_MANY_DOMAINS: `Une structure compte au plus ${MOST_DOMAINS} domaines : retirez-en un.`,
  STRUCTURE_TO_VERIFY: "Prouvez d'abord que vous agissez pour la structure.",
};

async function load(ctx: Context) {
  const structure = await loadToChange(ctx);
  const [domains, approval, services, preset] = await ctx.tx((tx, now) =>
    Promise.all([
      listEmailDomains(tx, structure.id),
      findDomainApproval(tx, structure.id),
      listOpenServices(tx, structure.id, now),
      defaultProfile(tx, structure.id),
    ]),
  );
  return { structure, domains, approval, services, preset: preset.name };
}
type Loaded = Awaited<ReturnType<typeof load>>;

/** What was typed in one of the two forms of the page. */
type Typed = { readonly domain?: FormState; readonly approval?: FormState };

function ListPage({ ctx, loaded, typed = {} }: { ctx: Context; loaded: Loaded; typed?: Typed }) {
  const { structure, domains } = loaded;
  const form = typed.domain ?? noForm;
  return (
    <Page
      chrome={ctx.chrome}
      title="Domaines de messagerie prouvés"
      caption={structure.displayName}
      crumbs={sheetCrumbs(structure)}
      lead="Un domaine est ce qui suit le @ dans les adresses de vos agents. Prouvez qu'il est le vôtre : vous saurez qui n'a plus une adresse de chez vous, et pourrez rattacher les autres sans attendre."
      hasErrors={[typed.domain, typed.approval].some((one) => Object.keys(one?.errors ?? {}).length > 0)}
    >
      {domains.length > 0 && <DomainsTable ctx={ctx} structure={structure} domains={domains} />}
      <Card title="Ajouter un domaine">
        <Form token={ctx.formToken} action={listOf(structure)} state={form}>
          <TextInput
            form={form}
            name="domain"
            label="Domaine"
            hint="Par exemple ville-exemple.fr. Un sous-domaine se prouve à part."
            required
            maxlength={253}
            spellcheck={false}
          />
          <FormFooter submit="Ajouter ce domaine" />
        </Form>
      </Card>
      <ApprovalCard ctx={ctx} loaded={loaded} form={typed.approval ?? noForm} />
    </Page>
  );
}

function DomainsTable(props: { ctx: Context; structure: StructureRow; domains: readonly EmailDomainRow[] }) {
  const { ctx, structure, domains } = props;
  return (
    <Table
      caption="Domaines de la structure"
      rows={domains}
      keyOf={(one) => one.id}
      columns={[
        {
          title: "Domaine",
          heads: true,
          cell: (one) =>
            one.provedAt === null ? <a href={`${listOf(structure)}/${one.id}`}>{one.domain}</a> : one.domain,
        },
        {
          title: "État",
          cell: (one) =>
            one.provedAt === null ? (
              <Tag tone="warning">À prouver</Tag>
            ) : (
              <>
                <Tag tone="success">Prouvé</Tag>
                <span class="u-muted u-small u-under">
                  le {formatDate(one.provedAt)}, {one.provedBy === "dns" ? "par le DNS" : "par un code"}
                </span>
              </>
            ),
        },
        {
          title: "Action",
          cell: (one) => (
            <Form token={ctx.formToken} action={`${listOf(structure)}/${one.id}/retirer`} inline>
              <Button kind="secondary" small>
                Retirer<span class="govuk-visually-hidden"> {one.domain}</span>
              </Button>
            </Form>
          ),
        },
      ]}
    />
  );
}

function ApprovalCard({ ctx, loaded, form }: { ctx: Context; loaded: Loaded; form: FormState }) {
  const { structure, approval, services, preset } = loaded;
  return (
    <Card title="Rattacher automatiquement">
      <Paragraph>
        Qui demande à rejoindre la structure avec une adresse vérifiée d'un domaine prouvé est rattaché
        aussitôt, avec l'ensemble « {preset} », sans pouvoir accepter d'autres rattachements ni gérer les
        utilisateurs. Les gestionnaires en sont prévenus. Qui a déjà été refusé, suspendu ou détaché attend
        votre réponse.
      </Paragraph>
      <Form token={ctx.formToken} action={`${listOf(structure)}/automatique`} state={form}>
        <Radios
          form={form}
          name="scope"
          label="Rattacher automatiquement"
          required
          value={approval?.scope ?? "none"}
          options={[
            { value: "none", label: "Non : chaque demande attend une réponse" },
            { value: "structure", label: "À toute la structure" },
            ...(services.length > 0 ? [{ value: "service", label: "Aux services choisis ci-dessous" }] : []),
          ]}
        />
        {services.length > 0 && (
          <Checkboxes
            form={form}
            name="serviceIds"
            label="Services"
            list
            value={approval?.serviceIds.map(String) ?? []}
            options={serviceChoices(services)}
          />
        )}
        <FormFooter />
      </Form>
    </Card>
  );
}

type OneDomain = { structure: StructureRow; row: EmailDomainRow; isCodeSent: boolean };
const noTyped = { code: noForm, dns: null };

function ProvePage(props: {
  ctx: Context;
  one: OneDomain;
  typed?: { readonly code: FormState; readonly dns: string | null };
}) {
  const { ctx, one, typed = noTyped } = props;
  const { structure, row, isCodeSent } = one;
  const page = `${listOf(structure)}/${row.id}`;
  return (
    <Page
      chrome={ctx.chrome}
      title={`Prouver le domaine ${domainText(row.domain)}`}
      caption={structure.displayName}
      crumbs={[...sheetCrumbs(structure), { label: "Domaines de messagerie", href: listOf(structure) }]}
      lead="De l'une ou l'autre façon, au choix."
      hasErrors={typed.dns !== null || Object.keys(typed.code.errors).length > 0}
    >
      <Card title="Par un code">
        <Paragraph>
          Un code part à {postmasterOf(row.domain)}, l'adresse de qui tient la messagerie du domaine. Cette
          personne vous le donne.
        </Paragraph>
        {isCodeSent && (
          <Form token={ctx.formToken} action={`${page}/code`} state={typed.code}>
            <TextInput
              form={typed.code}
              name="code"
              label="Code reçu"
              hint="Dix signes, comme 4F7QX-2M9KD. Il vaut une heure et cinq essais."
              required
              maxlength={20}
              width={20}
              autocomplete="one-time-code"
              spellcheck={false}
            />
            <FormFooter submit="Prouver le domaine" cancel={listOf(structure)} />
          </Form>
        )}
        {!isCodeSent && (
          <SendCode ctx={ctx} page={page} kind={undefined}>
            Envoyer le code
          </SendCode>
        )}
      </Card>
      {isCodeSent && (
        <Card title="Rien reçu ?">
          <Paragraph>Trois codes par jour au plus ; le dernier envoyé est le seul qui serve.</Paragraph>
          <SendCode ctx={ctx} page={page} kind="secondary">
            Envoyer un autre code
          </SendCode>
        </Card>
      )}
      <Card title="Par le DNS">
        <Paragraph>
          Faites publier cet enregistrement, de type TXT, à la racine de {row.domain} ; puis vérifiez. Il peut
          mettre une heure à paraître, et se retire une fois le domaine prouvé.
        </Paragraph>
        <p class="govuk-body">
          <Copiable text={dnsRecord(row.dnsToken)} what="l'enregistrement" />
        </p>
        {typed.dns !== null && <Banner tone="error" title={typed.dns} />}
        <Form token={ctx.formToken} action={`${page}/dns`}>
          <Button kind="secondary">Vérifier l'enregistrement</Button>
        </Form>
      </Card>
      <Paragraph>
        <Link href={listOf(structure)}>Revenir aux domaines</Link>
      </Paragraph>
    </Page>
  );
}

const SendCode = (props: { ctx: Context; page: string; kind: "secondary" | undefined; children: string }) => (
  <Form token={props.ctx.formToken} action={`${props.page}/envoyer-code`}>
    <Button kind={props.kind}>{props.children}</Button>
  </Form>
);

/** The e-mail domains that a main manager proves, and what they give. Source: organisation.md 7.1, MEM-20. */
export function emailDomainPages(portal: Portal): void {
  const fresh = true as const;
  const target = (ctx: Context) => ({
    structureId: ctx.membership.structureId,
    domainId: ctx.id("domainId"),
  });
  portal.page({
    method: "GET",
    url,
    access,
    fresh,
    handler: async (ctx) => ctx.html(<ListPage ctx={ctx} loaded={await load(ctx)} />),
  });
  portal.page({
    method: "POST",
    url,
    access,
    fresh,
    handler: async (ctx) => {
      const structure = await loadToChange(ctx);
      const refuse = async (state: FormState) =>
        ctx.html(<ListPage ctx={ctx} loaded={await load(ctx)} typed={{ domain: state }} />, 422);
      const form = ctx.form({ domain: z.string().max(300).default("") });
      if (!form.ok) return refuse(form.state);
      const domain = emailDomain(form.values.domain);
      const wrong = (says: string) => refuse({ values: typedValues(ctx.body), errors: { domain: says } });
      if (!domain.ok)
        return wrong(
          domain.refusal.code === "DOMAIN_MISSING"
            ? "Renseignez le domaine."
            : "Ce n'est pas un domaine. Exemple : ville-exemple.fr",
        );
      const added = await ctx.tx((tx, now) =>
        addEmailDomain(tx, { structureId: structure.id, domain: domain.value }, ctx.actor, now),
      );
      if (!added.ok) return wrong(addTexts[added.refusal.code]);
      return ctx.redirect(`${listOf(structure)}/${added.value.id}`);
    },
  });
  portal.page({
    method: "POST",
    url: `${url}/automatique`,
    access,
    fresh,
    handler: async (ctx) => {
      const structure = await loadToChange(ctx);
      const form = ctx.form({
        scope: z.enum(["none", "structure", "service"], { error: "Choisissez une réponse." }),
        serviceIds: choices,
      });
      const refuse = async (state: FormState) =>
        ctx.html(<ListPage ctx={ctx} loaded={await load(ctx)} typed={{ approval: state }} />, 422);
      if (!form.ok) return refuse(form.state);
      const done = await ctx.tx((tx, now) =>
        changeDomainApproval(
          tx,
          { structureId: structure.id, approval: chosenApproval(form.values) },
          ctx.actor,
          now,
        ),
      );
      if (!done.ok)
        return refuse({
          values: typedValues(ctx.body),
          errors: { serviceIds: "Choisissez au moins un service ouvert de la structure." },
        });
      return ctx.redirect(listOf(structure), {
        confirmation: {
          title:
            form.values.scope === "none"
              ? "Chaque demande attend une réponse."
              : "Le rattachement automatique est enregistré.",
        },
      });
    },
  });
  const loadOne = async (ctx: Context): Promise<OneDomain> => {
    const structure = await loadToChange(ctx);
    return ctx.systemTx(eyes, async (tx) => {
      const row = await findEmailDomain(tx, structure.id, ctx.id("domainId"));
      if (!row) throw notFound();
      const { domain } = row;
      return {
        structure,
        row,
        isCodeSent: (await lastProofCode(tx, { structureId: structure.id, domain })) !== undefined,
      };
    });
  };
  const proved = ({ structure, row }: OneDomain, ctx: Context) =>
    ctx.redirect(listOf(structure), { confirmation: { title: `Le domaine ${row.domain} est prouvé.` } });
  portal.page({
    method: "GET",
    url: oneUrl,
    access,
    fresh,
    handler: async (ctx) => {
      const one = await loadOne(ctx);
      return one.row.provedAt === null
        ? ctx.html(<ProvePage ctx={ctx} one={one} />)
        : ctx.redirect(listOf(one.structure));
    },
  });
  portal.page({
    method: "POST",
    url: `${oneUrl}/envoyer-code`,
    access,
    fresh,
    handler: async (ctx) => {
      const { structure, row } = await loadOne(ctx);
      const sent = await ctx.systemTx(eyes, (tx, now) => sendDomainCode(tx, target(ctx), ctx.actor, now));
      return ctx.redirect(`${listOf(structure)}/${row.id}`, {
        confirmation: sent.ok
          ? { title: `Un code est parti à ${postmasterOf(row.domain)}.` }
          : {
              title: "Aucun code n'est parti.",
              text:
                sent.refusal.code === "TOO_MANY_CODES"
                  ? "Trop de codes sont partis en un jour. Attendez demain, ou prouvez le domaine par le DNS."
                  : "Ce domaine est déjà prouvé.",
            },
      });
    },
  });
  portal.page({
    method: "POST",
    url: `${oneUrl}/code`,
    access,
    fresh,
    handler: async (ctx) => {
      const one = await loadOne(ctx);
      const form = ctx.form({ code: z.string().max(100).default("") });
      const tried = form.ok
        ? await ctx.systemTx(eyes, (tx, now) =>
            tryDomainCode(tx, { ...target(ctx), typed: form.values.code }, ctx.actor, now),
          )
        : null;
      if (tried?.ok) return proved(one, ctx);
      const refusal = tried?.refusal.code ?? "WRONG_CODE";
      if (refusal === "NOT_FOUND") throw notFound();
      const code = { values: typedValues(ctx.body), errors: { code: tryTexts[refusal] } };
      return ctx.html(<ProvePage ctx={ctx} one={one} typed={{ code, dns: null }} />, 422);
    },
  });
  portal.page({
    method: "POST",
    url: `${oneUrl}/dns`,
    access,
    fresh,
    perMinute: 10,
    handler: async (ctx) => {
      const one = await loadOne(ctx);
      const wrong = (dns: string, status: number) =>
        ctx.html(<ProvePage ctx={ctx} one={one} typed={{ code: noForm, dns }} />, status);
      const texts = await portal.domainNames.textsOf(one.row.domain);
      if (!texts.ok)
        return wrong(
          `Le DNS de ${one.row.domain} n'a pas répondu. Vérifiez de nouveau dans quelques minutes, ou recevez un code.`,
          503,
        );
      const done = await ctx.systemTx(eyes, (tx, now) =>
        proveByDns(tx, { ...target(ctx), texts: texts.value }, ctx.actor, now),
      );
      if (done.ok) return proved(one, ctx);
      if (done.refusal.code === "NOT_FOUND") throw notFound();
      return wrong(
        `${one.row.domain} ne publie pas encore cet enregistrement. Comparez-le, puis vérifiez de nouveau dans une heure.`,
        422,
      );
    },
  });
  portal.page({
    method: "POST",
    url: `${oneUrl}/retirer`,
    access,
    fresh,
    handler: async (ctx) => {
      const structure = await loadToChange(ctx);
      const done = await ctx.systemTx(eyes, (tx, now) =>
        withdrawEmailDomain(tx, target(ctx), ctx.actor, now),
      );
      if (!done.ok) throw notFound();
      return ctx.redirect(listOf(structure), {
        confirmation: {
          title: `Le domaine ${done.value.domain} est retiré.`,
          text: "Il ne rattache plus personne. Qui est déjà rattaché le reste.",
        },
      });
    },
  });
}

function chosenApproval({
  scope,
  serviceIds,
}: {
  scope: string;
  serviceIds: readonly string[];
}): DomainApproval | null {
  if (scope === "none") return null;
  if (scope === "structure") return { scope, serviceIds: [] };
  return { scope: "service", serviceIds: [...new Set(serviceIds.map(Number).filter(Number.isSafeInteger))] };
}
