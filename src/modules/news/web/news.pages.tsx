import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { notFound } from "../../../web/access.ts";
import { formatDate } from "../../../web/format.ts";
import { OPERATOR, Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { text } from "../../../web/read-form.ts";
import {
  Button,
  ButtonLink,
  EmptyState,
  Form,
  FormFooter,
  type FormState,
  Heading,
  Link,
  noForm,
  Paragraph,
  Table,
  Tag,
  Textarea,
  TextInput,
} from "../../../web/ui/index.ts";
import { findNews, listAllNews, listNews, type NewsRow } from "../store.ts";
import { changeNews, publishNews, showNews } from "../write-news.ts";

const LISTED = 50;
const ON_HOME = 3;
const FEED = "/actualites.atom";
const pageOf = (news: Pick<NewsRow, "id">) => `/actualites/${news.id}`;
const crumbs = [{ label: "Actualités", href: "/actualites" }];
const eyes = "the operator also sees the news that are withdrawn";

/** The last news, for the home page; nothing when there is none. */
export function LatestNews({ news }: { news: readonly NewsRow[] }) {
  if (news.length === 0) return null;
  return (
    <section class="u-section">
      <Heading>Actualités</Heading>
      <ul class="govuk-list">
        {news.map((one) => (
          <li key={one.id}>
            <Link href={pageOf(one)}>{one.title}</Link>{" "}
            <span class="u-muted">{formatDate(one.publishedAt)}</span>
          </li>
        ))}
      </ul>
      <Paragraph>
        <Link href="/actualites">Toutes les actualités</Link>
      </Paragraph>
    </section>
  );
}

/** The news that the home page shows. */
export function latestNews(ctx: Context): Promise<NewsRow[]> {
  return ctx.tx((tx) => listNews(tx, ON_HOME));
}

function ListPage({ ctx, news }: { ctx: Context; news: readonly NewsRow[] }) {
  return (
    <Page chrome={ctx.chrome} title="Actualités" lead="Ce qui change dans le portail.">
      {news.length === 0 ? (
        <EmptyState>Aucune actualité pour le moment.</EmptyState>
      ) : (
        <ul class="govuk-list">
          {news.map((one) => (
            <li key={one.id}>
              <Link href={pageOf(one)}>{one.title}</Link>{" "}
              <span class="u-muted">{formatDate(one.publishedAt)}</span>
            </li>
          ))}
        </ul>
      )}
      <Paragraph>
        <Link href={FEED}>S'abonner aux actualités (flux Atom)</Link>
      </Paragraph>
    </Page>
  );
}

function NewsPage({ ctx, news }: { ctx: Context; news: NewsRow }) {
  return (
    <Page chrome={ctx.chrome} title={news.title} caption={formatDate(news.publishedAt)} crumbs={crumbs}>
      {paragraphsOf(news).map((paragraph) => (
        <Paragraph key={paragraph}>{paragraph}</Paragraph>
      ))}
    </Page>
  );
}

const paragraphsOf = (news: NewsRow) => news.body.split(/\n\s*\n/).filter((one) => one.trim() !== "");

/** The news as an Atom feed (RFC 4287). */
function feedOf(ctx: Context, portalUrl: string, news: readonly NewsRow[]): string {
  const updated = (news[0]?.changedAt ?? ctx.now).toISOString();
  const feed = h("feed", { xmlns: "http://www.w3.org/2005/Atom" }, [
    h("title", {}, `${ctx.config.PORTAL_NAME} – Actualités`),
    h("id", {}, `${portalUrl}${FEED}`),
    h("link", { rel: "self", href: `${portalUrl}${FEED}` }, []),
    h("updated", {}, updated),
    h("author", {}, h("name", {}, ctx.config.PORTAL_NAME)),
    ...news.map((one) =>
      h("entry", {}, [
        h("title", {}, one.title),
        h("id", {}, `${portalUrl}${pageOf(one)}`),
        h("link", { href: `${portalUrl}${pageOf(one)}` }, []),
        h("published", {}, one.publishedAt.toISOString()),
        h("updated", {}, one.changedAt.toISOString()),
        h("content", {}, one.body),
      ]),
    ),
  ]);
  return `<?xml version="1.0" encoding="utf-8"?>\n${renderToString(feed, null)}`;
}

function OperatorPage({ ctx, news }: { ctx: Context; news: readonly NewsRow[] }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Actualités du portail"
      crumbs={[OPERATOR]}
      wide
      actions={<ButtonLink href="/operateur/actualites/nouvelle">Écrire une actualité</ButtonLink>}
    >
      {news.length === 0 ? (
        <EmptyState action={{ href: "/operateur/actualites/nouvelle", label: "Écrire une actualité" }}>
          Aucune actualité. Elles se lisent sur l'accueil, sans compte.
        </EmptyState>
      ) : (
        <Table
          caption="De la plus récente à la plus ancienne"
          rows={news}
          keyOf={(one) => one.id}
          columns={[
            {
              title: "Titre",
              heads: true,
              cell: (one) => <a href={`/operateur/actualites/${one.id}`}>{one.title}</a>,
            },
            { title: "Publiée le", cell: (one) => formatDate(one.publishedAt) },
            {
              title: "État",
              cell: (one) =>
                one.withdrawnAt ? <Tag tone="neutral">Retirée</Tag> : <Tag tone="success">Visible</Tag>,
            },
            {
              title: "Action",
              cell: (one) => (
                <Form
                  token={ctx.formToken}
                  action={`/operateur/actualites/${one.id}/${one.withdrawnAt ? "remettre" : "retirer"}`}
                  inline
                >
                  <Button small kind="secondary">
                    {one.withdrawnAt ? "Remettre" : "Retirer"}
                    <span class="govuk-visually-hidden"> « {one.title} »</span>
                  </Button>
                </Form>
              ),
            },
          ]}
        />
      )}
    </Page>
  );
}

