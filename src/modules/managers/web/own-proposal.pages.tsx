import { forbidden, notFound } from "../../../web/access.ts";
import { formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { choices, text, typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Bullets,
  Button,
  ButtonLink,
  Card,
  Checkboxes,
  Form,
  FormFooter,
  type FormState,
  noForm,
  SummaryList,
  Textarea,
} from "../../../web/ui/index.ts";
import { proposalRefusalTexts } from "../domain/proposal.ts";
import { findProposal, listProposalsTo, type OwnProposal, type ProposalRow } from "../store.ts";
import { answerProposal } from "../use-cases/proposals.ts";

const crumbs = [{ label: "Mes rattachements", href: "/mes-rattachements" }];
const url = "/mes-rattachements/propositions/:proposalId";

async function load(ctx: Context): Promise<ProposalRow> {
  const proposal = await ctx.tx((tx) => findProposal(tx, ctx.id("proposalId")));
  if (proposal?.accountId !== ctx.who.accountId) throw notFound();
  return proposal;
}

/** The other nominations of the same author that wait for the same person: she may take them together. */
async function loadOthers(ctx: Context, proposal: ProposalRow): Promise<readonly OwnProposal[]> {
  const all = await ctx.tx((tx, now) => listProposalsTo(tx, ctx.who.accountId, now));
  return all.filter(
    (one) => one.id !== proposal.id && one.kind === "name" && one.proposedBy === proposal.proposedBy,
  );
}

function ProposalPage({
  ctx,
  proposal,
  others,
  form,
}: {
  ctx: Context;
  proposal: ProposalRow;
  others: readonly OwnProposal[];
  form: FormState;
}) {
  const isRemoval = proposal.kind === "remove";
  const isWaiting = proposal.state === "open" && ctx.now < proposal.dueAt;
  const path = `/mes-rattachements/propositions/${proposal.id}`;
  return (
    <Page
      chrome={ctx.chrome}
      title={isRemoval ? "Retrait de votre rôle de gestionnaire" : "On vous propose de gérer une structure"}
      caption={proposal.structureName}
      crumbs={crumbs}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <SummaryList
        rows={[
          { label: "Structure", value: proposal.structureName },
          {
            label: isRemoval ? "Demandé par" : "Proposé par",
            value: `${proposal.authorName}, le ${formatDateTime(proposal.proposedAt)}`,
          },
          ...(proposal.reason ? [{ label: "Motif", value: proposal.reason }] : []),
          { label: "Réponse attendue avant le", value: formatDateTime(proposal.dueAt) },
        ]}
      />
      {!isWaiting ? (
        <>
          <Banner
            tone="info"
            title={
              proposal.state === "objected"
                ? "Votre opposition est enregistrée : vous restez gestionnaire principal jusqu'à la décision."
                : "Cette proposition n'est plus en cours."
            }
          />
          <ButtonLink kind="secondary" href="/mes-rattachements">
            Voir mes rattachements
          </ButtonLink>
        </>
      ) : isRemoval ? (
        <Card title="Vous y opposer">
          <Form token={ctx.formToken} action={`${path}/s-opposer`} state={form}>
            <Textarea
              form={form}
              name="text"
              label="Vos raisons"
              required
              rows={3}
              maxlength={500}
              hint="Les autres gestionnaires, ou l'opérateur du portail, les liront pour décider."
            />
            <FormFooter
              submit="M'opposer au retrait"
              cancel="/mes-rattachements"
              cancelLabel="Ne pas m'opposer"
            />
          </Form>
        </Card>
      ) : (
        <>
          <Bullets
            items={[
              "Vous répondrez de la structure, de ses utilisateurs et de leurs droits.",
              "Vous y aurez tous les droits, sur toute la structure et sans date de fin.",
              proposal.kind === "handOver"
                ? `${proposal.authorName} vous laisse la place.`
                : `${proposal.authorName} reste gestionnaire principal avec vous.`,
            ]}
          />
          <Form token={ctx.formToken} action={`${path}/accepter`}>
            {others.length > 0 && (
              <Checkboxes
                form={noForm}
                name="autres"
                label="Accepter aussi pour"
                list
                value={others.map((one) => String(one.id))}
                options={others.map((one) => ({ value: String(one.id), label: one.structureName }))}
              />
            )}
            <Button>Accepter de gérer {proposal.structureName}</Button>
          </Form>
          <Card title="Décliner">
            <Form token={ctx.formToken} action={`${path}/decliner`} state={form}>
              <Textarea form={form} name="text" label="Motif" rows={2} maxlength={500} />
              <Button kind="secondary">Décliner</Button>
            </Form>
          </Card>
        </>
      )}
    </Page>
  );
}

/** What a person answers to a proposal about her: accept or decline the role, object to losing it. */
export function ownProposalPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url,
    access: "account",
    handler: async (ctx) => {
      const proposal = await load(ctx);
      const others = await loadOthers(ctx, proposal);
      return ctx.html(<ProposalPage ctx={ctx} proposal={proposal} others={others} form={noForm} />);
    },
  });
  for (const [verb, act, says] of [
    ["accepter", "accept", (name: string) => `Vous êtes gestionnaire principal de ${name}.`],
    ["decliner", "decline", (name: string) => `Vous avez décliné la gestion de ${name}.`],
    [
      "s-opposer",
      "object",
      (name: string) => `Votre opposition est enregistrée : vous gérez toujours ${name}.`,
    ],
  ] as const)
    portal.page({
      method: "POST",
      url: `${url}/${verb}`,
      access: "account",
      ...(act === "accept" ? { fresh: true } : {}),
      handler: async (ctx) => {
        const proposal = await load(ctx);
        const form = ctx.form({
          text: act === "object" ? text.required("Vos raisons", 500) : text.optional("Motif", 500),
          autres: choices,
        });
        if (!form.ok)
          return ctx.html(
            <ProposalPage
              ctx={ctx}
              proposal={proposal}
              others={await loadOthers(ctx, proposal)}
              form={{ values: typedValues(ctx.body), errors: form.state.errors }}
            />,
            422,
          );
        const taken = act === "accept" ? form.values.autres : [];
        const others = (await loadOthers(ctx, proposal)).filter((one) => taken.includes(String(one.id)));
        const reason = act === "accept" ? "" : form.values.text;
        const names = await ctx.tx(async (tx, now) => {
          const done: string[] = [];
          // always in the same order: two people who do the same at once wait for one another
          for (const one of [proposal, ...others].toSorted((a, b) => a.structureId - b.structureId)) {
            const answered = await answerProposal(
              tx,
              { id: one.id, kind: act, text: reason },
              { accountId: ctx.who.accountId, structureId: one.structureId },
              ctx.actor,
              now,
            );
            // the page is about this one: refused, it takes the others with it
            if (!answered.ok && one.id === proposal.id)
              throw forbidden(proposalRefusalTexts[answered.refusal.code]);
            if (answered.ok) done.push(answered.value.structureName);
          }
          return done;
        });
        return ctx.redirect(
          act === "accept"
            ? `/organisation/gestionnaires?structureId=${proposal.structureId}`
            : "/mes-rattachements",
          { confirmation: { title: says(names.join(", ")) } },
        );
      },
    });
}
