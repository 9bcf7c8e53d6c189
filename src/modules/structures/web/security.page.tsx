import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { box, typedValues } from "../../../web/read-form.ts";
import { Checkbox, Form, FormFooter, type FormState, noForm } from "../../../web/ui/index.ts";
import type { StructureRow } from "../store.ts";
import { changeStructure } from "../use-cases/structures.ts";
import { CHANGED, loadToChange, sheetCrumbs, version } from "./loaded-structure.tsx";

const url = "/organisation/structures/:structureId/securite";
const access = { action: "structure.secure", on: "structure" } as const;

function SecurityPage({ ctx, structure, form }: { ctx: Context; structure: StructureRow; form: FormState }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Sécurité de la structure"
      caption={structure.displayName}
      crumbs={sheetCrumbs(structure)}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Form token={ctx.formToken} state={form}>
        <input type="hidden" name="version" value={structure.version} />
        <Checkbox
          form={form}
          name="requiresSecondFactor"
          label="Double authentification pour tous"
          hint="Qui travaille pour cette structure sans l'avoir est amené à la mettre en place à sa prochaine page."
          checked={structure.requiresSecondFactor}
        />
        <FormFooter cancel={`/organisation/structures/${structure.id}`} />
      </Form>
    </Page>
  );
}

/** What a main manager asks of all who work for the structure. Source: organisation.md 7.1, « Sécurité ». */
export function securityPage(portal: Portal): void {
  portal.page({
    method: "GET",
    url,
    access,
    fresh: true,
    handler: async (ctx) =>
      ctx.html(<SecurityPage ctx={ctx} structure={await loadToChange(ctx)} form={noForm} />),
  });
  portal.page({
    method: "POST",
    url,
    access,
    fresh: true,
    handler: async (ctx) => {
      const structure = await loadToChange(ctx);
      const form = ctx.form({ version, requiresSecondFactor: box });
      if (!form.ok) return ctx.html(<SecurityPage ctx={ctx} structure={structure} form={form.state} />, 422);
      const { version: seen, ...change } = form.values;
      const done = await ctx.tx((tx, now) =>
        changeStructure(tx, { structureId: structure.id, version: seen, change }, ctx.actor, now),
      );
      if (!done.ok) {
        const state = { values: typedValues(ctx.body), errors: { requiresSecondFactor: CHANGED } };
        return ctx.html(<SecurityPage ctx={ctx} structure={await loadToChange(ctx)} form={state} />, 409);
      }
      return ctx.redirect(`/organisation/structures/${structure.id}`, {
        confirmation: {
          title: change.requiresSecondFactor
            ? "La double authentification est exigée de tous."
            : "La double authentification n'est plus exigée de tous.",
        },
      });
    },
  });
}
