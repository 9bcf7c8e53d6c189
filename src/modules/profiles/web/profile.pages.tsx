import { z } from "zod";
import { forbidden, notFound } from "../../../web/access.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { box, text, typedValues } from "../../../web/read-form.ts";
import {
  Button,
  ButtonLink,
  Card,
  Checkbox,
  Form,
  FormFooter,
  type FormState,
  noForm,
  Select,
  Table,
  Tag,
  TextInput,
} from "../../../web/ui/index.ts";
import { changeMany, type RowOutcome, refusalTexts } from "../../memberships/index.ts";
import { type Offer, type OfferedProfile, profileRefusalTexts } from "../domain/offered-profiles.ts";
import { listHolders } from "../store.ts";
import {
  chooseDefaultProfile,
  offerWithDefault,
  removeProfile,
  restoreProfile,
  saveProfile,
} from "../use-cases/profiles.ts";
import { linesFrom, RightsFields, rightsShape } from "./rights-fields.tsx";

const access = { action: "profile.change", on: "structure" } as const;
const listUrl = (structureId: number) => `/organisation/ensembles-de-droits?structureId=${structureId}`;
const profileUrl = (structureId: number, code: string) =>
  `/organisation/structures/${structureId}/ensembles-de-droits/${code}`;
const presetUrl = (structureId: number) =>
  `/organisation/structures/${structureId}/ensemble-de-droits-par-defaut`;
const organisation = { label: "Organisation", href: "/organisation" };

const kinds = {
  ready: { tone: "neutral", label: "Du portail" },
  adapted: { tone: "info", label: "Adapté" },
  own: { tone: "success", label: "Propre à la structure" },
} as const;

type Loaded = Offer & {
  readonly holders: ReadonlyMap<string, readonly number[]>;
  /** The set proposed first when rights are given. */
  readonly preset: OfferedProfile;
};

const load = (ctx: Context): Promise<Loaded> =>
  ctx.tx(async (tx) => ({
    ...(await offerWithDefault(tx, ctx.membership.structureId)),
    holders: await listHolders(tx, ctx.membership.structureId),
  }));

function ListPage({ ctx, offer }: { ctx: Context; offer: Loaded }) {
  const { structureId, structure } = ctx.membership;
  return (
    <Page
      chrome={ctx.chrome}
      title="Ensembles de droits"
      caption={structure.displayName}
      crumbs={[organisation]}
      lead="Ce que l'on propose quand on donne des droits. En changer un ne change personne, sauf si vous le demandez."
      wide
      actions={<ButtonLink href={profileUrl(structureId, "nouveau")}>Ajouter un ensemble</ButtonLink>}
    >
      <Table
        caption="Ensembles proposés"
        rows={offer.offered}
        keyOf={(one) => one.code}
        columns={[
          {
            title: "Ensemble",
            heads: true,
            cell: (one) => <a href={profileUrl(structureId, one.code)}>{one.name}</a>,
          },
          { title: "Ce qu'il donne", cell: (one) => one.says || "—" },
          {
            title: "Nature",
            cell: (one) => (
              <>
                <Tag tone={kinds[one.kind].tone}>{kinds[one.kind].label}</Tag>
                {one.code === offer.preset.code && <Tag tone="info">Par défaut</Tag>}
              </>
            ),
          },
          { title: "Personnes", cell: (one) => offer.holders.get(one.name)?.length ?? 0 },
          {
            title: "Action",
            cell: (one) => (
              <>
                {one.kind === "adapted" && (
                  <>
                    <RestoreForm ctx={ctx} profile={one} />{" "}
                  </>
                )}
                {one.code !== offer.preset.code && (
                  <Form token={ctx.formToken} action={`${profileUrl(structureId, one.code)}/retirer`} inline>
                    <Button kind="secondary" small>
                      Retirer<span class="govuk-visually-hidden"> {one.name}</span>
                    </Button>
                  </Form>
                )}
              </>
            ),
          },
        ]}
      />
      {ctx.can("profile.preset") && offer.offered.length > 1 && (
        <Form token={ctx.formToken} action={presetUrl(structureId)} bar>
          <Select
            form={noForm}
            name="profile"
            label="Ensemble proposé d'abord à qui rejoint la structure"
            required
            value={offer.preset.code}
            options={offer.offered.map((one) => ({ value: one.code, label: one.name }))}
          />
          <Button kind="secondary">Proposer celui-ci</Button>
        </Form>
      )}
      {offer.hidden.length > 0 && (
        <Table
          caption="Ensembles du portail retirés"
          rows={offer.hidden}
          keyOf={(one) => one.code}
          columns={[
            { title: "Ensemble", heads: true, cell: (one) => one.name },
            { title: "Ce qu'il donne", cell: (one) => one.says },
            { title: "Action", cell: (one) => <RestoreForm ctx={ctx} profile={one} /> },
          ]}
        />
      )}
    </Page>
  );
}

