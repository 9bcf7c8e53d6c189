import { renderToString } from "preact-render-to-string";
import type { MailFamily } from "../modules/notifications/index.ts";
import type { Tx } from "../platform/database/index.ts";
import type { DomainEvent } from "../platform/events.ts";

/** Who receives: her account if she has one, the address kept (never one that was typed), her first name. */
export type Recipient = {
  readonly accountId: number | null;
  readonly address: string;
  readonly firstName: string;
};

export type Block =
  | { readonly kind: "paragraph"; readonly text: string }
  | { readonly kind: "action" | "link"; readonly label: string; readonly path: string };

export const paragraph = (text: string): Block => ({ kind: "paragraph", text });
/** The one button of a mail. `path` is a path of the portal. */
export const action = (label: string, path: string): Block => ({ kind: "action", label, path });
/** A way out beside the action, for the few who need it. */
export const link = (label: string, path: string): Block => ({ kind: "link", label, path });

export type Email<E extends DomainEvent = DomainEvent> = {
  /** Names the mail for ever: part of what makes it unique for one event and one recipient. */
  readonly name: string;
  readonly sentWhen: E["type"];
  readonly family: MailFamily;
  /** Why one receives it, said at the foot. */
  readonly why: string;
  /** Sent at once whatever was chosen: a link that the person waits for, a duty to inform. */
  readonly always?: true;
  /** False for mails that carry a secret link, or that go to people without account. Default true. */
  readonly bell?: boolean;
  readonly recipients: (tx: Tx, event: E) => Promise<readonly Recipient[]>;
  readonly subject: (event: E, recipient: Recipient) => string;
  readonly body: (event: E, recipient: Recipient) => readonly Block[];
};

/** Declares a mail: data, not code that sends. Add it to src/emails/index.ts. */
export function email<E extends DomainEvent>(definition: Email<E>): Email {
  return definition as unknown as Email;
}

export type Stationery = { readonly portalName: string; readonly publicUrl: string };

export type RenderedEmail = { readonly subject: string; readonly html: string; readonly text: string };

/** Writes a mail as HTML and as text, from the same blocks. Everything typed by people is escaped for each format. */
export function renderEmail(
  mail: { subject: string; blocks: readonly Block[]; why: string; firstName: string },
  stationery: Stationery,
): RenderedEmail {
  const subject = oneLine(`${stationery.portalName} – ${mail.subject}`);
  const greeting = mail.firstName ? `Bonjour ${oneLine(mail.firstName)},` : "Bonjour,";
  const foot = `Vous recevez ce message car ${mail.why}`;
  const settings = `${stationery.publicUrl}/mon-compte/notifications`;
  return {
    subject,
    html: `<!doctype html>${renderToString(
      <html lang="fr">
        <head>
          <meta charSet="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{subject}</title>
        </head>
        <body style="margin:0;background:#f3f4f7;font-family:Inter,Arial,sans-serif;color:#1b1f2a">
          <main style="max-width:560px;margin:0 auto;padding:24px">
            <p style="font-weight:700;font-size:18px;margin:0 0 16px;color:#23408f">
              {stationery.portalName}
            </p>
            <div style="background:#ffffff;border-radius:8px;padding:24px;line-height:1.55;font-size:16px">
              <p style="margin:0 0 16px">{greeting}</p>
              {mail.blocks.map((block) => (
                <HtmlBlock block={block} publicUrl={stationery.publicUrl} />
              ))}
            </div>
            <p style="font-size:13px;line-height:1.5;color:#4c5366;margin:16px 0 0">
              {foot} <a href={settings}>Choisir mes notifications</a>
            </p>
          </main>
        </body>
      </html>,
    )}`,
    text: [
      greeting,
      ...mail.blocks.map((block) => textOf(block, stationery.publicUrl)),
      `--\n${stationery.portalName}\n${foot}\nChoisir mes notifications : ${settings}`,
    ].join("\n\n"),
  };
}

function HtmlBlock({ block, publicUrl }: { block: Block; publicUrl: string }) {
  if (block.kind === "paragraph") return <p style="margin:0 0 16px">{block.text}</p>;
  if (block.kind === "link")
    return (
      <p style="margin:0 0 16px">
        <a href={`${publicUrl}${block.path}`} style="color:#23408f">
          {block.label}
        </a>
      </p>
    );
  return (
    <p style="margin:24px 0">
      <a
        href={`${publicUrl}${block.path}`}
        style="display:inline-block;background:#23408f;color:#ffffff;padding:12px 20px;border-radius:6px;text-decoration:none;font-weight:600"
      >
        {block.label}
      </a>
      <br />
      <span style="font-size:13px;color:#4c5366;word-break:break-all">{`${publicUrl}${block.path}`}</span>
    </p>
  );
}

function textOf(block: Block, publicUrl: string): string {
  if (block.kind === "paragraph") return block.text;
  return `${block.label} :\n${publicUrl}${block.path}`;
}

/** One line without control characters: a name typed by somebody must not add a header. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
}
