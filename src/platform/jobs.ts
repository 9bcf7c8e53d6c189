import { type CronItem, parseCronItems, run, type TaskList, Logger as WorkerLogger } from "graphile-worker";
import type { Logger } from "pino";
import type { Config } from "../config.ts";
import type { Database } from "./database/index.ts";

export type JobDeps = { readonly database: Database; readonly config: Config; readonly log: Logger };

/**
 * Something the clock or an act triggers. It can run twice without harm, and answers how much it did.
 * `schedule` is a cron line in Europe/Paris hours as the server knows them (five fields, UTC).
 */
export type Job = {
  readonly name: string;
  readonly schedule?: string;
  readonly run: (deps: JobDeps, payload: unknown) => Promise<Record<string, number>>;
};

export const job = (definition: Job): Job => definition;

/**
 * Runs the jobs on the database's own queue, until stopped.
 * @param ownerUrl the queue belongs to the owner of the tables
 */
export async function startJobs(
  jobs: readonly Job[],
  deps: JobDeps,
  ownerUrl: string,
): Promise<{ stop(): Promise<void> }> {
  const taskList: TaskList = Object.fromEntries(
    jobs.map((one) => [
      one.name,
      async (payload: unknown) => {
        const done = await one.run(deps, payload);
        deps.log.info({ job: one.name, ...done }, "job done");
      },
    ]),
  );
  const cronItems: CronItem[] = jobs.flatMap((one) =>
    one.schedule
      ? [{ task: one.name, match: one.schedule, options: { backfillPeriod: 0, maxAttempts: 3 } }]
      : [],
  );
  const runner = await run({
    connectionString: ownerUrl,
    taskList,
    parsedCronItems: parseCronItems(cronItems),
    concurrency: 3,
    noHandleSignals: true,
    maxPoolSize: 4,
    pollInterval: 2000,
    logger: quietLogger(deps.log),
  });
  runner.promise.catch((error: unknown) => deps.log.error({ err: error }, "the job queue stopped"));
  // a runner that already stopped by itself refuses to be stopped
  return { stop: () => runner.stop().catch(() => {}) };
}

function quietLogger(log: Logger) {
  return new WorkerLogger(() => (level, message, meta) => {
    if (level === "error") log.error({ meta: meta?.error ?? undefined }, message);
    else if (level === "warning") log.warn(message);
    else log.debug(message);
  });
}
