import { z } from "zod";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { text, typedValues } from "../../../web/read-form.ts";
import {
  Bullets,
  Form,
  FormFooter,
  type FormState,
  noForm,
  Textarea,
  TextInput,
} from "../../../web/ui/index.ts";
import type { StructureRow } from "../store.ts";
import { deactivateStructure, reactivateStructure } from "../use-cases/structures.ts";
import { CHANGED, list, load, organisation, version } from "./loaded-structure.tsx";

function DeactivatePage({
  ctx,
  structure,
  form,
}: {
  ctx: Context;
  structure: StructureRow;
  form: FormState;
}) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Désactiver la structure"
      caption={structure.displayName}
      crumbs={[organisation, list]}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Bullets
        items={[
          "Elle disparaît de l'annuaire et ne peut plus être destinataire.",
          "Plus personne ne peut y être rattaché, invité, ni demander à l'être.",
          "Ses services gardent leurs dates ; ses membres la consultent encore.",
          "Un gestionnaire peut la réactiver.",
        ]}
      />
      <Form token={ctx.formToken} state={form}>
        <input type="hidden" name="version" value={structure.version} />
        <Textarea form={form} name="reason" label="Motif" rows={2} maxlength={500} />
        <TextInput
          form={form}
          name="typedName"
          label={`Pour confirmer, saisissez le libellé : ${structure.displayName}`}
          required
        />
        <FormFooter submit="Désactiver" kind="warning" cancel={`/organisation/structures/${structure.id}`} />
      </Form>
    </Page>
  );
}

/** « Désactiver » and « Réactiver » a structure. */
export function structureStatePages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/organisation/structures/:structureId/desactiver",
    access: { action: "structure.deactivate", on: "structure" },
    fresh: true,
    handler: async (ctx) => ctx.html(<DeactivatePage ctx={ctx} structure={await load(ctx)} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url: "/organisation/structures/:structureId/desactiver",
    access: { action: "structure.deactivate", on: "structure" },
    fresh: true,
    handler: async (ctx) => {
      const structure = await load(ctx);
      const form = ctx.form({
        version,
        reason: text.optional("Motif", 500),
        typedName: z.string().default(""),
      });
      if (!form.ok)
        return ctx.html(<DeactivatePage ctx={ctx} structure={structure} form={form.state} />, 422);
      const done = await ctx.tx((tx, now) =>
        deactivateStructure(tx, { structureId: structure.id, ...form.values }, ctx.actor, now),
      );
      if (!done.ok) {
        const says =
          done.refusal.code === "NAME_DIFFERS"
            ? "Ce n'est pas le libellé de la structure. Recopiez-le exactement."
            : CHANGED;
        return ctx.html(
          <DeactivatePage
            ctx={ctx}
            structure={structure}
            form={{ values: typedValues(ctx.body), errors: { typedName: says } }}
          />,
          done.refusal.code === "NAME_DIFFERS" ? 422 : 409,
        );
      }
      return ctx.redirect(`/organisation/structures/${structure.id}`, {
        confirmation: { title: "La structure est désactivée." },
      });
    },
  });
  portal.page({
    method: "POST",
    url: "/organisation/structures/:structureId/reactiver",
    access: { action: "structure.reactivate", on: "structure" },
    handler: async (ctx) => {
      const form = ctx.form({ version });
      const { structureId } = ctx.membership;
      const done =
        form.ok &&
        (
          await ctx.tx((tx, now) =>
            reactivateStructure(tx, { structureId, version: form.values.version }, ctx.actor, now),
          )
        ).ok;
      return ctx.redirect(`/organisation/structures/${structureId}`, {
        confirmation: { title: done ? "La structure est de nouveau active." : CHANGED },
      });
    },
  });
}
