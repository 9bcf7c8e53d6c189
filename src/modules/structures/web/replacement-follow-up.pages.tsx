import { forbidden, notFound } from "../../../web/access.ts";
import { formatDateTime, formatIdentifier } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { Banner, Bullets, Button, Form, FormFooter, Link } from "../../../web/ui/index.ts";
import { undoableUntil, undoTexts } from "../domain/replacement.ts";
import { findLastChange, type IdentifierChange } from "../replacement-store.ts";
import type { StructureRow } from "../store.ts";
import { cancelPlanned, refuseUndoOf, undoReplacement } from "../use-cases/replacement.ts";
import { chosenInstant, load, sheetCrumbs, sheetOf } from "./loaded-structure.tsx";

const access = { action: "structure.identify", on: "structure" } as const;
const url = "/organisation/structures/:structureId/changer-identifiant";
const eyes = "a change of identifier concerns two structures, of which the caller manages the first";

/** On the sheet of a structure: the change that it waits for, the one that failed, or the one that may be undone. */
export function ChangeBanner({
  ctx,
  structure,
  change,
}: {
  ctx: Context;
  structure: StructureRow;
  change: IdentifierChange | undefined;
}) {
  if (!change) return null;
  const mayChange = ctx.can("structure.identify");
  const number = formatIdentifier(change.identifierValue);
  if (change.state === "planned")
    return (
      <Banner
        tone="info"
        title={`Changement d'identifiant prévu le ${chosenInstant(change.effectiveAt)} : ${number}`}
      >
        <p>
          Demandé par {change.plannedByName}. Ce jour-là, une copie de la structure prendra sa place sous le
          nouvel identifiant.
        </p>
        {mayChange && (
          <Form token={ctx.formToken} action={`${sheetOf(structure)}/changer-identifiant/annuler`} inline>
            <Button kind="secondary" small>
              Annuler le changement prévu
            </Button>
          </Form>
        )}
      </Banner>
    );
  if (change.state === "failed" && structure.state === "active")
    return (
      <Banner tone="warning" title={`Le changement d'identifiant vers ${number} n'a pas eu lieu.`}>
        <p>{change.failure}</p>
      </Banner>
    );
  if (change.state === "done" && mayChange && ctx.now < undoableUntil(change.endedAt!))
    return (
      <Banner tone="info" title={`Identifiant changé le ${formatDateTime(change.endedAt!)}`}>
        <p>
          Une erreur ?{" "}
          <Link href={`${sheetOf({ id: change.structureId })}/changer-identifiant/defaire`}>
            Défaire le changement
          </Link>
          , jusqu'au {formatDateTime(undoableUntil(change.endedAt!))}, tant que personne n'a agi sous le
          nouvel identifiant.
        </p>
      </Banner>
    );
  return null;
}

function UndoPage({
  ctx,
  structure,
  change,
  refused,
}: {
  ctx: Context;
  structure: StructureRow;
  change: IdentifierChange;
  refused: string | null;
}) {
  const old = formatIdentifier(structure.identifierValue);
  const number = formatIdentifier(change.identifierValue);
  return (
    <Page
      chrome={ctx.chrome}
      title="Défaire le changement d'identifiant"
      caption={structure.displayName}
      crumbs={sheetCrumbs(structure)}
      hasErrors={refused !== null}
    >
      {refused !== null ? (
        <Banner tone="error" title={refused} />
      ) : (
        <>
          <Bullets
            items={[
              `${structure.displayName} redevient active sous ${old}, telle qu'elle était, avec ses personnes et leurs droits.`,
              `Sa copie sous ${number} est archivée ; ce numéro est de nouveau libre.`,
              "Les demandes et les invitations closes par le changement restent à refaire.",
            ]}
          />
          <Form token={ctx.formToken}>
            <FormFooter submit="Défaire le changement" kind="warning" cancel={sheetOf(structure)} />
          </Form>
        </>
      )}
    </Page>
  );
}

/** What becomes of a change of identifier: cancelled before its day, undone for seven days after (STR-11). */
export function replacementFollowUpPages(portal: Portal): void {
  portal.page({
    method: "POST",
    url: `${url}/annuler`,
    access,
    handler: async (ctx) => {
      const structure = await load(ctx);
      const done = await ctx.tx((tx, now) => cancelPlanned(tx, structure, ctx.actor, now));
      if (!done.ok)
        throw forbidden(
          "Aucun changement d'identifiant n'est plus prévu : il a eu lieu, ou vient d'être annulé.",
        );
      return ctx.redirect(sheetOf(structure), {
        confirmation: {
          title: "Le changement d'identifiant est annulé.",
          text: "Rien ne change. Les gestionnaires sont prévenus.",
        },
      });
    },
  });
  const lastDone = async (ctx: Context) => {
    const structure = await load(ctx);
    const change = await ctx.tx((tx) => findLastChange(tx, structure.id));
    if (change?.structureId !== structure.id || change.copyId === null) throw notFound();
    return { structure, change: { ...change, copyId: change.copyId, endedAt: change.endedAt! } };
  };
  portal.page({
    method: "GET",
    url: `${url}/defaire`,
    access,
    fresh: true,
    handler: async (ctx) => {
      const { structure, change } = await lastDone(ctx);
      const refusal = await ctx.systemTx(eyes, (tx) => refuseUndoOf(tx, change, ctx.now));
      const refused = refusal && undoTexts[refusal];
      return ctx.html(<UndoPage ctx={ctx} structure={structure} change={change} refused={refused} />);
    },
  });
  portal.page({
    method: "POST",
    url: `${url}/defaire`,
    access,
    fresh: true,
    handler: async (ctx) => {
      const { structure, change } = await lastDone(ctx);
      const done = await ctx.systemTx(eyes, (tx, now) => undoReplacement(tx, structure.id, ctx.actor, now));
      if (!done.ok) {
        const refused = undoTexts[done.refusal.code];
        return ctx.html(<UndoPage ctx={ctx} structure={structure} change={change} refused={refused} />, 422);
      }
      return ctx.redirect(sheetOf(structure), {
        confirmation: {
          title: "Le changement d'identifiant est défait.",
          text: "La structure est de nouveau active, telle qu'elle était. Ses personnes sont prévenues.",
        },
      });
    },
  });
}
