import { type CsvColumn, sendCsv } from "../../../web/csv.ts";
import { Page } from "../../../web/layout.tsx";
import type { Portal } from "../../../web/portal.ts";
import { ButtonLink, Heading, SummaryList } from "../../../web/ui/index.ts";
import { type Processing, processings } from "../domain/processings.ts";

/** What the register says of each processing, in the order of article 30. */
const columns: readonly CsvColumn<Processing>[] = [
  ["Finalité", (one) => one.purpose],
  ["Base légale", (one) => one.basis],
  ["Personnes concernées", (one) => one.people],
  ["Données", (one) => one.data],
  ["Destinataires", (one) => one.recipients],
  ["Durée de conservation", (one) => one.kept],
  ["Mesures de sécurité", (one) => one.measures],
];

/** « Registre des traitements »: as the law asks, and open to all. */
export function processingRegisterPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/donnees-personnelles/registre",
    access: "public",
    handler: (ctx) =>
      ctx.html(
        <Page
          chrome={ctx.chrome}
          title="Registre des traitements"
          lead="Ce que le portail fait des données qui nomment des personnes. L'hébergeur en est responsable, et le complète de ses coordonnées."
          actions={
            <ButtonLink kind="secondary" href="/donnees-personnelles/registre.csv">
              Télécharger (CSV)
            </ButtonLink>
          }
        >
          {processings.map((one) => (
            <section class="u-section" key={one.name}>
              <Heading>{one.name}</Heading>
              <SummaryList rows={columns.map(([label, value]) => ({ label, value: value(one) }))} />
            </section>
          ))}
        </Page>,
      ),
  });
  portal.page({
    method: "GET",
    url: "/donnees-personnelles/registre.csv",
    access: "public",
    handler: (ctx) =>
      sendCsv(
        ctx.reply,
        "registre-des-traitements.csv",
        [["Traitement", (one) => one.name], ...columns, ["Tables", (one) => one.tables.join(", ")]],
        processings,
      ),
  });
}
