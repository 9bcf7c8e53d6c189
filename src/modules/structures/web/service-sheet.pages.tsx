import { z } from "zod";
import type { Tx } from "../../../platform/database/index.ts";
import { frenchDateTime } from "../../../shared/french-date-time.ts";
import { forbidden } from "../../../web/access.ts";
import { formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { typedValues } from "../../../web/read-form.ts";
import {
  Banner,
  Button,
  ButtonLink,
  Card,
  Code,
  DateTimeInput,
  EmptyState,
  Form,
  FormFooter,
  type FormState,
  Link,
  noForm,
  Paragraph,
  SummaryList,
  Table,
} from "../../../web/ui/index.ts";
import { type JournalRow, listJournalOf } from "../../audit/index.tsx";
import { everybody, listMembers, type MembershipRow } from "../../memberships/index.ts";
import { isOpen, reportsPayment, requiresCommitment } from "../domain/service.ts";
import { hasSuccession, listReplacedBy, type ServiceRow, wasServiceUsed } from "../service-store.ts";
import type { StructureRow } from "../store.ts";
import {
  deleteService,
  disableService,
  enableService,
  type ServiceRefusal,
  serviceTexts,
} from "../use-cases/services.ts";
import {
  addressText,
  crumbsOf,
  loadService,
  mayChange,
  ServiceTag,
  servicesPath,
  sheetOf,
  successionText,
} from "./service-parts.tsx";

type Sheet = {
  readonly structure: StructureRow;
  readonly service: ServiceRow;
  /** Those that it takes the place of. */
  readonly replaces: readonly ServiceRow[];
  /** Null when the reader may not know. */
  readonly people: readonly MembershipRow[] | null;
  readonly actions: readonly JournalRow[] | null;
  /** Whether the decision that gave it a successor can be seen. */
  readonly hasSuccession: boolean;
  /** Whether nobody ever used or saw it. */
  readonly isDeletable: boolean;
};

function SheetPage({ ctx, sheet, refusal }: { ctx: Context; sheet: Sheet; refusal?: string }) {
  const { structure, service, replaces, people, actions } = sheet;
  const canChange = !service.reserved && ctx.can("service.update", { serviceId: service.id });
  const canReplace = !service.reserved && ctx.can("service.replace");
  const change = canChange ? { href: `${sheetOf(service)}/modifier` } : undefined;
  return (
    <Page
      chrome={ctx.chrome}
      title={service.label}
      caption={`Service ${service.code} · ${structure.displayName}`}
      crumbs={crumbsOf(structure)}
      wide
      actions={<ServiceTag service={service} now={ctx.now} />}
    >
      {refusal && <Banner tone="error" title={refusal} />}
      {service.successorId !== null && (
        <Banner tone="info" title={`${successionText(service, ctx.now)}.`}>
          <p>
            <Link href={sheetOf({ structureId: service.structureId, id: service.successorId })}>
              Voir le service {service.successorCode}
            </Link>
            {canReplace && sheet.hasSuccession && (
              <>
                {" · "}
                <Link href={`${sheetOf(service)}/remplacement`}>Voir ou annuler ce remplacement</Link>
              </>
            )}
          </p>
        </Banner>
      )}
      <Card title="Informations générales">
        <SummaryList
          rows={[
            { label: "Code de service", value: <Code>{service.code}</Code> },
            { label: "Libellé", value: service.label, change },
            { label: "Description", value: service.description || "Aucune", change },
            { label: "Début d'activation", value: formatDateTime(service.startsAt), change },
            {
              label: "Fin d'activation",
              value: service.endsAt ? formatDateTime(service.endsAt) : "Aucune",
              change,
            },
            ...(structure.kind === "public" ? publicRows(structure, service, change) : []),
            { label: "Adresse", value: addressText(service) ?? "Celle de la structure", change },
            ...(replaces.length > 0
              ? [
                  {
                    label: "Remplace",
                    value: replaces.map((one, index) => (
                      <>
                        {index > 0 && ", "}
                        <Link href={sheetOf(one)}>{one.code}</Link>
                      </>
                    )),
                  },
                ]
              : []),
          ]}
        />
      </Card>
      {people && <People ctx={ctx} people={people} service={service} />}
      {actions && actions.length > 0 && (
        <Table
          caption="Historique du service"
          rows={actions}
          keyOf={(row) => row.seq}
          columns={[
            { title: "Le", heads: true, cell: (row) => formatDateTime(row.at) },
            { title: "Action", cell: (row) => `${row.actorLabel} ${row.sentence}` },
            { title: "Motif", cell: (row) => row.reason || "—" },
          ]}
        />
      )}
      {canChange && <Acts ctx={ctx} sheet={sheet} canReplace={canReplace} />}
    </Page>
  );
}

const publicRows = (
  structure: StructureRow,
  service: ServiceRow,
  change: { readonly href: string } | undefined,
) => [
  {
    label: "Numéro d'engagement",
    value: structure.commitmentRequired
      ? "Obligatoire, pour toute la structure"
      : requiresCommitment(structure, service)
        ? "Obligatoire"
        : "Facultatif",
    change,
  },
  {
    label: "Statut « Mise en paiement »",
    value: `${reportsPayment(structure, service) ? "Remonté" : "Non remonté"}${service.paymentStatusReported === null ? ", comme pour la structure" : ""}`,
    change,
  },
];

/** What can be done of a service as a whole: close or open it, have another take its place, remove it. */
function Acts({ ctx, sheet, canReplace }: { ctx: Context; sheet: Sheet; canReplace: boolean }) {
  const { service, isDeletable } = sheet;
  const open = isOpen(service, ctx.now);
  const endIsPast = service.endsAt !== null && service.endsAt <= ctx.now;
  return (
    <div class="u-buttons">
      {open || !endIsPast ? (
        <Form token={ctx.formToken} action={`${sheetOf(service)}/${open ? "desactiver" : "activer"}`} inline>
          <input type="hidden" name="version" value={service.version} />
          <Button kind={open ? "secondary" : undefined}>
            {open ? "Désactiver le service" : "Activer le service"}
          </Button>
        </Form>
      ) : (
        <ButtonLink href={`${sheetOf(service)}/activer`}>Activer le service</ButtonLink>
      )}
      {canReplace && service.successorId === null && (
        <ButtonLink
          kind="secondary"
          href={`/organisation/structures/${service.structureId}/services/remplacer?service=${service.id}`}
        >
          Fusionner / remplacer
        </ButtonLink>
      )}
      {isDeletable && (
        <ButtonLink kind="secondary" href={`${sheetOf(service)}/supprimer`}>
          Supprimer
        </ButtonLink>
      )}
    </div>
  );
}

function People({
  ctx,
  people,
  service,
}: {
  ctx: Context;
  people: readonly MembershipRow[];
  service: ServiceRow;
}) {
  if (people.length === 0)
    return (
      <EmptyState
        action={
          isOpen(service, ctx.now) && ctx.can("member.attach", { serviceId: service.id })
            ? {
                href: `/organisation/utilisateurs/rattacher?structureId=${service.structureId}`,
                label: "Rattacher un utilisateur",
              }
            : undefined
        }
      >
        Personne n'est rattaché à ce service en particulier. Les personnes rattachées à toute la structure y
        ont accès.
      </EmptyState>
    );
  return (
    <Table
      caption="Personnes rattachées à ce service"
      rows={people}
      keyOf={(one) => one.id}
      columns={[
        {
          title: "Personne",
          heads: true,
          cell: (one) => (
            <a href={`/organisation/structures/${one.structureId}/utilisateurs/${one.id}`}>
              {one.firstName} {one.lastName}
            </a>
          ),
        },
        { title: "Adresse", cell: (one) => one.signInEmail },
        { title: "Jusqu'au", cell: (one) => (one.endsAt ? formatDateTime(one.endsAt) : "—") },
      ]}
    />
  );
}

/** SRV-02. The end of the service has passed: another is asked for, or none. */
function EnablePage({
  ctx,
  structure,
  service,
  form,
}: Pick<Sheet, "structure" | "service"> & { ctx: Context; form: FormState }) {
  return (
    <Page
      chrome={ctx.chrome}
      title={`Activer le service ${service.code}`}
      caption={structure.displayName}
      crumbs={crumbsOf(structure)}
      hasErrors={Object.keys(form.errors).length > 0}
    >
      <Paragraph>
        Sa date de fin, {formatDateTime(service.endsAt!)}, est passée.
        {service.successorId !== null &&
          ` Ouvert de nouveau, il ne sera plus dit remplacé par ${service.successorCode} ; les droits donnés sur ${service.successorCode} restent.`}
      </Paragraph>
      <Form token={ctx.formToken} state={form}>
        <input type="hidden" name="version" value={service.version} />
        <DateTimeInput
          form={form}
          name="endsAt"
          label="Nouvelle date de fin d'activation"
          hint="Vide : sans fin. Sinon, par exemple 31/12/2027."
        />
        <FormFooter submit="Activer le service" cancel={sheetOf(service)} />
      </Form>
    </Page>
  );
}

function DeletePage({
  ctx,
  structure,
  service,
  refusal,
}: Pick<Sheet, "structure" | "service"> & { ctx: Context; refusal?: string }) {
  return (
    <Page
      chrome={ctx.chrome}
      title={`Supprimer le service ${service.code}`}
      caption={structure.displayName}
      crumbs={crumbsOf(structure)}
    >
      {refusal && <Banner tone="error" title={refusal} />}
      <Paragraph>
        « {service.label} » n'a jamais servi : personne n'y a été rattaché, et l'annuaire ne l'a jamais
        montré. Son code redevient libre. L'historique garde la trace de sa création et de sa suppression.
      </Paragraph>
      <Form token={ctx.formToken}>
        <input type="hidden" name="version" value={service.version} />
        <FormFooter submit="Supprimer le service" kind="warning" cancel={sheetOf(service)} />
      </Form>
    </Page>
  );
}

const ACTIONS_SHOWN = 20;

/** A service with who works in it and what was done to it, as far as the reader may know. */
async function loadSheet(ctx: Context): Promise<Sheet> {
  const found = await loadService(ctx);
  const { service } = found;
  return ctx.tx(async (tx, now) => {
    const [replaces, people, actions, succession, deletable] = await Promise.all([
      listReplacedBy(tx, service),
      ctx.can("member.list", { serviceId: service.id })
        ? listMembers(tx, service.structureId, { ...everybody, serviceIds: [service.id] }, null)
        : null,
      ctx.can("journal.read")
        ? listJournalOf(tx, service.structureId, { kind: "service", id: service.id }, ACTIONS_SHOWN)
        : null,
      service.successorId !== null && hasSuccession(tx, service),
      ctx.can("service.create") && isDeletable(tx, service, now),
    ]);
    return { ...found, replaces, people, actions, hasSuccession: succession, isDeletable: deletable };
  });
}

const isDeletable = async (tx: Tx, service: ServiceRow, now: Date) =>
  !service.reserved && !(await wasServiceUsed(tx, service, now));

const url = "/organisation/structures/:structureId/services/:serviceId";
const versionShape = { version: z.coerce.number().int() };
const statusOf = (refusal: ServiceRefusal): number => (refusal.code === "CHANGED_MEANWHILE" ? 409 : 422);

/** The sheet of a service, and what is done from it. */
export function serviceSheetPages(portal: Portal): void {
  const access = { action: "service.update", on: "structure" } as const;
  const handleOf = (ctx: Context, service: ServiceRow) => {
    const form = ctx.form(versionShape);
    const version = form.ok ? form.values.version : 0;
    return { structureId: service.structureId, serviceId: service.id, version };
  };
  portal.page({
    method: "GET",
    url,
    access: { action: "service.read", on: "structure" },
    handler: async (ctx) => ctx.html(<SheetPage ctx={ctx} sheet={await loadSheet(ctx)} />),
  });
  portal.page({
    method: "POST",
    url: `${url}/desactiver`,
    access,
    handler: async (ctx) => {
      const { service } = await loadService(ctx);
      mayChange(ctx, service);
      const done = await ctx.tx((tx, now) => disableService(tx, handleOf(ctx, service), ctx.actor, now));
      if (!done.ok) {
        const refusal = serviceTexts[done.refusal.code].text;
        return ctx.html(
          <SheetPage ctx={ctx} sheet={await loadSheet(ctx)} refusal={refusal} />,
          statusOf(done.refusal),
        );
      }
      return ctx.redirect(sheetOf(service), {
        confirmation: { title: `Le service ${service.code} est désactivé.` },
      });
    },
  });
  portal.page({
    method: "GET",
    url: `${url}/activer`,
    access,
    handler: async (ctx) => {
      const found = await loadService(ctx);
      mayChange(ctx, found.service);
      if (isOpen(found.service, ctx.now) || found.service.endsAt === null)
        return ctx.redirect(sheetOf(found.service));
      return ctx.html(<EnablePage ctx={ctx} {...found} form={noForm} />);
    },
  });
  portal.page({
    method: "POST",
    url: `${url}/activer`,
    access,
    handler: async (ctx) => {
      const found = await loadService(ctx);
      const { service } = found;
      mayChange(ctx, service);
      const endIsPast = service.endsAt !== null && service.endsAt <= ctx.now;
      const again = async (says: string, status: number) =>
        ctx.html(
          endIsPast ? (
            <EnablePage
              ctx={ctx}
              {...found}
              form={{ values: typedValues(ctx.body), errors: { endsAt: says } }}
            />
          ) : (
            <SheetPage ctx={ctx} sheet={await loadSheet(ctx)} refusal={says} />
          ),
          status,
        );
      const form = ctx.form({ ...versionShape, endsAt: z.string().default("") });
      const typed = form.ok ? form.values.endsAt.trim() : "";
      const endsAt = typed === "" ? null : frenchDateTime(typed, "end");
      if (typed !== "" && endsAt === null)
        return again("Saisissez la date de fin comme 31/12/2027, ou laissez le champ vide.", 422);
      const version = form.ok ? form.values.version : 0;
      const done = await ctx.tx((tx, now) =>
        enableService(
          tx,
          { structureId: service.structureId, serviceId: service.id, version, endsAt },
          ctx.actor,
          now,
        ),
      );
      if (!done.ok) return again(serviceTexts[done.refusal.code].text, statusOf(done.refusal));
      return ctx.redirect(sheetOf(service), {
        confirmation: { title: `Le service ${service.code} est activé.` },
      });
    },
  });
  const loadUnused = async (ctx: Context) => {
    const found = await loadService(ctx);
    if (!(await ctx.tx((tx, now) => isDeletable(tx, found.service, now))))
      throw forbidden(serviceTexts.SERVICE_IN_USE.text);
    mayChange(ctx, found.service);
    return found;
  };
  portal.page({
    method: "GET",
    url: `${url}/supprimer`,
    access: { action: "service.create", on: "structure" },
    handler: async (ctx) => ctx.html(<DeletePage ctx={ctx} {...(await loadUnused(ctx))} />),
  });
  portal.page({
    method: "POST",
    url: `${url}/supprimer`,
    access: { action: "service.create", on: "structure" },
    handler: async (ctx) => {
      const found = await loadUnused(ctx);
      const { service } = found;
      const done = await ctx.tx((tx, now) => deleteService(tx, handleOf(ctx, service), ctx.actor, now));
      if (!done.ok) {
        const refusal = serviceTexts[done.refusal.code].text;
        return ctx.html(<DeletePage ctx={ctx} {...found} refusal={refusal} />, statusOf(done.refusal));
      }
      return ctx.redirect(servicesPath(service.structureId), {
        confirmation: { title: `Le service ${service.code} est supprimé.` },
      });
    },
  });
}
