import type { Tx } from "../../../platform/database/index.ts";
import { type Actor, rehearse } from "../../../platform/events.ts";
import { canonicalEmail } from "../../../shared/email-address.ts";
import { toFrenchDateTime } from "../../../shared/french-date-time.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import {
  attachUser,
  changeGrants,
  detachUser,
  type ExportedMember,
  findInvitationTo,
  findMemberByAddress,
  type Gift,
  type Givable,
  type GrantRow,
  type InvitationRow,
  listGrants,
  listMembersToExport,
  loadGivable,
  type MembershipRefusal,
  type MembershipRow,
  mayActOn,
  readGift,
  refusalTexts,
  suspendMembership,
} from "../../memberships/index.ts";
import { offeredProfiles } from "../../profiles/index.ts";
import type { ReadyProfile } from "../../rights/index.ts";
import { findStructure } from "../../structures/index.ts";
import type { ImportTarget, JudgedLine, StructureImport } from "../domain/import.ts";
import {
  isSameStanding,
  MAIN_MANAGER,
  type MembershipLine,
  membershipColumns,
  OWN_RIGHTS,
  readMembershipLine,
  type Standing,
  setOf,
} from "../domain/membership-lines.ts";
import { folded, type TableRow } from "../domain/table.ts";

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
  maxLines: 5_000,
  columns: membershipColumns,
  examples: [
    ["rattacher", "lea.martin@exemple.fr", "Léa", "Martin", "", "structure", "", "Utilisateur", "", ""],
    [
      "rattacher",
      "jo.petit@exemple.fr",
      "Jo",
      "Petit",
      "",
      "service",
      "FI_SGPI,ST_VOIRIE",
      "Lecture seule",
      "01/09/2027",
      "31/12/2027",
    ],
  ],
  help: [
    "action, obligatoire : rattacher, modifier, suspendre ou detacher.",
    "adresse, obligatoire : elle désigne la personne. Sans compte, elle reçoit une invitation.",
    "niveau : structure ou service ; codes_services : séparés par des virgules.",
    "profil : un des ensembles de droits de la structure ; vide, celui proposé par défaut ; « Sur mesure » garde les droits de la personne.",
    "du et au : dates de début et de fin, facultatives. Une seule ligne par personne.",
    "Le même fichier deux fois ne change rien la seconde. Chacun reçoit un message, comme depuis l'écran.",
  ],
  shown: [
    { title: "Action", cell: (line) => line.cells.action ?? "" },
    { title: "Adresse", cell: (line) => line.cells.adresse ?? "" },
    { title: "Services", cell: (line) => line.cells.codes_services || "—" },
  ],
  list: { label: "Utilisateurs", path: "/organisation/utilisateurs" },
  judge: (tx, rows, target, _options, now) =>
    rehearse(tx, async () => {
      const judged: JudgedLine[] = [];
      const actor: Actor = { accountId: target.member.accountId, label: "Analyse", means: "import" };
      const place = await loadPlace(tx, target.structureId, now);
      const seenAt = new Map<string, number>();
      for (const row of rows) {
        const address = canonicalEmail(row.cells.adresse ?? "");
        const twin = seenAt.get(address);
        const line =
          twin === undefined
            ? verdictOf(row, await applyRow(tx, row, { ...target, ...place }, actor, now))
            : { ...row, verdict: "refused" as const, says: `Cette adresse figure déjà à la ligne ${twin}.` };
        if (line.verdict !== "refused") seenAt.set(address, row.lineNumber);
        judged.push(line);
      }
      return judged;
    }),
  apply: async (tx, line, target, actor, now) => {
    const place = await loadPlace(tx, target.structureId, now);
    const answer = await applyRow(tx, line, { ...target, ...place }, actor, now);
    return answer.ok ? accepted(answer.value === "same" ? "same" : "done") : answer;
  },
  refusalOf: () => null,
  present: {
    label: "Télécharger les rattachements d'aujourd'hui, à modifier puis à importer (CSV)",
    fileName: "rattachements.csv",
    what: "les rattachements, au format de l'import",
    read: async (tx, { structureId, serviceIds }, after, limit, now) => {
      const structure = (await findStructure(tx, structureId))!;
      const sets = await offeredProfiles(tx, structureId);
      const members = await listMembersToExport(tx, structureId, serviceIds, after, limit, now);
      return members.map((member) => ({
        id: member.id,
        cells: presentCells(member, structure.identifierValue, sets),
      }));
    },
  },
};

