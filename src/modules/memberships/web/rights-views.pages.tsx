import { Page } from "../../../web/layout.tsx";
import type { Context, Portal } from "../../../web/portal.ts";
import { Button, EmptyState, Link, noForm, Paragraph, Select, Table } from "../../../web/ui/index.ts";
import { type Application, applicationsOf } from "../../rights/index.ts";
import { listOpenServices, type ServiceRow } from "../../structures/index.ts";
import { type HolderRow, listHolders } from "../grants-store.ts";
import { memberUrl, organisation } from "./person.tsx";

/** « Qui peut traiter les factures reçues ? » : an application, and who may act in it, everywhere or on a service. */
function HoldersPage(props: {
  ctx: Context;
  application: Application;
  services: readonly ServiceRow[];
  service: ServiceRow | undefined;
  holders: readonly HolderRow[];
}) {
  const { ctx, application, services, service, holders } = props;
  const { structureId, structure } = ctx.membership;
  return (
    <Page
      chrome={ctx.chrome}
      title="Gérer les habilitations"
      lead="Qui peut faire quoi, et sur quel service ? Ouvrez une personne pour changer ses droits."
      caption={structure.displayName}
      crumbs={[organisation]}
      wide
    >
      <form class="u-bulk" method="get" action="/organisation/habilitations">
        <input type="hidden" name="structureId" value={structureId} />
        <Select
          form={noForm}
          name="application"
          label="Application"
          required
          value={application.code}
          options={applicationsOf(structure.kind).map((one) => ({ value: one.code, label: one.label }))}
        />
        {services.length > 0 && (
          <Select
            form={noForm}
            name="service"
            label="Service"
            value={service ? String(service.id) : ""}
            options={[
              { value: "", label: "Tous" },
              ...services.map((one) => ({ value: String(one.id), label: one.code })),
            ]}
          />
        )}
        <Button kind="secondary">Afficher</Button>
      </form>
      {holders.length === 0 ? (
        <EmptyState>Personne n'a de droit sur « {application.label} ».</EmptyState>
      ) : (
        <Table
          caption={`Qui peut agir dans « ${application.label} »${service ? `, sur ${service.code}` : ""} ?`}
          rows={holders}
          keyOf={(one) => `${one.membershipId}-${one.serviceId ?? 0}`}
          columns={[
            {
              title: "Personne",
              heads: true,
              cell: (one) => (
                <Link href={memberUrl({ structureId, id: one.membershipId })}>
                  {one.lastName} {one.firstName}
                </Link>
              ),
            },
            {
              title: "Droit",
              cell: (one) =>
                one.level === "write" ? (application.hasRead ? "Modification" : "Oui") : "Consultation",
            },
            { title: "Sur", cell: (one) => one.serviceCode ?? "Toute la structure" },
            {
              title: "Au titre de",
              cell: (one) => (one.role === "mainManager" ? "Gestionnaire principal" : "Habilitation"),
            },
          ]}
        />
      )}
      <Paragraph>
        <Link href={`/organisation/utilisateurs?structureId=${structureId}`}>
          Toutes les personnes rattachées
        </Link>
      </Paragraph>
    </Page>
  );
}

/** « Gérer les habilitations » : who may do what. */
export function rightsViewPages(portal: Portal): void {
  portal.page({
    method: "GET",
    url: "/organisation/habilitations",
    access: { action: "member.list", on: "structure" },
    handler: async (ctx) => {
      const { structureId, structure, serviceIds } = ctx.membership;
      const seesAll = ctx.can("member.list", { serviceId: null });
      const known = applicationsOf(structure.kind);
      const application = known.find((one) => one.code === ctx.one("application")) ?? known[0]!;
      const { services, found } = await ctx.tx(async (tx, now) => ({
        services: (await listOpenServices(tx, structureId, now)).filter(
          (one) => seesAll || serviceIds.includes(one.id),
        ),
        found: await listHolders(tx, structureId, application.code, seesAll ? null : serviceIds, now),
      }));
      const service = services.find((one) => one.id === Number(ctx.one("service")));
      const holders = found.filter(
        (one) => !service || one.serviceId === null || one.serviceId === service.id,
      );
      return ctx.html(<HoldersPage {...{ ctx, application, services, service, holders }} />);
    },
  });
}
