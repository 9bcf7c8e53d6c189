import type { Tx } from "../../platform/database/index.ts";
import type { Actor } from "../../platform/events.ts";
import { requestMembership } from "../memberships/index.ts";
import { createStructure, type NewStructure } from "../structures/index.ts";
import type { AccountRow } from "./store.ts";

/** What a person asked for in step 2, done once the address is proved. */
export type SignUpIntent =
  | { readonly kind: "create"; readonly structure: NewStructure }
  | { readonly kind: "join"; readonly structureId: number; readonly message: string };

/** Does what was asked at sign-up; answers sentences for the page that follows. */
export async function carryOutIntent(
  tx: Tx,
  account: AccountRow,
  actor: Actor,
  now: Date,
): Promise<string[]> {
  const intent = account.signUpIntent as SignUpIntent | null;
  if (intent === null) return [];
  if (intent.kind === "join") return join(tx, account.id, intent.structureId, intent.message, actor, now);
  const created = await createStructure(
    tx,
    { structure: intent.structure, creatorId: account.id },
    actor,
    now,
  );
  if (created.ok) return [`Vous êtes gestionnaire principal de ${created.value.displayName}.`];
  if (created.refusal.code === "STRUCTURE_EXISTS")
    return join(tx, account.id, created.refusal.structureId, "", actor, now);
  return ["La structure indiquée n'a pas pu être créée : créez-la depuis le domaine Organisation."];
}

async function join(
  tx: Tx,
  accountId: number,
  structureId: number,
  message: string,
  actor: Actor,
  now: Date,
): Promise<string[]> {
  const asked = await requestMembership(
    tx,
    { accountId, structureId, scope: "structure", serviceIds: [], wishes: [], message },
    actor,
    now,
  );
  return [
    asked.ok
      ? `Votre demande de rattachement à ${asked.value.structureName} est envoyée à ses gestionnaires.`
      : "Votre demande de rattachement n'a pas pu être envoyée : refaites-la depuis « Mes rattachements ».",
  ];
}
