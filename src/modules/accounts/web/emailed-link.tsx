import type { FastifyReply } from "fastify";
import type { VNode } from "preact";
import { z } from "zod";
import type { Result } from "../../../shared/result.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { type FormState, Link, noForm, Paragraph } from "../../../web/ui/index.ts";
import type { PasswordRefusal, PasswordRule } from "../domain/password-policy.ts";
import { passwordText } from "./password-fields.tsx";

type EmailedLink<Found> = {
  readonly path: string;
  /** What the link is for; null when it does not work any longer. Looking changes nothing. */
  readonly find: (ctx: Context, secret: string) => Promise<Found | null>;
  /** Says what the link will do, with the form that does it. */
  readonly page: (ctx: Context, secret: string, found: Found) => VNode;
  readonly expired: (ctx: Context) => VNode;
  /** Does it; answers null when the link does not work any longer. */
  readonly take: (ctx: Context, secret: string) => Promise<FastifyReply | null>;
};

/**
 * A link received by message: opening it shows what it will do, and the form that follows does it. Its address is a
 * secret that no cache keeps and that no other site learns.
 */
export function emailedLink<Found>(portal: Portal, link: EmailedLink<Found>): void {
  const { path, find, page, expired, take } = link;
  portal.page({
    method: "GET",
    url: path,
    access: "public",
    handler: async (ctx) => {
      keepSecret(ctx);
      const secret = ctx.one("lien");
      const found = await find(ctx, secret);
      return found === null ? ctx.html(expired(ctx), 410) : ctx.html(page(ctx, secret, found));
    },
  });
  portal.page({
    method: "POST",
    url: path,
    access: "public",
    handler: async (ctx) => {
      keepSecret(ctx);
      const form = ctx.form({ lien: z.string().default("") });
      return (await take(ctx, form.ok ? form.values.lien : "")) ?? ctx.html(expired(ctx), 410);
    },
  });
}

const keepSecret = ({ reply }: Context) =>
  reply.header("cache-control", "no-store").header("referrer-policy", "no-referrer");

type PasswordLink<Chosen> = Pick<
  EmailedLink<{ readonly rule: PasswordRule }>,
  "path" | "find" | "expired"
> & {
  readonly page: (ctx: Context, secret: string, shown: { form: FormState; rule: PasswordRule }) => VNode;
  readonly choose: (
    ctx: Context,
    given: { readonly secret: string; readonly password: string },
  ) => Promise<Result<Chosen, PasswordRefusal | { readonly code: "LINK_EXPIRED" }>>;
  readonly done: (ctx: Context, chosen: Chosen) => Promise<FastifyReply>;
};

/** A link received by message that ends in the choice of a password. */
export function passwordLink<Chosen>(portal: Portal, link: PasswordLink<Chosen>): void {
  const { find, page, expired, choose, done } = link;
  emailedLink(portal, {
    ...link,
    page: (ctx, secret, { rule }) => page(ctx, secret, { form: noForm, rule }),
    take: async (ctx) => {
      const form = ctx.form({
        lien: z.string(),
        newPassword: z.string().default(""),
        newPasswordAgain: z.string().default(""),
      });
      if (!form.ok) return ctx.html(expired(ctx), 422);
      const { lien, newPassword, newPasswordAgain } = form.values;
      const found = await find(ctx, lien);
      if (found === null) return null;
      const { rule } = found;
      const again = (refusal: Parameters<typeof passwordText>[0]) =>
        ctx.html(page(ctx, lien, { form: passwordText(refusal, rule), rule }), 422);
      if (newPassword !== newPasswordAgain) return again("DIFFERENT");
      const chosen = await choose(ctx, { secret: lien, password: newPassword });
      if (chosen.ok) return done(ctx, chosen.value);
      return chosen.refusal.code === "LINK_EXPIRED" ? null : again(chosen.refusal.code);
    },
  });
}

/** @param or how it may have grown too old, at the end of a sentence */
export function ExpiredLinkPage({ ctx, or, again }: { ctx: Context; or: string; again: string }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Ce lien n'est plus valable"
      lead={`Il a déjà servi, un plus récent l'a remplacé, ou il ${or}.`}
    >
      <Paragraph>
        <Link href={again}>Recevoir un nouveau lien</Link>
      </Paragraph>
    </Page>
  );
}
