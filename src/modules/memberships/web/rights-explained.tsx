import { formatDate } from "../../../web/format.ts";
import {
  Banner,
  Bullets,
  EmptyState,
  Link,
  Paragraph,
  SummaryList,
  Table,
  Tag,
  type Tone,
} from "../../../web/ui/index.ts";
import {
  actsOfRole,
  actsText,
  type ExplainedRight,
  explainRights,
  type RightStanding,
} from "../../rights/index.ts";
import type { GrantRow } from "../grants-store.ts";
import type { MembershipRow } from "../store.ts";

const origins: { readonly [origin: string]: string } = {
  creation: "Création de la structure",
  request: "Demande de rattachement acceptée",
  attach: "Rattachement par un gestionnaire",
  invitation: "Invitation acceptée",
  import: "Import de rattachements",
  claim: "Reprise de la gestion acceptée",
  demo: "Monde de démonstration",
};

const standings: {
  readonly [S in Exclude<RightStanding, "inForce">]: { readonly tone: Tone; readonly label: string };
} = {
  planned: { tone: "info", label: "À venir" },
  over: { tone: "neutral", label: "Terminé" },
  servicePlanned: { tone: "info", label: "Service pas encore ouvert : sans effet" },
  serviceEnded: { tone: "warning", label: "Service fermé : sans effet" },
};

const by = (name: string | null) => (name ? `, par ${name}` : "");

/** Where an attachment comes from, as lines of a summary. */
function originRows(member: MembershipRow) {
  return [
    {
      label: "Rattachement",
      value: `${origins[member.origin] ?? "Rattachement"}, le ${formatDate(member.startsAt)}${
        member.origin === "creation" ? "" : by(member.attachedByName)
      }`,
    },
    {
      label: "Niveau",
      value:
        member.scope === "structure" ? "Toute la structure" : `Services ${member.serviceCodes.join(", ")}`,
    },
    { label: "Jusqu'au", value: member.endsAt ? formatDate(member.endsAt) : "Sans date de fin" },
    ...(member.role === "mainManager" && member.managerSince
      ? [
          {
            label: "Gestionnaire principal",
            value: `Depuis le ${formatDate(member.managerSince)}${by(member.managerNamedByName)}`,
          },
        ]
      : []),
  ];
}

function originOf({ given }: ExplainedRight<GrantRow>): string {
  if (given === null) return "Rôle de gestionnaire principal";
  const set = given.givenSet ? `Ensemble « ${given.givenSet} »` : "Choisi à part";
  return `${set}, donné${given.grantedByName ? ` par ${given.grantedByName}` : ""} le ${formatDate(given.grantedAt)}`;
}

/** « Que puis-je faire, et pourquoi ? » in one structure: each right, what it allows, and where it comes from. */
export function RightsExplained(props: {
  member: MembershipRow;
  structure: { readonly kind: "public" | "private"; readonly displayName: string };
  grants: readonly GrantRow[];
  now: Date;
  /** Where the person may ask for what she lacks; absent when somebody else reads. */
  askUrl?: string;
}) {
  const { member, structure, grants, now, askUrl } = props;
  const { held, lacking } = explainRights({ role: member.role, structureKind: structure.kind }, grants, now);
  return (
    <>
      {member.state === "suspended" && (
        <Banner
          tone="warning"
          title="Accès suspendu : aucun de ces droits ne vaut avant son rétablissement."
        />
      )}
      <SummaryList rows={originRows(member)} />
      {member.role === "mainManager" && (
        <Paragraph>
          Un gestionnaire principal peut tout, et lui seul peut {list(actsOfRole("mainManager"))}.
        </Paragraph>
      )}
      {held.length === 0 ? (
        <EmptyState>Aucune habilitation.</EmptyState>
      ) : (
        <Table
          caption={`Habilitations sur ${structure.displayName}`}
          rows={held}
          keyOf={(one) => `${one.application.code}-${one.given?.serviceId ?? 0}`}
          columns={[
            { title: "Application", heads: true, cell: (one) => one.application.label },
            {
              title: "Droit",
              cell: (one) => (
                <>
                  {one.level === "write" ? "Modification" : "Consultation"}, sur{" "}
                  {one.given?.serviceCode ?? "toute la structure"}
                  {one.standing !== "inForce" && (
                    <>
                      {" "}
                      <Tag tone={standings[one.standing].tone}>{standings[one.standing].label}</Tag>
                    </>
                  )}
                </>
              ),
            },
            {
              title: "Ce qu'il permet",
              cell: (one) => actsText(one.application, one.acts),
            },
            { title: "D'où vient ce droit", cell: originOf },
          ]}
        />
      )}
      {lacking.length > 0 && (
        <>
          <Paragraph>Hors d'atteinte, faute d'habilitation :</Paragraph>
          <Bullets
            items={lacking.map((one) =>
              askUrl ? (
                <Link href={`${askUrl}&application=${one.code}`}>Demander « {one.label} »</Link>
              ) : (
                one.label
              ),
            )}
          />
        </>
      )}
    </>
  );
}

const list = (acts: readonly string[]) => acts.join(" ; ");
