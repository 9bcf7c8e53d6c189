import { createTransport } from "nodemailer";

/** The way out of mails: an SMTP server, or the built-in mailbox, which only keeps them for its page. */
export type Mailer = {
  /** How many mails may leave at once. */
  readonly lanes: number;
  /** Whether the body stays in the database after sending, to be read there. */
  readonly keepsBodies: boolean;
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
      await transport.sendMail({ messageId, to: { name: toName, address: toAddress }, subject, html, text });
    },
    close: () => transport.close(),
  };
}

/** Nothing leaves: the mail stays where it is, to be read on /boite-aux-lettres. */
export const builtInMailbox: Mailer = { lanes: 1, keepsBodies: true, send: async () => {}, close: () => {} };
