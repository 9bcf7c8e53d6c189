import { Page } from "./layout.tsx";
import type { Context } from "./portal.ts";
import { ButtonLink, Paragraph } from "./ui/index.ts";

const titles: Readonly<Record<number, string>> = {
  400: "Demande incomprise",
  401: "Connexion nécessaire",
  403: "Accès refusé",
  404: "Page introuvable",
  409: "La situation a changé",
  413: "Envoi trop volumineux",
  415: "Format non accepté",
  429: "Trop de demandes",
  503: "Portail momentanément indisponible",
};

/** What is shown instead of the page asked for: what happened, what to do, and a reference for the support. */
export function ProblemPage({
  ctx,
  problem,
}: {
  ctx: Context;
  problem: { status: number; says: string; correlationId: string };
}) {
  return (
    <Page chrome={ctx.chrome} title={titles[problem.status] ?? "Une erreur est survenue"} lead={problem.says}>
      {problem.status >= 500 && (
        <Paragraph>Référence à transmettre au support : {problem.correlationId}</Paragraph>
      )}
      {problem.status === 403 && ctx.caller?.memberships.length === 0 ? (
        <ButtonLink href="/bienvenue">Choisir ma structure</ButtonLink>
      ) : (
        <ButtonLink href="/">Revenir à l'accueil</ButtonLink>
      )}
    </Page>
  );
}
