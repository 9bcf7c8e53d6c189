import { sql } from "kysely";
import type { Tx } from "../../../platform/database/index.ts";
import type { Actor } from "../../../platform/events.ts";
import { canonicalEmail } from "../../../shared/email-address.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import {
  attachUser,
  changeGrants,
  detachUser,
  findLivingMembership,
  findMembership,
  type Gift,
  listInvitations,
  type MembershipRefusal,
  type MembershipRow,
  mayActOn,
  readGift,
  refusalTexts,
  rightsOf,
  standingOfAddress,
  suspendMembership,
} from "../../memberships/index.ts";
import { offeredProfiles } from "../../profiles/index.ts";
import { findStructure, listOpenServices } from "../../structures/index.ts";
import type { ImportTarget, JudgedLine, StructureImport } from "../domain/import.ts";
import {
  isSameStanding,
  type MembershipLine,
  membershipColumns,
  readMembershipLine,
  type Standing,
} from "../domain/membership-lines.ts";
import { folded, type TableRow } from "../domain/table.ts";

const ORDINARY_PROFILE = "utilisateur";
const willBe = {
  // whether the address has an account is not for the importer to learn
  attach: "Sera rattaché, ou invité",
  change: "Sera modifié",
  suspend: "Sera suspendu",
  detach: "Sera détaché",
} as const;

/**
 * Source: organisation.md 15.2. A line is judged by doing it, then undoing it: the verdict is what the rules of the
 * screens answer, those that need the lines before it included.
 */
export const membershipImport: StructureImport = {
  of: "structure",
  name: "memberships",
  path: "rattachements",
  title: "rattachements",
  action: "member.attach",
  // an address may have an account that the importer does not see
  seesEverything: true,
  maxLines: 1_000,
  columns: membershipColumns,
  examples: [
    ["rattacher", "lea.martin@exemple.fr", "Léa", "Martin", "", "structure", "", "Utilisateur", ""],
    [
      "rattacher",
      "jo.petit@exemple.fr",
      "Jo",
      "Petit",
      "",
      "service",
      "FI_SGPI,ST_VOIRIE",
      "Lecture seule",
      "31/12/2027",
    ],
  ],
  help: [
    "action, obligatoire : rattacher, modifier, suspendre ou detacher.",
    "adresse, obligatoire : elle désigne la personne. Sans compte, elle reçoit une invitation.",
    "niveau : structure ou service ; codes_services : séparés par des virgules.",
    "profil : un des ensembles de droits de la structure ; vide, « Utilisateur ». au : date de fin, facultative.",
    "Le même fichier deux fois ne change rien la seconde. Chacun reçoit un message, comme depuis l'écran.",
  ],
  shown: [
    { title: "Action", cell: (line) => line.cells.action ?? "" },
    { title: "Adresse", cell: (line) => line.cells.adresse ?? "" },
    { title: "Services", cell: (line) => line.cells.codes_services || "—" },
  ],
  list: { label: "Utilisateurs", path: "/organisation/utilisateurs" },
  judge: async (tx, rows, target, _options, now) => {
    const judged: JudgedLine[] = [];
    const actor: Actor = { accountId: target.member.accountId, label: "Analyse", means: "import" };
    await sql`savepoint analysis`.execute(tx);
    for (const row of rows) judged.push(verdictOf(row, await applyRow(tx, row, target, actor, now)));
    await sql`rollback to savepoint analysis`.execute(tx);
    return judged;
  },
  apply: async (tx, line, target, actor, now) => {
    const answer = await applyRow(tx, line, target, actor, now);
    return answer.ok ? accepted(answer.value === "same" ? "same" : "done") : answer;
  },
  refusalOf: () => null,
};

const verdicts = { attach: "create", change: "change", suspend: "close", detach: "close" } as const;

function verdictOf(row: TableRow, answer: Result<Outcome, string>): JudgedLine {
  if (!answer.ok) return { ...row, verdict: "refused", says: answer.refusal };
  return answer.value === "same"
    ? { ...row, verdict: "same", says: "Déjà fait" }
    : { ...row, verdict: verdicts[answer.value], says: willBe[answer.value] };
}

/** What a line did, or that there was nothing to do. */
type Outcome = MembershipLine["action"] | "same";

async function applyRow(
  tx: Tx,
  row: TableRow,
  target: ImportTarget,
  actor: Actor,
  now: Date,
): Promise<Result<Outcome, string>> {
  const structure = (await findStructure(tx, target.structureId))!;
  const line = readMembershipLine(row.cells, structure.identifierValue);
  if (!line.ok) return line;
  const member = await livingMember(tx, target.structureId, line.value.email);
  const { action } = line.value;
  if (action === "suspend" || action === "detach") return close(tx, action, member, target, actor, now);
  const gift = await giftOf(tx, line.value, target.structureId, now);
  if (!gift.ok) return gift;
  return action === "attach"
    ? attach(tx, line.value, gift.value, member, target, actor, now)
    : change(tx, gift.value, member, target, actor, now);
}

