import pino from "pino";
import { type Config, readConfig } from "../../src/config.ts";
import { sendDigests } from "../../src/emails/digest.ts";
import { sendWeeks } from "../../src/emails/week.ts";
import { noteDeadAddress } from "../../src/modules/accounts/index.ts";
import { allModules } from "../../src/modules/index.ts";
import { builtInMailbox, type Mailer } from "../../src/platform/mailer.ts";
import { deliverMails } from "../../src/platform/outbox.ts";
import { buildServer } from "../../src/server.ts";
import type { Portal } from "../../src/web/portal.ts";
import { Browser } from "./browser.ts";
import { createTestDatabase, type TestDatabase } from "./database.ts";

export type TestMail = {
  readonly toAddress: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly name: string;
  readonly messageId: string;
};

export type TestPortal = TestDatabase & {
  readonly url: string;
  readonly config: Config;
  readonly portal: Portal;
  /** A browser of nobody in particular: own cookies, forms filled by their labels' names. */
  browser(): Browser;
  /** Moves the portal's clock on (its database's too). */
  advance(time: { days?: number; hours?: number; minutes?: number; seconds?: number }): void;
  /** Runs one job now, as the clock would. */
  runJob(name: string, payload?: unknown): Promise<Record<string, number>>;
  /** All mails written so far to an address, oldest first. */
  mailsTo(address: string): Promise<TestMail[]>;
  /** The first address in a mail that leads to the portal. */
  linkIn(mail: TestMail): string;
  deliver(mailer: Mailer): ReturnType<typeof deliverMails>;
};

/**
 * The whole portal, for real: PostgreSQL, HTTP on a free port of loopback, mails kept by the built-in mailbox.
 * @param host how browsers call it; passkeys want a name
 */
export async function startPortal(
  settings: Record<string, string> = {},
  host: "127.0.0.1" | "localhost" = "127.0.0.1",
): Promise<TestPortal> {
  const testDatabase = await createTestDatabase();
  const config = readConfig({
    UNISSON_SECRET: "a-secret-for-tests-only-0123456789abcdef",
    REQUESTS_PER_MINUTE: "0",
    SIGN_UP_PROOF: "off",
    ...settings,
  });
  const log = pino({ level: process.env.TEST_LOG ?? "silent" });
  let url = "";
  const { fastify, portal } = await buildServer({
    config,
    database: testDatabase.database,
    log,
    publicUrl: () => config.UNISSON_PUBLIC_URL ?? url,
  });
  url = (await fastify.listen({ host: "127.0.0.1", port: 0 })).replace("127.0.0.1", host);
  const deliver = (mailer: Mailer) => deliverMails(testDatabase.database, mailer, () => 0.5, noteDeadAddress);
  return {
    ...testDatabase,
    url,
    config,
    portal,
    browser: () => new Browser(url),
    advance: ({ days = 0, hours = 0, minutes = 0, seconds = 0 }) => {
      testDatabase.database.clockOffsetMs += (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
    },
    runJob: async (name, payload = {}) => {
      if (name === "deliver-mails") return deliver(builtInMailbox);
      const stationery = () => ({
        portalName: config.PORTAL_NAME,
        publicUrl: config.UNISSON_PUBLIC_URL ?? url,
      });
      const letters = [sendDigests(stationery), sendWeeks(stationery)];
      const found = [...allModules().flatMap((module) => module.jobs), ...letters].find(
        (one) => one.name === name,
      );
      if (!found) throw new Error(`There is no job named ${name}`);
      return found.run({ database: testDatabase.database, config, log }, payload);
    },
    mailsTo: (address) =>
      testDatabase.query<TestMail & Record<string, unknown>>(
        `select to_address as "toAddress", subject, html, text, name, message_id as "messageId"
         from mail where lower(to_address) = lower($1) order by id`,
        [address],
      ),
    linkIn: (mail) => {
      const found = new RegExp(`${escaped(config.UNISSON_PUBLIC_URL ?? url)}(\\S+)`).exec(mail.text);
      if (!found) throw new Error(`No link in « ${mail.subject} »`);
      return found[1]!;
    },
    deliver,
    close: async () => {
      await fastify.close();
      await testDatabase.close();
    },
  };
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
