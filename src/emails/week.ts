import { countJournal, type FamilyOfWeek, familiesOfWeek } from "../modules/audit/index.tsx";
import { listNewsOf } from "../modules/news/index.ts";
import { listWeekReaders, weekKey, weekToTell } from "../modules/notifications/index.ts";
import { isAllowed } from "../modules/rights/index.ts";
import { readMember } from "../modules/sessions/index.ts";
import { findStructure } from "../modules/structures/index.ts";
import type { Tx } from "../platform/database/index.ts";
import { job } from "../platform/jobs.ts";
import { queueMail } from "../platform/outbox.ts";
import { formatDate } from "../web/format.ts";
import { readerOf } from "./delivery.ts";
import { action, type Block, paragraph, renderEmail, type Stationery } from "./email.tsx";

const eyes = { kind: "system", reason: "the clock writes to everybody" } as const;
type Week = { readonly from: Date; readonly until: Date };
type Reader = { readonly accountId: number; readonly structureId: number };
type Letter = { readonly subject: string; readonly blocks: readonly Block[]; readonly why: string };

/**
 * N-33. The week of each structure, to those who chose it and may still read its journal; the news of the portal, to those
 * who chose them. From Monday at seven, or the next working day; once whatever the instances; nothing when nothing happened.
 */
export const sendWeeks = (stationery: () => Stationery) =>
  job({
    name: "send-weeks",
    schedule: "20 * * * *",
    run: async ({ database }) => {
      const week = await database.transaction(eyes, async (_tx, now) => weekToTell(now));
      let sent = 0;
      if (week === null) return { sent };
      for (const [family, write] of [
        ["weekSummary", weekOfStructure],
        ["news", weekOfPortal],
      ] as const)
        for (const reader of await database.transaction(eyes, (tx) =>
          listWeekReaders(tx, family, week.until),
        ))
          sent += await database.transaction(eyes, async (tx, now) => {
            const letter = await write(tx, reader, week, now);
            if (letter === null) return 0;
            const { address, firstName } = await readerOf(tx, family, reader.accountId);
            await queueMail(tx, {
              ...renderEmail({ ...letter, firstName }, stationery()),
              onceKey: weekKey(family, reader, week.until),
              name: family,
              family,
              structureId: reader.structureId || null,
              recipientAccountId: reader.accountId,
              toAddress: address,
              toName: firstName,
              now,
            });
            return 1;
          });
      return { sent };
    },
  });

async function weekOfStructure(
  tx: Tx,
  { accountId, structureId }: Reader,
  week: Week,
  now: Date,
): Promise<Letter | null> {
  const member = await readMember(tx, accountId, structureId);
  if (!member || !isAllowed(member, "journal.read", {}, now)) return null;
  const families = familiesOfWeek(await countJournal(tx, structureId, week));
  if (families.length === 0) return null;
  const name = (await findStructure(tx, structureId))!.displayName;
  const journal = new URLSearchParams({
    structureId: String(structureId),
    du: formatDate(week.from),
    au: formatDate(week.until),
  });
  return {
    subject: `La semaine de ${name}`,
    blocks: [
      paragraph(`Ce qui a été fait du ${formatDate(week.from)} au ${formatDate(week.until)}.`),
      ...families.map((family) => paragraph(familyText(family))),
      action("Voir l'historique", `/organisation/historique?${journal}`),
    ],
    why: `vous avez choisi le résumé de la semaine de ${name}.`,
  };
}

function familyText({ label, count, sentences }: FamilyOfWeek): string {
  const total = `${label} : ${count} action${count > 1 ? "s" : ""}.`;
  if (sentences.length === 0) return total;
  const more = count - sentences.length;
  return `${total} ${sentences.join(" ; ")}${more > 0 ? ` ; et ${more} de plus` : ""}.`;
}

async function weekOfPortal(tx: Tx, _reader: Reader, week: Week): Promise<Letter | null> {
  const news = await listNewsOf(tx, week);
  if (news.length === 0) return null;
  return {
    subject: "les actualités de la semaine",
    blocks: [
      ...news.map(({ title, publishedAt }) => paragraph(`${formatDate(publishedAt)} : ${title}.`)),
      action("Lire les actualités", "/actualites"),
    ],
    why: "vous avez choisi de recevoir les actualités du portail.",
  };
}
