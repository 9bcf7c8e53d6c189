import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import type { Database, Tx } from "../../platform/database/index.ts";
import { publish } from "../../platform/events.ts";
import { productRoot } from "../../platform/paths.ts";
import { canonicalEmail } from "../../shared/email-address.ts";
import { isLuhn } from "../../shared/siret.ts";
import { type StoredPassword, storedPassword } from "../accounts/index.ts";
import { insertBankAccount } from "../bank-accounts/index.ts";
import { saveGrantRequest } from "../grant-requests/index.ts";
import { insertMembership, insertRequest, saveInvitation } from "../memberships/index.ts";
import { fillRegister } from "../register/index.ts";
import { findProfile, grantsOf, linesOf } from "../rights/index.ts";
import { addReservedServices } from "../structures/index.ts";
import { type DemoPerson, type DemoStructure, demoInvitations, demoPeople, demoStructures } from "./world.ts";

/** The one password of the demonstration accounts, said at start: strong enough for managers and operators too. */
export const DEMO_PASSWORD = "Cerisier-Vapeur-42-Tambour";

/** Invented establishments, in the format of INSEE's files: some are in the portal, the others may be created. */
const registerSample = join(productRoot, "src/modules/demo/sirene");
const DAY_MS = 24 * 3_600_000;
const eyes = { kind: "system", reason: "the demonstration world is made before anybody comes" } as const;

/** What the start says of the demonstration accounts. */
export function demoAccountsLines(): string[] {
  return [
    `Comptes de démonstration (mot de passe : ${DEMO_PASSWORD}) :`,
    ...demoPeople
      .filter((person) => person.state !== "pending")
      .map((person) => `  ${person.email.padEnd(46)} ${person.situation}`),
  ];
}

export function hasDemoWorld(database: Database): Promise<boolean> {
  return database.transaction(eyes, async (tx) => {
    const found = await tx
      .selectFrom("account")
      .select("id")
      .where("origin", "=", "demo")
      .limit(1)
      .executeTakeFirst();
    return found !== undefined;
  });
}

/** Makes the demonstration world, all or nothing, in a database that has none. */
export async function makeDemoWorld(database: Database): Promise<void> {
  const password = await storedPassword(DEMO_PASSWORD);
  await database.transaction(
    eyes,
    async (tx, now) => {
      for (const file of ["StockUniteLegale.csv", "StockEtablissement.csv"])
        await fillRegister(tx, readFileSync(join(registerSample, file), "utf8"));
      const accounts = new Map<string, number>();
      for (const person of demoPeople) accounts.set(person.email, await addPerson(tx, person, password, now));
      const structures = new Map<string, { id: number; services: Map<string, number> }>();
      for (const structure of demoStructures)
        structures.set(structure.key, await addStructure(tx, structure, now));
      for (const person of demoPeople)
        await addPlaces(tx, person, accounts.get(person.email)!, structures, now);
      for (const invitation of demoInvitations) {
        const sentAt = new Date(now.getTime() - invitation.sentDaysAgo * DAY_MS);
        await saveInvitation(tx, {
          structureId: structures.get(invitation.structure)!.id,
          email: invitation.email,
          firstName: invitation.firstName,
          lastName: invitation.lastName,
          scope: "structure",
          serviceIds: [],
          grants: grantsOf(linesOf(findProfile(invitation.profile)!), null),
          startsAt: null,
          endsAt: null,
          message: "",
          invitedBy: accounts.get(invitation.by)!,
          expiresAt: new Date(sentAt.getTime() + 7 * DAY_MS),
          now: sentAt,
        });
      }
    },
    { statementTimeoutMs: 60_000 },
  );
}