function RestoreForm({ ctx, profile }: { ctx: Context; profile: { code: string; name: string } }) {
  return (
    <Form
      token={ctx.formToken}
      action={`${profileUrl(ctx.membership.structureId, profile.code)}/retablir`}
      inline
    >
      <Button kind="secondary" small>
        Rétablir<span class="govuk-visually-hidden"> {profile.name}</span>
      </Button>
    </Form>
  );
}

function EditPage(props: {
  ctx: Context;
  profile: OfferedProfile | null;
  holderCount: number;
  form: FormState;
}) {
  const { ctx, profile, holderCount, form } = props;
  const { structureId, structure } = ctx.membership;
  return (
    <Page
      chrome={ctx.chrome}
      title={profile ? `Ensemble « ${profile.name} »` : "Ajouter un ensemble de droits"}
      caption={structure.displayName}
      crumbs={[organisation, { label: "Ensembles de droits", href: listUrl(structureId) }]}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} state={form}>
        <input type="hidden" name="version" value={profile?.version ?? 0} />
        <TextInput
          form={form}
          name="name"
          label="Nom"
          required
          maxlength={60}
          value={profile?.name}
          autocomplete="off"
        />
        <TextInput
          form={form}
          name="says"
          label="En une phrase"
          maxlength={200}
          value={profile?.says}
          autocomplete="off"
          hint="Ce que cet ensemble permet, pour qui le donne."
        />
        <Card title="Droits">
          <RightsFields
            form={form}
            kind={structure.kind}
            levelOf={(code) => profile?.lines.find((one) => one.application === code)?.level ?? "none"}
          />
        </Card>
        {holderCount > 0 && (
          <Checkbox
            form={form}
            name="reapply"
            hint={
              holderCount > 1
                ? "Sinon, elles gardent leurs droits d'aujourd'hui."
                : "Sinon, elle garde ses droits d'aujourd'hui."
            }
            label={
              holderCount > 1
                ? `Donner aussi ces droits aux ${holderCount} personnes qui ont reçu cet ensemble`
                : "Donner aussi ces droits à la personne qui a reçu cet ensemble"
            }
          />
        )}
        <FormFooter cancel={listUrl(structureId)} />
      </Form>
    </Page>
  );
}

/** What became of the people who follow a change, in a sentence. */
function followersText(outcomes: readonly RowOutcome[]): string | undefined {
  if (outcomes.length === 0) return undefined;
  const followed = outcomes.filter((one) => one.refusal === null).length;
  const refused = outcomes.flatMap((one) =>
    one.refusal === null ? [] : [`${one.name} : ${refusalTexts[one.refusal]}`],
  );
  return [`Personnes dont les droits ont suivi : ${followed}.`, ...refused].join(" ");
}

