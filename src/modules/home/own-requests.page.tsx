import { Page } from "../../web/layout.tsx";
import type { Portal } from "../../web/portal.ts";
import { ButtonLink, EmptyState } from "../../web/ui/index.ts";
import { listOwnGrantRequests, OwnGrantRequests } from "../grant-requests/index.ts";
import { listOwnClaims, OwnClaims } from "../managers/index.ts";
import { listOwnRequests, OwnRequests } from "../memberships/index.ts";

const eyes = "what a person asked of structures she is no member of, or no longer";

/** « Historique de mes demandes »: all that a person asked, and what was answered. Source: organisation.md 5.6. */
export function ownRequestsPage(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/mes-demandes",
    access: "account",
    handler: async (ctx) => {
      const { accountId } = ctx.who;
      const asked = await ctx.systemTx(eyes, async (tx) => ({
        attachments: await listOwnRequests(tx, accountId),
        grants: await listOwnGrantRequests(tx, accountId),
        claims: await listOwnClaims(tx, accountId),
      }));
      const { attachments, grants, claims } = asked;
      return ctx.html(
        <Page
          chrome={ctx.chrome}
          title="Historique de mes demandes"
          crumbs={[{ label: "Mes rattachements", href: "/mes-rattachements" }]}
          wide
          actions={
            <ButtonLink kind="secondary" href="/mes-rattachements/demander">
              Demander un rattachement
            </ButtonLink>
          }
        >
          {attachments.length + grants.length + claims.length === 0 && (
            <EmptyState>Vous n'avez fait aucune demande.</EmptyState>
          )}
          {attachments.length > 0 && (
            <OwnRequests ctx={ctx} requests={attachments} caption="Demandes de rattachement" />
          )}
          {grants.length > 0 && (
            <OwnGrantRequests ctx={ctx} requests={grants} caption="Demandes d'habilitation" />
          )}
          <OwnClaims ctx={ctx} claims={claims} />
        </Page>,
      );
    },
  });
}
