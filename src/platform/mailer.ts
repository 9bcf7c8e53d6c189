import { createTransport } from "nodemailer";

/** The server of the recipient says that there is no such mailbox: trying again is no use. */
export class MailboxRefused extends Error {}

/** What SMTP answers of a mailbox that does not exist, moved without an address, or is written wrongly (RFC 5321, 4.2.3). */
const NO_SUCH_MAILBOX = [550, 551, 553];

/** The way out of mails: an SMTP server, or the built-in mailbox, which only keeps them for its page. */
export type Mailer = {
  /** How many mails may leave at once. */
  readonly lanes: number;
  /** Whether the body stays in the database after sending, to be read there. */
  readonly keepsBodies: boolean;
  /** @throws MailboxRefused when the address itself is refused for good */
  send(mail: {
    messageId: string;
    toAddress: string;
    toName: string;
    subject: string;
    html: string;
    text: string;
  }): Promise<void>;
  close(): void;
};

/**
 * @param url smtp:// or smtps://, with the account in it
 * @param from « Name <address> »
 */
export function smtpMailer(url: string, from: string): Mailer {
  const transport = createTransport(
    {
      url,
      pool: true,
      maxConnections: 4,
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 20_000,
    } as never,
    { from },
  );
  return {
    lanes: 4,
    keepsBodies: false,
    send: async ({ messageId, toAddress, toName, subject, html, text }) => {
      const to = { name: toName, address: toAddress };
      try {
        await transport.sendMail({ messageId, to, subject, html, text });
      } catch (cause) {
        const { command, responseCode } = cause as { command?: string; responseCode?: number };
        if (command === "RCPT TO" && NO_SUCH_MAILBOX.includes(responseCode ?? 0))
          throw new MailboxRefused(`No mailbox for the recipient (${responseCode})`, { cause });
        throw cause;
      }
    },
    close: () => transport.close(),
  };
}

/** Nothing leaves: the mail stays where it is, to be read on /boite-aux-lettres. */
export const builtInMailbox: Mailer = { lanes: 1, keepsBodies: true, send: async () => {}, close: () => {} };
