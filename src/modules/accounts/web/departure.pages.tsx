import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { box } from "../../../web/read-form.ts";
import {
  Bullets,
  Checkbox,
  Form,
  FormFooter,
  type FormState,
  Link,
  noForm,
  Paragraph,
  Table,
} from "../../../web/ui/index.ts";
import type { ManagedStructure } from "../../memberships/index.ts";
import { ownData } from "../own-data.store.ts";
import {
  closeAccount,
  type DepartureRefusal,
  deactivateAccount,
  isReactivationLinkAlive,
  reactivateAccount,
} from "../use-cases/departure.ts";
import { ExpiredLinkPage, emailedLink } from "./emailed-link.tsx";

const crumbs = [{ label: "Mon compte", href: "/mon-compte" }];

/** The two ways out: what each says before, and does. */
const departures = [
  {
    path: "/mon-compte/desactiver",
    title: "Désactiver mon compte",
    lead: "Vous pourrez le réactiver vous-même, par un lien reçu à votre adresse.",
    consequences: [
      "vos sessions se ferment, et vous ne pouvez plus vous connecter",
      "vos rattachements et vos habilitations restent, sans effet, jusqu'à votre retour",
    ],
    tick: "Désactiver mon accès",
    go: deactivateAccount,
    done: "Votre compte est désactivé",
    after: "Un message vous dit comment le réactiver.",
  },
  {
    path: "/mon-compte/fermer",
    title: "Fermer mon compte",
    lead: "C'est définitif : vous ne pourrez pas revenir en arrière.",
    consequences: [
      "vos rattachements, vos habilitations et vos demandes prennent fin",
      "votre nom, votre adresse et votre téléphone sont effacés de votre compte",
      "l'historique des actions, que la loi fait garder, dit encore ce que vous avez fait",
    ],
    tick: "Fermer définitivement mon compte",
    go: closeAccount,
    done: "Votre compte est fermé",
    after: "Un dernier message vous le confirme.",
  },
] as const;
type Departure = (typeof departures)[number];

function DeparturePage({
  ctx,
  departure,
  form,
  held = [],
}: {
  ctx: Context;
  departure: Departure;
  form: FormState;
  /** The structures that would be left without a manager. */
  held?: readonly ManagedStructure[];
}) {
  return (
    <Page
      chrome={ctx.chrome}
      title={departure.title}
      crumbs={crumbs}
      lead={departure.lead}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      {held.length > 0 && <Held structures={held} />}
      <Bullets items={departure.consequences} />
      <Paragraph>
        Avant de partir, vous pouvez{" "}
        <Link href="/mon-compte/donnees.json">télécharger vos données (JSON)</Link>.
      </Paragraph>
      <Form token={ctx.formToken} action={departure.path} state={form}>
        <Checkbox form={form} name="confirms" label={departure.tick} required />
        <FormFooter kind="warning" cancel="/mon-compte" />
      </Form>
    </Page>
  );
}

function heldText({ structures }: DepartureRefusal): string {
  const names = structures.map((one) => one.name).join(", ");
  return `Vous êtes seul gestionnaire principal de : ${names}. Désignez d'abord une autre personne, ou désactivez la structure.`;
}

/** ACC-09. What to do about each structure before going. */
function Held({ structures }: { structures: readonly ManagedStructure[] }) {
  return (
    <Table
      caption="Structures qui n'ont que vous comme gestionnaire"
      rows={structures}
      keyOf={(one) => one.structureId}
      columns={[
        { title: "Structure", heads: true, cell: (one) => one.name },
        {
          title: "Que faire d'abord",
          cell: ({ structureId, name }) => {
            const ofWhat = <span class="govuk-visually-hidden"> : {name}</span>;
            return (
              <ul class="govuk-list">
                <li>
                  <Link href={`/organisation/gestionnaires/transmettre?structureId=${structureId}`}>
                    Transmettre mon rôle{ofWhat}
                  </Link>
                </li>
                <li>
                  <Link href={`/organisation/structures/${structureId}/desactiver`}>
                    Désactiver la structure{ofWhat}
                  </Link>
                </li>
              </ul>
            );
          },
        },
      ]}
    />
  );
}

/** One's data, and the end of one's account: for a time, or for good. */
export function departurePages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/mon-compte/donnees.json",
    access: "account",
    fresh: true,
    handler: async (ctx) => {
      const data = await ctx.systemTx(
        "what concerns her is hers to read, in the structures that she left too",
        (tx) => ownData(tx, ctx.who.accountId),
        { statementTimeoutMs: 30_000 },
      );
      return ctx.reply
        .type("application/json; charset=utf-8")
        .header("content-disposition", 'attachment; filename="mes-donnees.json"')
        .send(JSON.stringify(data, null, 2));
    },
  });
  for (const departure of departures) {
    portal.page({
      method: "GET",
      url: departure.path,
      access: "account",
      fresh: true,
      handler: (ctx) => ctx.html(<DeparturePage ctx={ctx} departure={departure} form={noForm} />),
    });
    portal.page({
      method: "POST",
      url: departure.path,
      access: "account",
      fresh: true,
      handler: async (ctx) => {
        const form = ctx.form({ confirms: box });
        const refuse = (text: string, held: readonly ManagedStructure[] = []) =>
          ctx.html(
            <DeparturePage
              ctx={ctx}
              departure={departure}
              form={{ values: {}, errors: { confirms: text } }}
              held={held}
            />,
            422,
          );
        if (!form.ok)
          return ctx.html(<DeparturePage ctx={ctx} departure={departure} form={form.state} />, 422);
        if (!form.values.confirms) return refuse(`Cochez « ${departure.tick} » pour continuer.`);
        const gone = await departure.go(ctx.database, ctx.who.accountId, ctx.actor);
        if (!gone.ok) return refuse(heldText(gone.refusal), gone.refusal.structures);
        ctx.setSession(null);
        ctx.reply.header("clear-site-data", '"cache","storage"');
        return ctx.redirect(`/compte/parti?comment=${departure === departures[0] ? "desactive" : "ferme"}`);
      },
    });
  }
  portal.page({
    method: "GET",
    url: "/compte/parti",
    access: "public",
    handler: (ctx) => {
      const { done, after } = departures[ctx.one("comment") === "ferme" ? 1 : 0];
      return ctx.html(
        <Page chrome={ctx.chrome} title={done} lead={after}>
          <Paragraph>
            <Link href="/">Retourner à l'accueil</Link>
          </Paragraph>
        </Page>,
      );
    },
  });
  emailedLink(portal, {
    path: "/compte/reactiver",
    find: async (ctx, secret) => (await isReactivationLinkAlive(ctx.database, secret)) || null,
    page: (ctx, secret) => (
      <Page
        chrome={ctx.chrome}
        title="Réactiver mon compte"
        lead="Vous retrouverez vos rattachements et vos droits."
      >
        <Form token={ctx.formToken} action="/compte/reactiver">
          <input type="hidden" name="lien" value={secret} />
          <FormFooter submit="Réactiver mon compte" />
        </Form>
      </Page>
    ),
    expired: (ctx) => <ExpiredLinkPage ctx={ctx} or="est trop ancien" again="/compte/lien" />,
    take: async (ctx, secret) => {
      const reactivated = await reactivateAccount(ctx.database, secret, ctx.request.ip);
      if (!reactivated.ok) return null;
      return ctx.html(
        <Page chrome={ctx.chrome} title="Votre compte est réactivé">
          <Paragraph>
            <Link href="/connexion">Se connecter</Link>
          </Paragraph>
        </Page>,
      );
    },
  });
}