/** An attachment in the columns of the import. */
function presentCells(
  member: ExportedMember,
  identifier: string,
  sets: readonly ReadyProfile[],
): readonly string[] {
  const isWhole = member.scope === "structure";
  const open = member.grants.filter((one) => one.isOpen);
  const set = setOf(open, isWhole ? null : member.openServices.map((one) => one.id), sets);
  return [
    member.state === "suspended" ? "suspendre" : "rattacher",
    member.signInEmail,
    member.firstName,
    member.lastName,
    identifier,
    isWhole ? "structure" : "service",
    isWhole ? "" : member.openServices.map((one) => one.code).join(","),
    member.role === "mainManager" ? MAIN_MANAGER : (set?.name ?? OWN_RIGHTS),
    toFrenchDateTime(member.startsAt),
    member.endsAt ? toFrenchDateTime(member.endsAt) : "",
  ];
}

/** The structure imported into, read once for many lines. */
type Place = Givable & { readonly identifier: string };
type Target = ImportTarget & Place;

const loadPlace = async (tx: Tx, structureId: number, now: Date): Promise<Place> => ({
  ...(await loadGivable(tx, structureId, now)),
  identifier: (await findStructure(tx, structureId))!.identifierValue,
});

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
  target: Target,
  actor: Actor,
  now: Date,
): Promise<Result<Outcome, string>> {
  const line = readMembershipLine(row.cells, target.identifier);
  if (!line.ok) return line;
  const member = await findMemberByAddress(tx, target.structureId, line.value.email);
  const { action } = line.value;
  if (action === "suspend" || action === "detach") return close(tx, action, member, target, actor, now);
  const named = folded(line.value.profile);
  if (named === folded(MAIN_MANAGER))
    return member?.role === "mainManager"
      ? accepted("same")
      : refused(
          "Le rôle de gestionnaire principal se propose à la personne, dans « Gestionnaires principaux ».",
        );
  const present = member && (await presentOf(tx, member, now));
  const wanted =
    named === folded(OWN_RIGHTS)
      ? ownRights(line.value, present, target, now)
      : rightsOfSet(line.value, target, now);
  if (!wanted.ok) return wanted;
  return action === "attach"
    ? attach(tx, line.value, wanted.value, present, target, actor, now)
    : change(tx, wanted.value.standing, present, target, actor, now);
}

/** An attachment as it is. */
type Present = {
  readonly member: MembershipRow;
  /** What counts of it. */
  readonly standing: Standing;
  /** Its rights on services that have closed: they stay, without effect (RIG-08). */
  readonly onClosed: Standing["grants"];
};

/** What a line wants for a person, and how it is given to somebody new; null: only what one already has. */
type Wanted = { readonly standing: Standing; readonly gift: Gift | null };

/** « Sur mesure » : the rights that the person has, where she has them; only her dates may differ. */
function ownRights(
  line: MembershipLine,
  present: Present | undefined,
  { services }: Place,
  now: Date,
): Result<Wanted, string> {
  if (!present)
    return refused(
      "« Sur mesure » garde des droits : cette personne n'en a pas ici, choisissez un ensemble.",
    );
  const { member, standing } = present;
  const codes = services.filter((one) => member.openServiceIds.includes(one.id)).map((one) => one.code);
  const isSamePlace =
    line.scope === standing.scope && (line.scope === "structure" || sameCodes(line.serviceCodes, codes));
  if (!isSamePlace) return refused("Des droits sur mesure se déplacent depuis la fiche de la personne.");
  const startsAt = standing.startsAt === null ? null : toCome(line.startsAt, now);
  return accepted({ standing: { ...standing, startsAt, endsAt: line.endsAt }, gift: null });
}

const toCome = (at: Date | null, now: Date): Date | null => (at !== null && at > now ? at : null);

const sameCodes = (one: readonly string[], other: readonly string[]): boolean =>
  [...new Set(one.map((code) => code.toLowerCase()))].sort().join() ===
  other
    .map((code) => code.toLowerCase())
    .sort()
    .join();

/** The rights of a set, where the line says. */
function rightsOfSet(line: MembershipLine, target: Target, now: Date): Result<Wanted, string> {
  const gift = giftOf(line, target);
  if (!gift.ok) return gift;
  const read = readGift(target, gift.value, now);
  if (!read.ok) return refused(refusalTexts[read.refusal.code]);
  const { scope, serviceIds, grants } = read.value;
  const startsAt = toCome(line.startsAt, now);
  return accepted({
    standing: { scope, serviceIds, grants, startsAt, endsAt: line.endsAt },
    gift: gift.value,
  });
}

