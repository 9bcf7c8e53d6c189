import type { Tx } from "../../platform/database/index.ts";
import type { Actor } from "../../platform/events.ts";
import { openClaim } from "../managers/index.ts";
import { requestMembership } from "../memberships/index.ts";
import { createStructure, type NewStructure } from "../structures/index.ts";
import type { AccountRow } from "./store.ts";

/** What a person asked for in step 2, done once the address is proved. */
export type SignUpIntent =
  | { readonly kind: "create"; readonly structure: NewStructure }
  | {
      readonly kind: "join";
      readonly structureId: number;
      readonly message: string;
      /** The services wished; none, or absent: the whole structure. */
      readonly serviceIds?: readonly number[];
    }
  /** MGR-04. Nobody manages the structure: the operator examines. */
  | { readonly kind: "claim"; readonly structureId: number; readonly justification: string };

/** Does what was asked at sign-up; answers sentences for the page that follows. */
export async function carryOutIntent(
  tx: Tx,
  account: AccountRow,
  actor: Actor,
  now: Date,
): Promise<string[]> {
  const intent = account.signUpIntent as SignUpIntent | null;
  if (intent === null) return [];
  if (intent.kind === "join") return join(tx, account.id, intent, actor, now);
  if (intent.kind === "claim") return claim(tx, account.id, intent, actor, now);
  const created = await createStructure(
    tx,
    { structure: intent.structure, creatorId: account.id },
    actor,
    now,
  );
  if (created.ok) return [`Vous êtes gestionnaire principal de ${created.value.displayName}.`];
  if (created.refusal.code === "STRUCTURE_EXISTS")
    return join(tx, account.id, { structureId: created.refusal.structureId, message: "" }, actor, now);
  return ["La structure indiquée n'a pas pu être créée : créez-la depuis le domaine Organisation."];
}

async function join(
  tx: Tx,
  accountId: number,
  wish: Pick<Extract<SignUpIntent, { kind: "join" }>, "structureId" | "message" | "serviceIds">,
  actor: Actor,
  now: Date,
): Promise<string[]> {
  const { structureId, message, serviceIds = [] } = wish;
  const scope = serviceIds.length > 0 ? "service" : "structure";
  const asked = await requestMembership(
    tx,
    { accountId, structureId, scope, serviceIds, wishes: [], message },
    actor,
    now,
  );
  if (asked.ok && asked.value.given !== null)
    return [`Votre adresse est d'un domaine de ${asked.value.structureName} : vous y êtes rattaché.`];
  if (asked.ok)
    return [`Votre demande de rattachement à ${asked.value.structureName} est envoyée à ses gestionnaires.`];
  // an invitation to the same structure has just taken effect: there is nothing left to ask
  if (asked.refusal.code === "ALREADY_ATTACHED") return [];
  return [
    "Votre demande de rattachement n'a pas pu être envoyée : refaites-la depuis « Mes rattachements ».",
  ];
}

async function claim(
  tx: Tx,
  accountId: number,
  { structureId, justification }: Extract<SignUpIntent, { kind: "claim" }>,
  actor: Actor,
  now: Date,
): Promise<string[]> {
  const opened = await openClaim(tx, { structureId, accountId, justification }, actor, now);
  return [
    opened.ok
      ? `Votre demande de gestion de ${opened.value.structureName} est envoyée à l'opérateur du portail.`
      : "Votre demande de gestion n'a pas pu être envoyée : refaites-la depuis « Reprendre une structure ».",
  ];
}
