import { elevated, type Tx } from "../../../platform/database/index.ts";
import { type Actor, publish } from "../../../platform/events.ts";
import { accepted, type Result, refused } from "../../../shared/result.ts";
import { lockManagers } from "../../memberships/index.ts";
import type { Member } from "../../rights/index.ts";
import { familiesOf, type MailFamily, maySilence, newsFamily, type Rhythm } from "../domain/preferences.ts";
import { countOthersTold, savePreference } from "../store.ts";

export type RhythmRefusal =
  | { readonly code: "LAST_ONE_TOLD"; readonly family: MailFamily }
  | { readonly code: "UNKNOWN_RHYTHM"; readonly family: MailFamily };

/**
 * Keeps how often a person is told of each family of one structure, all or nothing. Two managers who silence requests
 * at once follow each other: the second is refused.
 */
export async function chooseRhythms(
  tx: Tx,
  who: Member,
  choices: readonly { readonly family: MailFamily; readonly rhythm: Rhythm }[],
  actor: Actor,
  now: Date,
): Promise<Result<null, RhythmRefusal>> {
  const { accountId, structureId, role } = who;
  const othersTold = await elevated(tx, "whether other managers are told is not for her to see", async () => {
    await lockManagers(tx, structureId);
    return countOthersTold(tx, structureId, accountId);
  });
  for (const choice of choices) {
    const { family } = choice;
    const offered = familiesOf(who, now).find((one) => one.code === family)?.rhythms ?? [];
    if (!offered.includes(choice.rhythm)) return refused({ code: "UNKNOWN_RHYTHM", family });
    if (!maySilence(choice, { role, othersTold })) return refused({ code: "LAST_ONE_TOLD", family });
  }
  for (const choice of choices) await savePreference(tx, accountId, { structureId, ...choice });
  await publish(tx, {
    type: "RhythmsChosen",
    structureId,
    actor,
    sentence: "a choisi ses messages",
    object: { kind: "person", id: accountId, label: actor.label },
    after: Object.fromEntries(choices.map((one) => [one.family, one.rhythm])),
  });
  return accepted(null);
}

/** Keeps how often a person is told of the news of the portal. */
export async function chooseNewsRhythm(
  tx: Tx,
  accountId: number,
  rhythm: Rhythm,
  actor: Actor,
): Promise<Result<null, RhythmRefusal>> {
  if (!newsFamily.rhythms.includes(rhythm)) return refused({ code: "UNKNOWN_RHYTHM", family: "news" });
  await savePreference(tx, accountId, { structureId: 0, family: "news", rhythm });
  await publish(tx, {
    type: "RhythmsChosen",
    structureId: null,
    actor,
    sentence: "a choisi ses messages",
    object: { kind: "person", id: accountId, label: actor.label },
    after: { news: rhythm },
  });
  return accepted(null);
}
