import { z } from "zod";
import { notFound } from "../../../web/access.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { typedValues } from "../../../web/read-form.ts";
import { Form, FormFooter, type FormState, noForm, TextInput } from "../../../web/ui/index.ts";
import { isPublicCategory } from "../../register/index.ts";
import { identifierText, structureIdentifier } from "../domain/identifier.ts";
import type { StructureRow } from "../store.ts";
import { giveSiret } from "../use-cases/structures.ts";
import { isUnregistered, loadToChange, sheetCrumbs, version } from "./loaded-structure.tsx";
import { closedText } from "./new-structure.tsx";

function SiretPage({ ctx, structure, form }: { ctx: Context; structure: StructureRow; form: FormState }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Donner le SIRET"
      caption={structure.displayName}
      crumbs={sheetCrumbs(structure)}
      lead="Il remplace la référence provisoire. Services, personnes et droits restent."
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} state={form}>
        <input type="hidden" name="version" value={structure.version} />
        <TextInput
          form={form}
          name="siret"
          label="SIRET"
          required
          maxlength={30}
          width={20}
          spellcheck={false}
          hint="14 chiffres, sur l'avis de situation de l'Insee."
        />
        <FormFooter cancel={`/organisation/structures/${structure.id}`} />
      </Form>
    </Page>
  );
}

/** « Donner le SIRET » of a company that waited for it. */
export function giveSiretPage(portal: Portal): void {
  const unregistered = async (ctx: Context) => {
    const structure = await loadToChange(ctx);
    if (!isUnregistered(structure)) throw notFound();
    return structure;
  };
  portal.page({
    method: "GET",
    url: "/organisation/structures/:structureId/siret",
    access: { action: "structure.identify", on: "structure" },
    fresh: true,
    handler: async (ctx) =>
      ctx.html(<SiretPage ctx={ctx} structure={await unregistered(ctx)} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: "/organisation/structures/:structureId/siret",
    access: { action: "structure.identify", on: "structure" },
    fresh: true,
    handler: async (ctx) => {
      const structure = await unregistered(ctx);
      const form = ctx.form({ version, siret: z.string().default("") });
      const again = (state: FormState) =>
        ctx.html(<SiretPage ctx={ctx} structure={structure} form={state} />, 422);
      if (!form.ok) return again(form.state);
      const wrong = (says: string) => again({ values: typedValues(ctx.body), errors: { siret: says } });
      const read = structureIdentifier("SIRET", form.values.siret);
      if (!read.ok) return wrong(identifierText(read.refusal));
      const answer = await portal.register.find(read.value.value);
      const found = answer.kind === "found" ? answer.establishment : null;
      if (found && !found.isOpen) return wrong(await closedText(portal.register, found));
      if (found && isPublicCategory(found.legalCategory))
        return wrong("Ce SIRET est celui d'une structure publique : créez-la, l'opérateur la vérifiera.");
      const given = await ctx.systemTx("whether another structure has this number", (tx, now) =>
        giveSiret(
          tx,
          {
            structureId: structure.id,
            version: form.values.version,
            siret: read.value.value,
            legalCategory: found?.legalCategory || null,
            companyCategory: found?.companyCategory || null,
            activityCode: found?.activityCode || null,
            registryConfidential: found?.isConfidential ?? false,
            registryCheck: found ? "confirmed" : "pending",
          },
          ctx.actor,
          now,
        ),
      );
      if (!given.ok) {
        if (given.refusal.code === "SIRET_TAKEN")
          return wrong(
            "Une structure du portail a déjà ce SIRET. Demandez votre rattachement à elle, puis désactivez celle-ci.",
          );
        if (given.refusal.code === "CHANGED_MEANWHILE")
          return wrong("Quelqu'un a modifié cette fiche entre-temps. Rechargez la page, puis recommencez.");
        throw notFound();
      }
      return ctx.redirect(`/organisation/structures/${structure.id}`, {
        confirmation: {
          title: "Le SIRET est enregistré.",
          text: found
            ? "Le répertoire national le confirme."
            : "Le répertoire national ne l'a pas encore confirmé : nous le lui redemanderons.",
        },
      });
    },
  });
}
