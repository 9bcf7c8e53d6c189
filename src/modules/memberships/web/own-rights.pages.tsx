import { notFound } from "../../../web/access.ts";
import { Page } from "../../../web/layout.tsx";
import type { Portal } from "../../../web/portal.ts";
import { ButtonLink, EmptyState, Heading } from "../../../web/ui/index.ts";
import { listGrants } from "../grants-store.ts";
import { findMembership } from "../store.ts";
import { RightsExplained } from "./rights-explained.tsx";

/** « Mes habilitations »: what one may do in each structure, and why. */
export function ownRightsPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/mes-habilitations",
    access: "account",
    handler: async (ctx) => {
      const only = ctx.one("structureId");
      const shown = ctx.who.memberships.filter((one) => only === "" || String(one.structureId) === only);
      if (shown.length === 0 && only !== "") throw notFound();
      const all = await ctx.tx(async (tx) =>
        Promise.all(
          shown.map(async ({ structureId, membershipId, structure }) => ({
            structure,
            member: (await findMembership(tx, structureId, membershipId))!,
            grants: await listGrants(tx, membershipId),
          })),
        ),
      );
      return ctx.html(
        <Page
          chrome={ctx.chrome}
          title="Mes habilitations"
          lead="Que puis-je faire, et pourquoi ?"
          wide
          actions={
            <>
              {only !== "" && ctx.who.memberships.length > 1 && (
                <ButtonLink kind="secondary" href="/mes-habilitations">
                  Toutes mes structures
                </ButtonLink>
              )}
              <ButtonLink kind="secondary" href="/mes-demandes">
                Historique de mes demandes
              </ButtonLink>
            </>
          }
        >
          {all.length === 0 && (
            <EmptyState action={{ href: "/bienvenue", label: "Choisir ma structure" }}>
              Vous n'êtes rattaché à aucune structure.
            </EmptyState>
          )}
          {all.map(({ structure, member, grants }) => (
            <section class="u-section" key={member.id}>
              <Heading>{structure.displayName}</Heading>
              <RightsExplained
                member={member}
                structure={structure}
                grants={grants}
                now={ctx.now}
                askUrl={`/mes-habilitations/demander?structureId=${member.structureId}`}
              />
              {member.role === "member" && (
                <ButtonLink
                  kind="secondary"
                  href={`/mes-habilitations/demander?structureId=${member.structureId}`}
                >
                  Demander une habilitation
                </ButtonLink>
              )}
            </section>
          ))}
        </Page>,
      );
    },
  });
}