/** The sets of rights of a structure: look, add, adapt, take away, bring back. */
export function profilePages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/organisation/ensembles-de-droits",
    access,
    handler: async (ctx) => ctx.html(<ListPage ctx={ctx} offer={await load(ctx)} />),
  });
  const url = "/organisation/structures/:structureId/ensembles-de-droits/:profileCode";
  const codeOf = (ctx: Context) => (ctx.request.params as { profileCode: string }).profileCode;
  const loadOne = async (ctx: Context) => {
    const code = codeOf(ctx);
    if (code === "nouveau") return { profile: null, holderCount: 0 };
    const { offered, holders } = await load(ctx);
    const profile = offered.find((one) => one.code === code);
    if (!profile) throw notFound();
    return { profile, holderCount: holders.get(profile.name)?.length ?? 0 };
  };
  portal.page({
    method: "GET",
    url,
    access,
    handler: async (ctx) => ctx.html(<EditPage ctx={ctx} {...(await loadOne(ctx))} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url,
    access,
    handler: async (ctx) => {
      const found = await loadOne(ctx);
      const again = (form: FormState) => ctx.html(<EditPage ctx={ctx} {...found} form={form} />, 422);
      const form = ctx.form({
        version: z.coerce.number().int().min(0),
        name: text.required("Nom", 60),
        says: text.optional("En une phrase", 200),
        reapply: box,
        ...rightsShape,
      });
      if (!form.ok) return again(form.state);
      const { version, name, says, reapply } = form.values as unknown as {
        version: number;
        name: string;
        says: string;
        reapply: boolean;
      };
      const draft = { name, says, lines: linesFrom(form.values) };
      const saved = await ctx.tx(async (tx, now) => {
        const done = await saveProfile(
          tx,
          { edits: found.profile && { code: found.profile.code, version }, draft },
          ctx.membership,
          ctx.actor,
          now,
        );
        if (!done.ok) return done;
        const act = { kind: "giveSet", set: draft } as const;
        const membershipIds = reapply ? done.value.holders : [];
        return {
          ok: true as const,
          outcomes: await changeMany(tx, { membershipIds, act }, ctx.membership, ctx.actor, now),
        };
      });
      if (!saved.ok)
        return again({
          values: typedValues(ctx.body),
          errors: { name: profileRefusalTexts[saved.refusal.code] },
        });
      const followers = followersText(saved.outcomes);
      return ctx.redirect(listUrl(ctx.membership.structureId), {
        confirmation: {
          title: `L'ensemble de droits « ${name} » est enregistré.`,
          ...(followers ? { text: followers } : {}),
        },
      });
    },
  });
  portal.page({
    method: "POST",
    url: "/organisation/structures/:structureId/ensemble-de-droits-par-defaut",
    access: { action: "profile.preset", on: "structure" },
    handler: async (ctx) => {
      const form = ctx.form({ profile: z.string().default("") });
      const code = form.ok ? form.values.profile : "";
      const done = await ctx.tx((tx) => chooseDefaultProfile(tx, code, ctx.membership, ctx.actor));
      if (!done.ok) throw notFound();
      return ctx.redirect(listUrl(ctx.membership.structureId), {
        confirmation: {
          title: `« ${done.value.name} » est proposé d'abord à qui rejoint la structure.`,
          text: "Qui est déjà rattaché garde ses droits.",
        },
      });
    },
  });
  for (const [verb, act, says] of [
    ["retirer", removeProfile, "n'est plus proposé. Qui l'a reçu garde ses droits."],
    ["retablir", restoreProfile, "est rétabli tel que le portail le donne."],
  ] as const)
    portal.page({
      method: "POST",
      url: `${url}/${verb}`,
      access,
      handler: async (ctx) => {
        const done = await ctx.tx((tx, now) => act(tx, codeOf(ctx), ctx.membership, ctx.actor, now));
        if (!done.ok) {
          if (done.refusal.code === "NOT_FOUND") throw notFound();
          throw forbidden(profileRefusalTexts[done.refusal.code]);
        }
        return ctx.redirect(listUrl(ctx.membership.structureId), {
          confirmation: { title: `L'ensemble de droits « ${done.value.name} » ${says}` },
        });
      },
    });
}
