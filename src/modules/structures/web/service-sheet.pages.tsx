import { z } from "zod";
import { formatDateTime } from "../../../web/format.ts";
import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { Card, Code, EmptyState, Form, FormFooter, SummaryList, Table } from "../../../web/ui/index.ts";
import { type JournalRow, listJournalOf } from "../../audit/index.tsx";
import { everybody, listMembers, type MembershipRow } from "../../memberships/index.ts";
import { serviceState } from "../domain/service.ts";
import type { ServiceRow } from "../service-store.ts";
import type { StructureRow } from "../store.ts";
import { disableService, enableService, serviceTexts } from "../use-cases/services.ts";
import { crumbsOf, loadService, mayChange, ServiceTag, sheetOf } from "./service-parts.tsx";

function SheetPage({
  ctx,
  structure,
  service,
  people,
  actions,
}: {
  ctx: Context;
  structure: StructureRow;
  service: ServiceRow;
  people: readonly MembershipRow[] | null;
  actions: readonly JournalRow[] | null;
}) {
  const canChange = !service.reserved && ctx.can("service.update", { serviceId: service.id });
  const state = serviceState(service, ctx.now);
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
            ...(structure.kind === "public"
              ? [
                  {
                    label: "Numéro d'engagement",
                    value:
                      service.commitmentRequired || structure.commitmentRequired
                        ? "Obligatoire"
                        : "Facultatif",
                    change,
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
      {canChange && (
        <Form
          token={ctx.formToken}
          action={`${sheetOf(service)}/${state === "disabled" || state === "ended" ? "activer" : "desactiver"}`}
        >
          <input type="hidden" name="version" value={service.version} />
          <FormFooter
            submit={
              state === "disabled" || state === "ended" ? "Activer le service" : "Désactiver le service"
            }
          />
        </Form>
      )}
    </Page>
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
          ctx.can("member.attach", { serviceId: service.id })
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

const ACTIONS_SHOWN = 20;

/** Who works in a service and what was done to it, as far as the reader may know. */
async function around(ctx: Context, service: ServiceRow) {
  return ctx.tx(async (tx) => ({
    people: ctx.can("member.list", { serviceId: service.id })
      ? await listMembers(tx, service.structureId, { ...everybody, serviceIds: [service.id] }, null)
      : null,
    actions: ctx.can("journal.read")
      ? await listJournalOf(tx, service.structureId, { kind: "service", id: service.id }, ACTIONS_SHOWN)
      : null,
  }));
}

/** The sheet of a service, and its two buttons. */
export function serviceSheetPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/organisation/structures/:structureId/services/:serviceId",
    access: { action: "service.read", on: "structure" },
    handler: async (ctx) => {
      const found = await loadService(ctx);
      return ctx.html(<SheetPage ctx={ctx} {...found} {...(await around(ctx, found.service))} />);
    },
  });
  for (const [verb, act, done] of [
    ["desactiver", disableService, "désactivé"],
    ["activer", enableService, "activé"],
  ] as const)
    portal.page({
      method: "POST",
      url: `/organisation/structures/:structureId/services/:serviceId/${verb}`,
      access: { action: "service.update", on: "structure" },
      handler: async (ctx) => {
        const { service } = await loadService(ctx);
        mayChange(ctx, service);
        const form = ctx.form({ version: z.coerce.number().int() });
        const answer = await ctx.tx((tx, now) =>
          act(
            tx,
            {
              structureId: service.structureId,
              serviceId: service.id,
              version: form.ok ? form.values.version : 0,
            },
            ctx.actor,
            now,
          ),
        );
        return ctx.redirect(sheetOf(service), {
          confirmation: {
            title: answer.ok
              ? `Le service ${service.code} est ${done}.`
              : serviceTexts[answer.refusal.code].text,
          },
        });
      },
    });
}
