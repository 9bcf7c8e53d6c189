import { forbidden, notFound } from "../../../web/access.ts";
import { formatDate } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { Banner, Form, FormFooter, Paragraph } from "../../../web/ui/index.ts";
import { findStructure } from "../../structures/index.ts";
import { refusalTexts } from "../domain/decisions.ts";
import { findLivingMembership } from "../store.ts";
import { disownMembership } from "../use-cases/changes.ts";

const eyes = "an attachment may not count yet, or be out of the person's sight";
const crumbs = [{ label: "Mes rattachements", href: "/mes-rattachements" }];

/** « Je ne connais pas cette structure » : from the message that tells somebody that she was attached. */
export function disownPages(portal: Portal): void {
  const url = "/mes-rattachements/:structureId/je-ne-la-connais-pas";
  const load = (ctx: Context) =>
    ctx.systemTx(eyes, async (tx) => {
      const member = await findLivingMembership(tx, ctx.who.accountId, ctx.id("structureId"));
      if (!member) throw notFound();
      return { member, structure: (await findStructure(tx, member.structureId))! };
    });
  portal.page({
    method: "GET",
    url,
    access: "account",
    handler: async (ctx) => {
      const { member, structure } = await load(ctx);
      return ctx.html(
        <Page
          chrome={ctx.chrome}
          title="Je ne connais pas cette structure"
          caption={structure.displayName}
          crumbs={crumbs}
        >
          {member.state === "suspended" ? (
            <Banner tone="info" title="Ce rattachement est suspendu : il ne permet plus rien.">
              <p>Seul un gestionnaire de la structure peut le rétablir.</p>
            </Banner>
          ) : (
            <>
              <Paragraph>
                {structure.displayName} vous a rattaché le {formatDate(member.createdAt)}
                {member.attachedByName ? `, par ${member.attachedByName}` : ""}. Si c'est une erreur, dites-le
                : votre rattachement est suspendu tout de suite, et ses gestionnaires en sont prévenus. Votre
                compte et vos autres structures ne changent pas.
              </Paragraph>
              <Form token={ctx.formToken}>
                <FormFooter
                  submit="Je ne connais pas cette structure"
                  kind="warning"
                  cancel="/mes-rattachements"
                />
              </Form>
            </>
          )}
        </Page>,
      );
    },
  });
  portal.page({
    method: "POST",
    url,
    access: "account",
    handler: async (ctx) => {
      const { member, structure } = await load(ctx);
      const self = { accountId: ctx.who.accountId, structureId: structure.id, role: member.role };
      const done = await ctx.systemTx(eyes, (tx, now) =>
        disownMembership(tx, member.id, self, ctx.actor, now),
      );
      if (!done.ok) throw forbidden(refusalTexts[done.refusal.code]);
      return ctx.redirect("/mes-rattachements", {
        confirmation: {
          title: `Votre rattachement à ${structure.displayName} est suspendu.`,
          text: "Ses gestionnaires viennent d'en être prévenus.",
        },
      });
    },
  });
}
