import { sql } from "kysely";
import { z } from "zod";
import type { Tx } from "../../platform/database/index.ts";
import { job } from "../../platform/jobs.ts";
import { daysBefore, retentionDays } from "./domain/retention.ts";
import { forgetPerson, removeOldTraces } from "./store.ts";

const eyes = { kind: "system", reason: "what names people is everywhere" } as const;
const STATEMENT_TIMEOUT_MS = 120_000;
const person = z.object({
  id: z.number().int(),
  signInEmail: z.string(),
  firstName: z.string(),
  lastName: z.string(),
});

/** Every night, removes what was kept long enough. */
export const purgeTraces = job({
  name: "purge-personal-data",
  schedule: "30 3 * * *",
  run: ({ database }) =>
    database.transaction(eyes, (tx, now) => removeOldTraces(tx, now), {
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    }),
});

/** Erases the name and address of one whose account is closed from all that others still read. */
export const forgetPersonJob = job({
  name: "forget-person",
  run: ({ database }, payload) =>
    database.transaction(eyes, (tx) => forgetPerson(tx, person.parse(payload)), {
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    }),
});

/** Has a person forgotten within the day, once those whom she leaves know it. */
export async function forgetLater(tx: Tx, who: z.output<typeof person>, now: Date): Promise<void> {
  const { id, signInEmail, firstName, lastName } = who;
  const at = daysBefore(now, -retentionDays.erasure);
  await sql`select enqueue_job('forget-person', ${JSON.stringify({ id, signInEmail, firstName, lastName })}::json,
    ${at}, ${`forget-person-${id}`})`.execute(tx);
}