async function livingMember(tx: Tx, structureId: number, email: string): Promise<MembershipRow | undefined> {
  const { accountId } = await standingOfAddress(tx, email);
  if (accountId === null) return undefined;
  const living = await findLivingMembership(tx, accountId, structureId);
  return living && findMembership(tx, structureId, living.id);
}

/** The set of rights and the services that a line names. */
async function giftOf(
  tx: Tx,
  line: MembershipLine,
  structureId: number,
  now: Date,
): Promise<Result<Gift, string>> {
  const profiles = await offeredProfiles(tx, structureId);
  const wanted = folded(line.profile || ORDINARY_PROFILE);
  const profile = profiles.find((one) => one.code === wanted || folded(one.name) === wanted);
  if (!profile)
    return refused(
      `Ensemble de droits « ${line.profile} » inconnu. Possibles : ${profiles.map((one) => one.name).join(", ")}.`,
    );
  const services = await listOpenServices(tx, structureId, now);
  const serviceIds: number[] = [];
  for (const code of line.serviceCodes) {
    const service = services.find((one) => one.code.toLowerCase() === code.toLowerCase());
    if (!service) return refused(`Le service « ${code} » n'existe pas ici, ou est terminé.`);
    serviceIds.push(service.id);
  }
  const mayAccept = profile.lines.some((one) => one.application === "memberships.approve");
  const { scope, startsAt, endsAt } = line;
  return accepted({ scope, serviceIds, profile: profile.code, mayAccept, adjustment: {}, startsAt, endsAt });
}

async function attach(
  tx: Tx,
  line: MembershipLine,
  gift: Gift,
  member: MembershipRow | undefined,
  target: ImportTarget,
  actor: Actor,
  now: Date,
): Promise<Result<Outcome, string>> {
  const wanted = await standingOf(tx, gift, target, now);
  if (!wanted.ok) return refused(refusalTexts[wanted.refusal.code]);
  if (member && isSameStanding(await presentStanding(tx, member), wanted.value)) return accepted("same");
  const invitation = (await listInvitations(tx, target.structureId)).find(
    (one) => canonicalEmail(one.email) === canonicalEmail(line.email) && one.expiresAt > now,
  );
  if (invitation && isSameStanding(invitation, wanted.value)) return accepted("same");
  const { email, firstName, lastName } = line;
  return answerOf(
    "attach",
    await attachUser(
      tx,
      { ...gift, email, firstName, lastName, message: "", confirmsWidening: true },
      { ...target.member, email: target.email },
      { invitationDays: target.invitationDays, origin: "import" },
      actor,
      now,
    ),
  );
}

async function change(
  tx: Tx,
  gift: Gift,
  member: MembershipRow | undefined,
  target: ImportTarget,
  actor: Actor,
  now: Date,
): Promise<Result<Outcome, string>> {
  if (!member) return refused("Cette personne n'est pas rattachée : employez l'action rattacher.");
  if (!mayActOn(target.member, member.openServiceIds, member.scope, now))
    return refused(refusalTexts.NOT_YOUR_SERVICES);
  const wanted = await standingOf(tx, gift, target, now);
  if (!wanted.ok) return refused(refusalTexts[wanted.refusal.code]);
  if (isSameStanding(await presentStanding(tx, member), wanted.value)) return accepted("same");
  return answerOf(
    "change",
    await changeGrants(tx, { membershipId: member.id, ...wanted.value }, target.member, actor, now),
  );
}

async function close(
  tx: Tx,
  action: "suspend" | "detach",
  member: MembershipRow | undefined,
  target: ImportTarget,
  actor: Actor,
  now: Date,
): Promise<Result<Outcome, string>> {
  if (!member) return action === "detach" ? accepted("same") : refused("Cette personne n'est pas rattachée.");
  if (!mayActOn(target.member, member.openServiceIds, member.scope, now))
    return refused(refusalTexts.NOT_YOUR_SERVICES);
  if (action === "detach")
    return answerOf(
      "detach",
      await detachUser(
        tx,
        { membershipId: member.id, reason: "Import d'un fichier" },
        target.member,
        actor,
        now,
      ),
    );
  if (member.state === "suspended") return accepted("same");
  return answerOf("suspend", await suspendMembership(tx, member.id, target.member, actor, now));
}

async function standingOf(tx: Tx, gift: Gift, target: ImportTarget, now: Date) {
  const read = await readGift(tx, target.member, gift, now);
  return read.ok
    ? accepted({
        scope: gift.scope,
        serviceIds: read.value.serviceIds,
        grants: read.value.grants,
        endsAt: gift.endsAt,
      })
    : read;
}

async function presentStanding(tx: Tx, member: MembershipRow): Promise<Standing> {
  return { ...(await rightsOf(tx, member)), endsAt: member.endsAt };
}

function answerOf(
  action: MembershipLine["action"],
  answer: Result<unknown, MembershipRefusal>,
): Result<Outcome, string> {
  return answer.ok ? accepted(action) : refused(refusalTexts[answer.refusal.code]);
}