async function addPerson(tx: Tx, person: DemoPerson, password: StoredPassword, now: Date): Promise<number> {
  const isActive = person.state === undefined;
  const { id } = await tx
    .insertInto("account")
    .values({
      signInEmail: person.email,
      signInEmailCanonical: canonicalEmail(person.email),
      firstName: person.firstName,
      lastName: person.lastName,
      state: person.state ?? "active",
      origin: "demo",
      passwordHash: isActive ? password.hash : null,
      passwordRule: isActive ? password.rule : null,
      activatedAt: isActive ? now : null,
      createdAt: now,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

async function addStructure(
  tx: Tx,
  structure: DemoStructure,
  now: Date,
): Promise<{ id: number; services: Map<string, number> }> {
  const rules = structure.rules;
  const { id } = await tx
    .insertInto("structure")
    .values({
      kind: structure.kind,
      identifierType: "SIRET",
      identifierValue: completeSiret(structure.siretStem),
      legalName: structure.name,
      displayName: structure.name,
      email: structure.email,
      emailPublished: structure.kind === "public",
      addressLine: structure.addressLine,
      postcode: structure.postcode,
      town: structure.town,
      legalCategory: structure.legalCategory,
      activityCode: structure.activityCode,
      receivesInvoices: structure.kind === "public",
      serviceCodeRequired: rules === "service" || rules === "both",
      commitmentRequired: rules === "commitment" || rules === "both",
      serviceOrCommitmentRequired: rules === "either",
      state: structure.inactive ? "inactive" : "active",
      deactivatedAt: structure.inactive ? now : null,
      proofState: structure.proof ?? "notNeeded",
      withoutManager: structure.withoutManager ?? false,
      createdAt: now,
      changedAt: now,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  if (structure.kind === "public") {
    await addReservedServices(tx, [id], now);
    await tx
      .insertInto("officialContact")
      .values({ structureId: id, address: structure.email, keptAt: now })
      .execute();
  }
  const services = new Map<string, number>();
  for (const service of structure.services ?? []) {
    const row = await tx
      .insertInto("service")
      .values({
        structureId: id,
        code: service.code,
        label: service.label,
        description: service.description ?? "",
        startsAt: new Date(now.getTime() + (service.startsInDays ?? -400) * DAY_MS),
        endsAt:
          service.endsInDays === undefined ? null : new Date(now.getTime() + service.endsInDays * DAY_MS),
        commitmentRequired: service.commitmentRequired ?? false,
        createdAt: now,
        changedAt: now,
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    services.set(service.code, row.id);
  }
  for (const [index, account] of (structure.bankAccounts ?? []).entries())
    await insertBankAccount(tx, {
      structureId: id,
      name: account.name,
      holder: structure.name,
      iban: account.iban,
      bic: account.bic ?? null,
      startsAt: new Date(now.getTime() - 400 * DAY_MS),
      endsAt: account.endsInDays === undefined ? null : new Date(now.getTime() + account.endsInDays * DAY_MS),
      isDefault: index === 0,
      state: "active",
      createdBy: null,
      submittedBy: null,
      replacesId: null,
      now,
    });
  return { id, services };
}

async function addPlaces(
  tx: Tx,
  person: DemoPerson,
  accountId: number,
  structures: ReadonlyMap<string, { id: number; services: ReadonlyMap<string, number> }>,
  now: Date,
): Promise<void> {
  for (const [index, place] of (person.memberships ?? []).entries()) {
    const structure = structures.get(place.structure)!;
    const serviceIds = (place.services ?? []).map((code) => structure.services.get(code)!);
    const profile = findProfile(place.profile);
    const lines = profile ? linesOf(profile) : [];
    const id = await insertMembership(tx, {
      accountId,
      structureId: structure.id,
      role: place.role,
      scope: place.services ? "service" : "structure",
      origin: "demo",
      attachedBy: null,
      startsAt: new Date(now.getTime() - 200 * DAY_MS),
      endsAt: place.endsInDays === undefined ? null : new Date(now.getTime() + place.endsInDays * DAY_MS),
      comment: "",
      serviceIds,
      grants: grantsOf(lines, place.services ? serviceIds : null),
      now,
    });
    if (place.state === "suspended")
      await sql`update membership set state = 'suspended', suspended_at = ${now} where id = ${id}`.execute(
        tx,
      );
    if (index === 0 && person.wish)
      await saveGrantRequest(tx, {
        ...person.wish,
        accountId,
        structureId: structure.id,
        membershipId: id,
        serviceIds,
        askedAt: new Date(now.getTime() - DAY_MS),
      });
    await publish(tx, {
      type: "DemoPlaceMade",
      structureId: structure.id,
      actor: { accountId: null, label: "Démonstration", means: "system" },
      sentence: `a rattaché ${person.firstName} ${person.lastName}`,
      object: { kind: "person", id: accountId, label: `${person.firstName} ${person.lastName}` },
    });
  }
  const { request } = person;
  if (!request) return;
  const askedAt = new Date(now.getTime() - request.daysAgo * DAY_MS);
  const structureId = structures.get(request.structure)!.id;
  const id = await insertRequest(tx, {
    accountId,
    structureId,
    scope: "structure",
    serviceIds: [],
    wishes: [],
    message: request.message,
    now: askedAt,
  });
  if (request.refused)
    await sql`update membership_request set state = 'refused', answered_at = ${new Date(askedAt.getTime() + DAY_MS)}, refused_at = array[${new Date(askedAt.getTime() + DAY_MS)}::timestamptz], refusal_reason = ${request.refused} where id = ${id}`.execute(
      tx,
    );
}

/** Completes 13 digits with the one that makes Luhn's key. */
function completeSiret(stem: string): string {
  const siren = stem.slice(0, 9);
  for (let sirenKey = 0; sirenKey < 10; sirenKey++) {
    const keyed = `${siren.slice(0, 8)}${sirenKey}`;
    if (!isLuhn(keyed)) continue;
    for (let key = 0; key < 10; key++) {
      const siret = `${keyed}${stem.slice(9)}${key}`;
      if (isLuhn(siret)) return siret;
    }
  }
  throw new Error(`No key completes ${stem}`);
}

/** The addresses of the demonstration accounts that can sign in. */
export const demoPeopleEmails = (): string[] =>
  demoPeople.filter((person) => person.state === undefined).map((person) => person.email);
