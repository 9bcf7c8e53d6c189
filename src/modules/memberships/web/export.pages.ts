import type { Readable } from "node:stream";
import { publish } from "../../../platform/events.ts";
import { toFrenchDateTime } from "../../../shared/french-date-time.ts";
import { forbidden } from "../../../web/access.ts";
import { type CsvColumn, csvFile, inBatches, sendCsv, sendCsvFile } from "../../../web/csv.ts";
import type { CallerMembership, Context, Portal } from "../../../web/portal.ts";
import { exportEvent } from "../../audit/index.tsx";
import { applications } from "../../rights/index.ts";
import { refusalTexts } from "../domain/decisions.ts";
import { wishes } from "../domain/wishes.ts";
import { type ExportedMember, listMembersToExport } from "../exports-store.ts";
import { listRequestsToExport, type RequestRow } from "../requests-store.ts";
import { mayAnswer } from "../use-cases/answers.ts";

const BATCH = 500;
const date = (instant: Date | null) => (instant ? toFrenchDateTime(instant) : "");

const memberColumns = (ctx: Context): readonly CsvColumn<ExportedMember>[] => [
  ["Structure", () => ctx.membership.structure.displayName],
  ["Identifiant", () => ctx.membership.structure.identifierValue],
  ["Nom", (member) => member.lastName],
  ["Prénom", (member) => member.firstName],
  ["Adresse", (member) => member.signInEmail],
  ["État du compte", (member) => (member.accountState === "active" ? "Actif" : "Inactif")],
  ["État du rattachement", (member) => (member.state === "suspended" ? "Suspendu" : "Actif")],
  ["Rôle", (member) => (member.role === "mainManager" ? "Gestionnaire principal" : "Utilisateur")],
  ["Niveau", (member) => (member.scope === "structure" ? "Structure" : "Service")],
  ["Codes services", (member) => member.serviceCodes.join(", ")],
  ...applications.map(
    ({ code, label }): CsvColumn<ExportedMember> => [label, (member) => rightOf(member, code)],
  ),
  ["Du", (member) => date(member.startsAt)],
  ["Au", (member) => date(member.endsAt)],
  ["Rattaché par", (member) => member.attachedBy ?? ""],
  ["Rattaché le", (member) => date(member.createdAt)],
  // the month is enough to know who still comes
  ["Dernière connexion (mois)", (member) => date(member.lastSignInAt).slice(3, 10)],
  ["Double authentification", (member) => (member.hasSecondFactor ? "Oui" : "Non")],
];

/** A right in a cell: M (modification) or C (consultation), with its services when it is limited to some. */
function rightOf(member: ExportedMember, application: string): string {
  if (member.role === "mainManager") return "M";
  const held = member.grants.filter((grant) => grant.application === application);
  const letters = { write: "M", read: "C" } as const;
  return (
    (["write", "read"] as const)
      .flatMap((level) => {
        const places = held.filter((grant) => grant.level === level);
        if (places.length === 0) return [];
        const isWhole = places.some((grant) => grant.serviceCode === null);
        return isWhole
          ? [letters[level]]
          : [`${letters[level]} (${places.map((grant) => grant.serviceCode).join(", ")})`];
      })
      .join(" ; ") || "—"
  );
}

const requestStates = {
  pending: "En attente",
  approved: "Acceptée",
  refused: "Refusée",
  withdrawn: "Annulée",
  expired: "Expirée",
} as const;

const requestColumns: readonly CsvColumn<RequestRow>[] = [
  ["Numéro", (request) => String(request.id)],
  ["Structure", (request) => request.structureName],
  ["Nom", (request) => request.lastName],
  ["Prénom", (request) => request.firstName],
  ["Adresse", (request) => request.signInEmail],
  ["Niveau", (request) => (request.scope === "structure" ? "Structure" : "Service")],
  ["Codes services", (request) => request.serviceCodes.join(", ")],
  ["Pour", (request) => request.wishes.map((wish) => wishes[wish]).join(" ; ")],
  ["Message", (request) => request.message],
  ["Demandée le", (request) => date(request.askedAt)],
  ["État", (request) => requestStates[request.state]],
  ["Réponse le", (request) => date(request.answeredAt)],
  ["Réponse de", (request) => (request.state === "withdrawn" ? "" : (request.answeredByName ?? ""))],
  ["Motif du refus", (request) => request.refusalText || (request.refusalReason ?? "")],
];

/** The people of the structure of the page that the reader may see, with their rights, as a CSV file. */
export function membersFile(ctx: Context): Readable {
  const { structureId, serviceIds } = ctx.membership;
  const visible = ctx.can("member.list", { serviceId: null }) ? null : serviceIds;
  return csvFile(
    memberColumns(ctx),
    inBatches<ExportedMember>(BATCH, (after) =>
      ctx.tx((tx, now) => listMembersToExport(tx, structureId, visible, after?.id ?? 0, BATCH, now)),
    ),
  );
}

/** The members of a structure with their rights, and the requests that one may answer, as files. */
export function exportPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/organisation/utilisateurs.csv",
    access: { action: "member.list", on: "structure" },
    writes: "the export is in the journal",
    handler: async (ctx) => {
      const { structureId } = ctx.membership;
      await ctx.tx((tx) =>
        publish(tx, exportEvent(structureId, "les utilisateurs et leurs habilitations", ctx.actor)),
      );
      return sendCsvFile(ctx.reply, "utilisateurs.csv", membersFile(ctx));
    },
  });
  portal.page({
    method: "GET",
    url: "/organisation/demandes.csv",
    access: "account",
    writes: "the export is in the journal",
    handler: async (ctx) => {
      const answerable = ctx.who.memberships.filter((one) =>
        ctx.can("request.answer", { membership: one, serviceId: "any" }),
      );
      if (answerable.length === 0) throw forbidden(refusalTexts.NOT_ENTITLED);
      await ctx.tx(async (tx) => {
        for (const { structureId } of answerable)
          await publish(tx, exportEvent(structureId, "les demandes de rattachement", ctx.actor));
      });
      return sendCsv(ctx.reply, "demandes.csv", requestColumns, answerableBy(ctx, answerable));
    },
  });
}

/** The requests that these attachments let one answer, but one's own. */
async function* answerableBy(ctx: Context, members: readonly CallerMembership[]): AsyncGenerator<RequestRow> {
  const ids = members.map((one) => one.structureId);
  const all = inBatches<RequestRow>(BATCH, (after) =>
    ctx.tx((tx) => listRequestsToExport(tx, ids, after?.id ?? 0, BATCH)),
  );
  for await (const request of all) {
    const member = members.find((one) => one.structureId === request.structureId)!;
    if (request.accountId !== ctx.who.accountId && mayAnswer(member, request, ctx.now)) yield request;
  }
}