/** The set of rights and the services that a line names. */
function giftOf(line: MembershipLine, { profiles, services, preset }: Place): Result<Gift, string> {
  const named = folded(line.profile);
  const profile =
    named === "" ? preset : profiles.find((one) => one.code === named || folded(one.name) === named);
  if (!profile)
    return refused(
      `Ensemble de droits « ${line.profile} » inconnu. Possibles : ${profiles.map((one) => one.name).join(", ")}.`,
    );
  const serviceIds: number[] = [];
  for (const code of line.serviceCodes) {
    const service = services.find((one) => one.code.toLowerCase() === code.toLowerCase());
    if (!service) return refused(`Le service « ${code} » n'existe pas ici, ou est terminé.`);
    serviceIds.push(service.id);
  }
  const { scope, startsAt, endsAt } = line;
  return accepted({ scope, serviceIds, profile: profile.code, adjustment: {}, startsAt, endsAt });
}

async function attach(
  tx: Tx,
  line: MembershipLine,
  wanted: Wanted,
  present: Present | undefined,
  target: Target,
  actor: Actor,
  now: Date,
): Promise<Result<Outcome, string>> {
  if (present && isSameStanding(present.standing, wanted.standing)) return accepted("same");
  if (!wanted.gift)
    return refused("Cette personne a déjà des droits sur mesure : employez l'action modifier.");
  const invitation = await findInvitationTo(tx, target.structureId, line.email);
  if (
    invitation &&
    invitation.expiresAt > now &&
    isSameStanding(asStanding(invitation, now), wanted.standing)
  )
    return accepted("same");
  const { email, firstName, lastName } = line;
  return answerOf(
    "attach",
    await attachUser(
      tx,
      { ...wanted.gift, email, firstName, lastName, message: "", confirmsWidening: true },
      { ...target.member, email: target.email },
      { invitationDays: target.invitationDays, origin: "import", givable: target },
      actor,
      now,
    ),
  );
}

const asStanding = (invitation: InvitationRow, now: Date): Standing => ({
  ...invitation,
  startsAt: toCome(invitation.startsAt, now),
});

async function change(
  tx: Tx,
  wanted: Standing,
  present: Present | undefined,
  target: Target,
  actor: Actor,
  now: Date,
): Promise<Result<Outcome, string>> {
  if (!present) return refused("Cette personne n'est pas rattachée : employez l'action rattacher.");
  const { member, standing, onClosed } = present;
  if (!mayActOn(target.member, member.openServiceIds, member.scope, now))
    return refused(refusalTexts.NOT_YOUR_SERVICES);
  if (isSameStanding(standing, { ...wanted, startsAt: standing.startsAt && wanted.startsAt }))
    return accepted("same");
  const kept = onClosed.filter((one) => one.serviceId !== null && !wanted.serviceIds.includes(one.serviceId));
  return answerOf(
    "change",
    await changeGrants(
      tx,
      { membershipId: member.id, ...wanted, grants: [...wanted.grants, ...kept] },
      target.member,
      actor,
      now,
    ),
  );
}

async function close(
  tx: Tx,
  action: "suspend" | "detach",
  member: MembershipRow | undefined,
  target: Target,
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

async function presentOf(tx: Tx, member: MembershipRow, now: Date): Promise<Present> {
  const grants = await listGrants(tx, member.id);
  const isOpen = (one: GrantRow) => one.serviceEndsAt === null || one.serviceEndsAt > now;
  const asLine = ({ application, level, serviceId, givenSet }: GrantRow) => ({
    application,
    level,
    serviceId,
    givenSet,
  });
  return {
    member,
    standing: {
      scope: member.scope,
      serviceIds: member.scope === "structure" ? [] : member.openServiceIds,
      grants: grants.filter(isOpen).map(asLine),
      startsAt: toCome(member.startsAt, now),
      endsAt: member.endsAt,
    },
    onClosed: grants.filter((one) => !isOpen(one)).map(asLine),
  };
}

function answerOf(
  action: MembershipLine["action"],
  answer: Result<unknown, MembershipRefusal>,
): Result<Outcome, string> {
  return answer.ok ? accepted(action) : refused(refusalTexts[answer.refusal.code]);
}
