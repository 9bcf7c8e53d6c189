import {
  type DigestItem,
  digestCutoffs,
  listDigestReaders,
  takeDigest,
} from "../modules/notifications/index.ts";
import type { Tx } from "../platform/database/index.ts";
import { job } from "../platform/jobs.ts";
import { queueMail } from "../platform/outbox.ts";
import { readerOf } from "./delivery.ts";
import { action, type Block, paragraph, renderEmail, type Stationery } from "./email.tsx";

const eyes = { kind: "system", reason: "the clock writes to everybody" } as const;
/** The whole message goes where the life of structures does, whatever it also tells. */
const family = "structureLife";
/** News told one by one in a message; the others are counted. */
const TOLD_ONE_BY_ONE = 20;

/**
 * One message each working day, from seven, to each person who chose not to be written to at once: what she has not
 * read yet. Whatever the instances and the hour of a late run, each news goes once.
 */
export const sendDigests = (stationery: () => Stationery) =>
  job({
    name: "send-digests",
    schedule: "*/15 * * * *",
    run: async ({ database }) => {
      const { now, readers } = await database.transaction(eyes, async (tx, at) => {
        const cutoffs = digestCutoffs(at);
        return { now: at, readers: cutoffs ? await listDigestReaders(tx, cutoffs) : [] };
      });
      const cutoffs = digestCutoffs(now);
      let sent = 0;
      if (cutoffs)
        for (const accountId of readers)
          sent += await database.transaction(eyes, async (tx, at) => {
            const items = await takeDigest(tx, accountId, cutoffs, at);
            if (items.length > 0) await write(tx, accountId, items, stationery(), at);
            return items.length > 0 ? 1 : 0;
          });
      return { sent };
    },
  });

async function write(
  tx: Tx,
  accountId: number,
  items: readonly DigestItem[],
  stationery: Stationery,
  now: Date,
): Promise<void> {
  const { address, firstName } = await readerOf(tx, family, accountId);
  const count = items.length > 1 ? `${items.length} nouvelles` : "une nouvelle";
  const rendered = renderEmail(
    {
      subject: `${count} depuis votre dernier message`,
      blocks: blocksOf(items),
      why: "vous avez choisi de recevoir ces nouvelles en un seul message.",
      firstName,
    },
    stationery,
  );
  await queueMail(tx, {
    ...rendered,
    onceKey: `digest:${accountId}:${now.toISOString()}`,
    name: "digest",
    family,
    structureId: null,
    recipientAccountId: accountId,
    toAddress: address,
    toName: firstName,
    now,
  });
}

/** The news under the name of each structure, then the way to all of them. */
function blocksOf(items: readonly DigestItem[]): readonly Block[] {
  const told = items.slice(0, TOLD_ONE_BY_ONE);
  const byStructure = Map.groupBy(told, (item) => item.structureName ?? "Votre compte");
  const more = items.length - told.length;
  return [
    ...[...byStructure].map(([name, group]) =>
      paragraph(`${name} : ${group.map((item) => item.title).join(" ; ")}.`),
    ),
    ...(more > 0 ? [paragraph(`Et ${more} de plus.`)] : []),
    action("Lire mes notifications", "/notifications"),
  ];
}