function WritePage({ ctx, form, news }: { ctx: Context; form: FormState; news?: NewsRow }) {
  return (
    <Page
      chrome={ctx.chrome}
      title={news ? "Modifier l'actualité" : "Écrire une actualité"}
      crumbs={[OPERATOR, { label: "Actualités du portail", href: "/operateur/actualites" }]}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} state={form}>
        <TextInput form={form} name="title" label="Titre" required maxlength={150} value={news?.title} />
        <Textarea
          form={form}
          name="body"
          label="Texte"
          required
          rows={10}
          maxlength={5000}
          value={news?.body}
          hint="Une ligne vide sépare deux paragraphes."
        />
        <FormFooter submit={news ? "Enregistrer" : "Publier"} cancel="/operateur/actualites" />
      </Form>
    </Page>
  );
}

const shape = { title: text.required("Titre", 150), body: text.required("Texte", 5000) };

/** News of the portal: read by everybody, written by its operators. */
export function newsPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/actualites",
    access: "public",
    handler: async (ctx) =>
      ctx.html(<ListPage ctx={ctx} news={await ctx.tx((tx) => listNews(tx, LISTED))} />),
  });
  portal.page({
    method: "GET",
    url: FEED,
    access: "public",
    handler: async (ctx) => {
      const news = await ctx.tx((tx) => listNews(tx, LISTED));
      return ctx.reply
        .type("application/atom+xml; charset=utf-8")
        .header("cache-control", "public, max-age=300")
        .send(feedOf(ctx, portal.publicUrl(), news));
    },
  });
  portal.page({
    method: "GET",
    url: "/actualites/:id",
    access: "public",
    handler: async (ctx) => {
      const news = await ctx.tx((tx) => findNews(tx, ctx.id("id")));
      if (!news) throw notFound();
      return ctx.html(<NewsPage ctx={ctx} news={news} />);
    },
  });
  operatorPages(portal);
}

function operatorPages(portal: Portal): void {
  const access = "operator" as const;
  const url = "/operateur/actualites";
  const actorOf = (ctx: Context) => ({ ...ctx.actor, means: "operator" as const });
  portal.page({
    method: "GET",
    url,
    access,
    handler: async (ctx) =>
      ctx.html(<OperatorPage ctx={ctx} news={await ctx.systemTx(eyes, (tx) => listAllNews(tx))} />),
  });
  portal.page({
    method: "GET",
    url: `${url}/nouvelle`,
    access,
    handler: (ctx) => ctx.html(<WritePage ctx={ctx} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: `${url}/nouvelle`,
    access,
    handler: async (ctx) => {
      const form = ctx.form(shape);
      if (!form.ok) return ctx.html(<WritePage ctx={ctx} form={form.state} />, 422);
      const news = { ...form.values, writtenBy: ctx.who.accountId };
      const id = await ctx.systemTx(eyes, (tx, now) => publishNews(tx, news, actorOf(ctx), now));
      return ctx.redirect(pageOf({ id }), { confirmation: { title: "L'actualité est publiée." } });
    },
  });
  const load = async (ctx: Context) => {
    const news = await ctx.systemTx(eyes, (tx) => findNews(tx, ctx.id("id")));
    if (!news) throw notFound();
    return news;
  };
  portal.page({
    method: "GET",
    url: `${url}/:id`,
    access,
    handler: async (ctx) => ctx.html(<WritePage ctx={ctx} form={noForm} news={await load(ctx)} />),
  });
  portal.page({
    method: "POST",
    url: `${url}/:id`,
    access,
    handler: async (ctx) => {
      const news = await load(ctx);
      const form = ctx.form(shape);
      if (!form.ok) return ctx.html(<WritePage ctx={ctx} form={form.state} news={news} />, 422);
      await ctx.systemTx(eyes, (tx, now) =>
        changeNews(tx, { id: news.id, ...form.values }, actorOf(ctx), now),
      );
      return ctx.redirect(url, { confirmation: { title: "L'actualité est modifiée." } });
    },
  });
  for (const [verb, isShown, says] of [
    ["retirer", false, "L'actualité n'est plus visible."],
    ["remettre", true, "L'actualité est de nouveau visible."],
  ] as const)
    portal.page({
      method: "POST",
      url: `${url}/:id/${verb}`,
      access,
      handler: async (ctx) => {
        const done = await ctx.systemTx(eyes, (tx, now) =>
          showNews(tx, ctx.id("id"), isShown, actorOf(ctx), now),
        );
        if (!done) throw notFound();
        return ctx.redirect(url, { confirmation: { title: says } });
      },
    });
}
