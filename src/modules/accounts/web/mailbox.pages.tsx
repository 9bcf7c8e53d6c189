import { notFound } from "../../../web/access.ts";
import { formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Portal } from "../../../web/portal.ts";
import { Button, Card, Paragraph, Table, TextInput } from "../../../web/ui/index.ts";
import { findMail, listMails } from "../mailbox.store.ts";

/** The built-in mailbox: only where no mail server is set. */
export function mailboxPages(portal: Portal): void {
  if (portal.config.SMTP_URL) return;
  const eyes = "the built-in mailbox shows everybody's mails, on portals that send none";
  portal.page({
    method: "GET",
    url: "/boite-aux-lettres",
    access: "public",
    handler: async (ctx) => {
      const to = ctx.one("q");
      const mails = await ctx.systemTx(eyes, (tx) => listMails(tx, to));
      return ctx.html(
        <Page
          chrome={ctx.chrome}
          title="Boîte aux lettres de démonstration"
          searched={to}
          lead="Ce portail n'envoie pas ses messages : il les garde ici."
          wide
        >
          <form method="get" class="u-search-box">
            <TextInput
              form={{ values: { q: to }, errors: {} }}
              name="q"
              label="Adresse du destinataire"
              type="search"
            />
            <Button kind="secondary">Chercher</Button>
          </form>
          {mails.length === 0 ? (
            <Paragraph>Aucun message.</Paragraph>
          ) : (
            <Table
              caption="Messages, du plus récent au plus ancien"
              keyOf={(mail) => mail.id}
              rows={mails}
              columns={[
                {
                  title: "Sujet",
                  heads: true,
                  cell: (mail) => <a href={`/boite-aux-lettres/${mail.id}`}>{mail.subject}</a>,
                },
                { title: "À", cell: (mail) => mail.toAddress },
                { title: "Le", cell: (mail) => formatDateTime(mail.createdAt) },
              ]}
            />
          )}
        </Page>,
      );
    },
  });
  portal.page({
    method: "GET",
    url: "/boite-aux-lettres/:mailId",
    access: "public",
    handler: async (ctx) => {
      ctx.reply.header("cache-control", "no-store").header("referrer-policy", "no-referrer");
      const mail = await ctx.systemTx(eyes, (tx) => findMail(tx, ctx.id("mailId")));
      if (!mail) throw notFound();
      return ctx.html(
        <Page
          chrome={ctx.chrome}
          title={mail.subject}
          crumbs={[{ label: "Boîte aux lettres", href: "/boite-aux-lettres" }]}
        >
          <Paragraph>
            À {mail.toAddress}, le {formatDateTime(mail.createdAt)}
          </Paragraph>
          <Card>
            {(mail.text ?? "").split("\n\n").map((part) => (
              <Paragraph key={part}>
                <Linked text={part} />
              </Paragraph>
            ))}
          </Card>
        </Page>,
      );
    },
  });
}

/** The text of a mail with its addresses as links. */
function Linked({ text }: { text: string }) {
  return (
    <>
      {text.split(/(https?:\/\/\S+)/).map((part) =>
        part.startsWith("http") ? (
          <a class="govuk-link" href={part} key={part}>
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </>
  );
}
