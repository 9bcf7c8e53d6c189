import type { Context } from "../../web/portal.ts";
import { listUndecidedImports } from "../imports/index.ts";
import { listObjections, listOpenClaims } from "../managers/index.ts";
import { listDeactivationsToAnswer, listStructuresToVerify } from "../structures/index.ts";
import type { Task } from "./deadlines.ts";

const eyes = "the operator answers for structures she is no member of, or for none";

/** NAV-04. What waits for the operator, and where she answers: nothing of her own, which another operator decides. */
export async function operatorTasks(ctx: Context): Promise<Task[]> {
  const { accountId } = ctx.who;
  const [toVerify, claims, objections, deactivations, undecided] = await ctx.systemTx(eyes, (tx) =>
    Promise.all([
      listStructuresToVerify(tx, accountId),
      listOpenClaims(tx, null),
      listObjections(tx),
      listDeactivationsToAnswer(tx, accountId),
      listUndecidedImports(tx),
    ]),
  );
  const isOthers = (one: { readonly accountId: number }) => one.accountId !== accountId;
  // a structure with two managers waits once
  const verifiable = new Set(toVerify.filter((one) => !one.isOwn).map((one) => one.id)).size;
  return [
    ...(verifiable > 0
      ? [
          {
            href: "/operateur/structures",
            label:
              verifiable > 1
                ? `${verifiable} structures publiques attendent d'être vérifiées`
                : "Une structure publique attend d'être vérifiée",
          },
        ]
      : []),
    ...claims
      .filter((one) => isOthers(one) && ctx.now >= one.objectionUntil)
      .map((one) => ({
        href: "/operateur/reprises",
        label: `La reprise de ${one.structureName} par ${one.claimantName} attend votre décision`,
      })),
    ...objections.filter(isOthers).map((one) => ({
      href: "/operateur/reprises",
      label: `${one.personName} conteste le retrait de son rôle dans ${one.structureName}`,
    })),
    ...deactivations
      .filter((one) => !one.isOwn)
      .map((one) => ({
        href: "/operateur/desactivations",
        label: `La désactivation de ${one.structureName} attend votre accord`,
      })),
    ...undecided.map((run) => ({
      href: `/operateur/imports/${run.id}`,
      label: `L'import de ${run.fileName} attend votre décision`,
    })),
  ];
}
