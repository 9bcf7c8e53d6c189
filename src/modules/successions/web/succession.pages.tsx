import { z } from "zod";
import { notFound } from "../../../web/access.ts";
import { formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import {
  Banner,
  Bullets,
  Form,
  FormFooter,
  Heading,
  Link,
  Paragraph,
  SummaryList,
  Table,
  Tag,
  type Tone,
} from "../../../web/ui/index.ts";
import { findStructure, listAllServices, type ServiceRow } from "../../structures/index.ts";
import { isReplaced, mayDecide, refuseGivingUp, undoableUntil } from "../domain/succession.ts";
import {
  type FollowedPerson,
  findSuccessionOf,
  listClosed,
  listFollowed,
  type SuccessionRow,
} from "../store.ts";
import { giveUpSuccession } from "../use-cases/give-up.ts";
import { rightsText } from "./rights-text.ts";
import { givingUpTexts } from "./texts.ts";

const url = "/organisation/structures/:structureId/services/:serviceId/remplacement";
const access = { action: "service.replace", on: "structure" } as const;

const states: { readonly [S in SuccessionRow["state"]]: { readonly tone: Tone; readonly label: string } } = {
  planned: { tone: "info", label: "Prévu" },
  done: { tone: "success", label: "Fait" },
  cancelled: { tone: "neutral", label: "Abandonné" },
  undone: { tone: "neutral", label: "Annulé" },
};

type Sheet = {
  readonly succession: SuccessionRow;
  readonly closed: readonly ServiceRow[];
  readonly people: readonly FollowedPerson[] | null;
  readonly mayGiveUp: boolean;
};

const pathOf = ({ structureId, id }: Pick<ServiceRow, "structureId" | "id">) =>
  `/organisation/structures/${structureId}/services/${id}`;

function SheetPage({ ctx, sheet, refusal }: { ctx: Context; sheet: Sheet; refusal?: string }) {
  const { succession, closed, people, mayGiveUp } = sheet;
  const { structureId, successorId, successorCode, successorLabel, state } = succession;
  const codes = closed.map((one) => one.code).join(", ");
  const { tone, label } = states[state];
  const isPlanned = state === "planned";
  const left = (people ?? []).filter((one) => one.leftOut.length > 0);
  return (
    <Page
      chrome={ctx.chrome}
      title={`Remplacement par ${successorCode}`}
      caption={ctx.membership.structure.displayName}
      crumbs={[
        { label: "Organisation", href: "/organisation" },
        { label: "Services", href: `/organisation/services?structureId=${structureId}` },
      ]}
      wide
      actions={<Tag tone={tone}>{label}</Tag>}
    >
      {refusal && <Banner tone="error" title={refusal} />}
      {succession.leftAsIs.length > 0 && (
        <Banner tone="warning" title="Ce que quelqu'un avait changé depuis est resté tel quel">
          <Bullets items={succession.leftAsIs} />
        </Banner>
      )}
      {state === "done" && left.length > 0 && (
        <Banner tone="warning" title="Des droits n'ont pas suivi">
          <p>
            {succession.decidedByLabel} ne pouvait pas les donner : {left.map((one) => one.name).join(", ")}.
            Donnez-les sur leur fiche s'il le faut.
          </p>
        </Banner>
      )}
      <SummaryList
        rows={[
          {
            label: closed.length > 1 ? "Services remplacés" : "Service remplacé",
            value: closed.map((one, index) => (
              <span key={one.id}>
                {index > 0 && <br />}
                <Link href={pathOf(one)}>{one.code}</Link> {one.label}
              </span>
            )),
          },
          {
            label: "Successeur",
            value: (
              <>
                <Link href={pathOf({ structureId, id: successorId })}>{successorCode}</Link> {successorLabel}
              </>
            ),
          },
          { label: "Date du remplacement", value: formatDateTime(succession.takesEffectAt) },
          {
            label: "Décidé",
            value: `Par ${succession.decidedByLabel}, le ${formatDateTime(succession.decidedAt)}`,
          },
          ...(succession.doneAt && succession.doneAt > succession.takesEffectAt
            ? [{ label: "Fait", value: `Le ${formatDateTime(succession.doneAt)}` }]
            : []),
          ...(succession.givenUpAt
            ? [
                {
                  label: label,
                  value: `Par ${succession.givenUpByLabel}, le ${formatDateTime(succession.givenUpAt)}`,
                },
              ]
            : []),
        ]}
      />
      {people && people.length > 0 && (
        <Table
          caption={closed.length > 1 ? "Les personnes de ces services" : "Les personnes de ce service"}
          rows={people}
          keyOf={(one) => one.membershipId}
          columns={[
            {
              title: "Personne",
              heads: true,
              cell: (one) => (
                <a href={`/organisation/structures/${structureId}/utilisateurs/${one.membershipId}`}>
                  {one.name}
                </a>
              ),
            },
            {
              title: `Droits donnés sur ${successorCode}`,
              cell: (one) => rightsText(one.given.map(({ right }) => right)) || "Aucun de plus",
            },
            ...(left.length > 0
              ? [{ title: "N'ont pas suivi", cell: (one: FollowedPerson) => rightsText(one.leftOut) || "—" }]
              : []),
          ]}
        />
      )}
      {isPlanned && (
        <Paragraph>
          Les personnes rattachées à {codes} ce jour-là suivront, avec les droits qu'elles y auront, dans la
          limite de ceux que {succession.decidedByLabel} aura.
        </Paragraph>
      )}
      {mayGiveUp && (
        <>
          <Heading>{isPlanned ? "Y renoncer" : "L'annuler"}</Heading>
          <Paragraph>
            {isPlanned
              ? `${codes} ${closed.length > 1 ? "retrouvent leurs" : "retrouve ses"} dates : rien d'autre n'avait changé.`
              : `Possible jusqu'au ${formatDateTime(undoableUntil(succession.doneAt!))}. Les services retrouvent leurs dates, et les droits donnés sur ${successorCode} sont retirés. Ce que quelqu'un a changé depuis reste tel quel, et vous le lirez ici.`}
          </Paragraph>
          <Form token={ctx.formToken} action={`${pathOf(closed[0]!)}/remplacement/annuler`}>
            <input type="hidden" name="successionId" value={succession.id} />
            <FormFooter
              submit={isPlanned ? "Renoncer à ce remplacement" : "Annuler ce remplacement"}
              kind="warning"
            />
          </Form>
        </>
      )}
    </Page>
  );
}

async function load(ctx: Context): Promise<Sheet> {
  const { structureId } = ctx.membership;
  return ctx.tx(async (tx, now) => {
    const succession = await findSuccessionOf(tx, structureId, ctx.id("serviceId"));
    if (!succession) throw notFound();
    const structure = (await findStructure(tx, structureId))!;
    const ids = new Set((await listClosed(tx, succession.id)).map((one) => one.serviceId));
    const services = await listAllServices(tx, structureId);
    const successor = services.find((one) => one.id === succession.successorId);
    const isSuccessorReplaced = successor !== undefined && isReplaced(successor, now);
    return {
      succession,
      closed: services.filter((one) => ids.has(one.id)),
      people: ctx.can("member.list", { serviceId: null }) ? await listFollowed(tx, succession.id) : null,
      mayGiveUp:
        mayDecide(ctx.membership, now) &&
        refuseGivingUp(succession, { structureState: structure.state, isSuccessorReplaced }, now) === null,
    };
  });
}

/** What a replacement of services is or was, and the way back from it. */
export function successionPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url,
    access,
    handler: async (ctx) => ctx.html(<SheetPage ctx={ctx} sheet={await load(ctx)} />),
  });
  portal.page({
    method: "POST",
    url: `${url}/annuler`,
    access,
    handler: async (ctx) => {
      const sheet = await load(ctx);
      const { structureId } = ctx.membership;
      // the one that was looked at: another may have been decided since
      const form = ctx.form({ successionId: z.coerce.number().int() });
      const successionId = form.ok ? form.values.successionId : 0;
      const done = await ctx.tx((tx, now) =>
        giveUpSuccession(tx, { structureId, successionId }, ctx.membership, ctx.actor, now),
      );
      if (!done.ok)
        return ctx.html(
          <SheetPage ctx={ctx} sheet={sheet} refusal={givingUpTexts[done.refusal.code]} />,
          422,
        );
      return ctx.redirect(
        `/organisation/structures/${structureId}/services/${ctx.id("serviceId")}/remplacement`,
        {
          confirmation: {
            title:
              sheet.succession.state === "planned"
                ? "Le remplacement n'aura pas lieu."
                : "Le remplacement est annulé.",
            text: "Les personnes concernées et les gestionnaires sont prévenus.",
          },
        },
      );
    },
  });
}
