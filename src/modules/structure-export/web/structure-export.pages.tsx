import { publish } from "../../../platform/events.ts";
import { Page } from "../../../web/layout.tsx";
import type { Portal } from "../../../web/portal.ts";
import { Form, FormFooter, Paragraph, SummaryList } from "../../../web/ui/index.ts";
import { exportEvent } from "../../audit/index.tsx";
import { exportedFiles, structureArchive } from "../archive.ts";

const url = "/organisation/structures/:structureId/exporter";
const access = { action: "structure.export", on: "structure" } as const;

/** « Exporter la structure »: all that it holds, in files that others can read. Source: organisation.md 15.1. */
export function structureExportPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url,
    access,
    fresh: true,
    handler: (ctx) => {
      const { structureId, structure } = ctx.membership;
      const sheet = `/organisation/structures/${structureId}`;
      return ctx.html(
        <Page
          chrome={ctx.chrome}
          title="Exporter la structure"
          caption={structure.displayName}
          crumbs={[
            { label: "Organisation", href: "/organisation" },
            { label: structure.displayName, href: sheet },
          ]}
          lead="Tout ce qu'elle contient, dans un fichier ZIP : pour l'archiver, ou pour aller ailleurs."
        >
          <SummaryList rows={exportedFiles.map(({ name, says }) => ({ label: name, value: says }))} />
          <Paragraph>L'historique gardera la trace de cet export.</Paragraph>
          <Form token={ctx.formToken}>
            <FormFooter submit="Télécharger (ZIP)" cancel={sheet} />
          </Form>
        </Page>,
      );
    },
  });
  portal.page({
    method: "POST",
    url,
    access,
    fresh: true,
    handler: async (ctx) => {
      const { structureId, structure } = ctx.membership;
      await ctx.tx((tx) => publish(tx, exportEvent(structureId, "toute la structure", ctx.actor)));
      const name = `${structure.identifierValue.replace(/[^A-Za-z0-9-]/g, "_")}.zip`;
      return ctx.reply
        .type("application/zip")
        .header("content-disposition", `attachment; filename="structure-${name}"`)
        .send(structureArchive(ctx));
    },
  });
}
