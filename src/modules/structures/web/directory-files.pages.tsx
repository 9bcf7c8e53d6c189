import { toFrenchDateTime } from "../../../shared/french-date-time.ts";
import { type CsvColumn, inBatches, sendCsv } from "../../../web/csv.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { Card, Link, Paragraph } from "../../../web/ui/index.ts";
import {
  listServiceLines,
  listStructureLines,
  type ServiceLine,
  type StructureLine,
} from "../directory-files-store.ts";

const flag = (value: boolean) => (value ? "1" : "0");

/** Organisation 14.2. Public structures all have a SIRET (type 1); none exchanges by EDI here. */
const structureColumns: readonly CsvColumn<StructureLine>[] = [
  ["TypeIdentifiant", () => "1"],
  ["Identifiant", (line) => line.identifierValue],
  ["RaisonSociale", (line) => line.legalName],
  ["EmetteurEdi", () => "0"],
  ["RecepteurEdi", () => "0"],
  ["GestionStatutMiseEnPaiement", (line) => flag(line.paymentStatusReported)],
  ["GestionEngagement", (line) => flag(line.commitmentRequired)],
  ["GestionService", (line) => flag(line.serviceCodeRequired)],
  ["GestionServiceEngagement", (line) => flag(line.serviceOrCommitmentRequired)],
  ["EstMOA", (line) => flag(line.worksOwner)],
  ["EstMOAUniquement", (line) => flag(line.worksOwnerOnly)],
  ["StructureActive", (line) => flag(line.state === "active")],
  ["Adresse", (line) => line.addressLine],
  ["ComplementAdresse1", (line) => line.addressExtra1],
  ["ComplementAdresse2", (line) => line.addressExtra2],
  ["CodePostal", (line) => line.postcode],
  ["Ville", (line) => line.town],
  ["NumTelephone", () => ""],
  ["Courriel", (line) => (line.emailPublished ? (line.email ?? "") : "")],
  ["CodePays", (line) => line.country],
  ["LibellePays", (line) => countryNames.of(line.country) ?? line.country],
];
const countryNames = new Intl.DisplayNames("fr", { type: "region" });

const serviceColumns: readonly CsvColumn<ServiceLine>[] = [
  ["Identifiant", (line) => line.identifierValue],
  ["CodeService", (line) => line.code],
  ["LibelleService", (line) => line.label],
  ["GestionEngagement", (line) => flag(line.commitmentRequired)],
  ["ServiceActif", (line) => flag(line.active)],
  ["DateDebut", (line) => toFrenchDateTime(line.startsAt)],
  ["DateFin", (line) => (line.endsAt ? toFrenchDateTime(line.endsAt) : "")],
  ["Adresse", (line) => line.addressLine],
  ["CodePostal", (line) => line.postcode],
  ["Ville", (line) => line.town],
];

const BATCH = 2000;

function DownloadPage({ ctx }: { ctx: Context }) {
  return (
    <Page
      chrome={ctx.chrome}
      title="Télécharger l'annuaire"
      lead="Toutes les structures publiques et leurs services, tels qu'ils sont à l'instant où vous les téléchargez."
      crumbs={[{ label: "Annuaire", href: "/annuaire" }]}
    >
      <Card title="Structures">
        <Paragraph>
          Une ligne par structure : son identifiant, son adresse et ce que la facture doit porter. L'adresse
          électronique n'y figure que si la structure la publie.
        </Paragraph>
        <Paragraph>
          <Link href="/annuaire/structures.csv">Télécharger les structures (CSV)</Link>
        </Paragraph>
      </Card>
      <Card title="Services">
        <Paragraph>
          Une ligne par service : la structure dont il dépend, son code, son libellé, ses dates et s'il est
          actif.
        </Paragraph>
        <Paragraph>
          <Link href="/annuaire/services.csv">Télécharger les services (CSV)</Link>
        </Paragraph>
      </Card>
      <Paragraph>
        Les colonnes sont séparées par des points-virgules, en UTF-8 ; « 1 » veut dire oui, « 0 » non.
      </Paragraph>
      <Paragraph>
        Pour quelques identifiants seulement : <Link href="/annuaire/verifier">vérifier une liste</Link>.
      </Paragraph>
    </Page>
  );
}

/** The directory as files, for programs and spreadsheets (organisation 14.2). */
export function directoryFilePages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/annuaire/telecharger",
    access: "public",
    handler: async (ctx) => ctx.html(<DownloadPage ctx={ctx} />),
  });
  portal.page({
    method: "GET",
    url: "/annuaire/structures.csv",
    access: "public",
    handler: (ctx) =>
      sendCsv(
        ctx.reply,
        "structures.csv",
        structureColumns,
        inBatches<StructureLine>(BATCH, (after) =>
          ctx.database.transaction({ kind: "public" }, (tx) => listStructureLines(tx, after?.id ?? 0, BATCH)),
        ),
      ),
  });
  portal.page({
    method: "GET",
    url: "/annuaire/services.csv",
    access: "public",
    handler: (ctx) =>
      sendCsv(
        ctx.reply,
        "services.csv",
        serviceColumns,
        inBatches<ServiceLine>(BATCH, (after) =>
          ctx.database.transaction({ kind: "public" }, (tx, now) =>
            listServiceLines(tx, after?.id ?? 0, BATCH, now),
          ),
        ),
      ),
  });
}
