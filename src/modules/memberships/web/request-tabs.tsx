import type { Context } from "../../../web/portal.ts";
import { SubNav } from "../../../web/ui/index.ts";

/** The two lists of what is asked of managers: attachments, and rights. */
export function RequestTabs({ ctx }: { ctx: Context }) {
  const path = ctx.request.url.split("?")[0];
  const can = (action: "request.answer" | "member.change") =>
    ctx.who.memberships.some((membership) => ctx.can(action, { membership, serviceId: "any" }));
  const items = [
    ...(can("request.answer") ? [{ href: "/organisation/demandes", label: "Rattachements" }] : []),
    ...(can("member.change")
      ? [{ href: "/organisation/demandes/habilitations", label: "Habilitations" }]
      : []),
  ];
  if (items.length < 2) return null;
  return (
    <SubNav label="Demandes reçues" items={items.map((one) => ({ ...one, current: one.href === path }))} />
  );
}
