import type { IconName } from "../../web/ui/index.ts";
import type { Action } from "../rights/index.ts";

/** An application of a domain: what it is called, what it does, where it is, and what it asks of whoever enters. */
export type DomainApplication = {
  readonly title: string;
  readonly says: string;
  readonly href: string;
  readonly icon: IconName;
  /** What the caller must be allowed in the structure that she works in; none: whoever has an account, or anybody. */
  readonly needs?: Action;
};

/** A sub-domain, with the label that the official portal gives it. */
export type SubDomain = {
  readonly title: string;
  readonly says: string;
  readonly applications: readonly DomainApplication[];
};

/** The domain « Organisation », in the order of its page. Source: organisation.md 3.3, guide. */
export const organisationDomain: readonly SubDomain[] = [
  {
    title: "Structures",
    says: "Gestion des structures",
    applications: [
      {
        title: "Créer une structure",
        says: "Créer une nouvelle structure.",
        href: "/organisation/structures/nouvelle",
        icon: "plus",
      },
      {
        title: "Gérer une structure",
        says: "Consulter, modifier, activer, désactiver une structure.",
        href: "/organisation/structures",
        icon: "building",
      },
      {
        title: "Créer un service",
        says: "Créer un nouveau service lié à une structure.",
        href: "/organisation/services/nouveau",
        icon: "plus",
        needs: "service.create",
      },
      {
        title: "Gérer un service",
        says: "Consulter, modifier, activer, désactiver un service lié à une structure.",
        href: "/organisation/services",
        icon: "layers",
        needs: "service.read",
      },
      {
        title: "Créer une coordonnée bancaire",
        says: "Créer une nouvelle coordonnée bancaire liée à une structure.",
        href: "/organisation/coordonnees-bancaires/nouvelle",
        icon: "plus",
        needs: "bankAccount.write",
      },
      {
        title: "Gérer une coordonnée bancaire",
        says: "Consulter, modifier, activer, désactiver une coordonnée bancaire liée à une structure.",
        href: "/organisation/coordonnees-bancaires",
        icon: "bank",
        needs: "bankAccount.read",
      },
    ],
  },
  {
    title: "Utilisateurs",
    says: "Gestion des utilisateurs",
    applications: [
      {
        title: "Rattacher un utilisateur",
        says: "Rattacher une personne à une structure ou à un service.",
        href: "/organisation/utilisateurs/rattacher",
        icon: "person",
        needs: "member.attach",
      },
      {
        title: "Demandes de rattachement",
        says: "Valider ou refuser les demandes reçues.",
        href: "/organisation/demandes",
        icon: "inbox",
        needs: "request.answer",
      },
      {
        title: "Gérer les utilisateurs",
        says: "Voir, chercher, détacher, renvoyer un lien d'activation, exporter.",
        href: "/organisation/utilisateurs",
        icon: "people",
        needs: "member.list",
      },
      {
        title: "Gérer les habilitations",
        says: "Donner, retirer, copier des droits.",
        href: "/organisation/habilitations",
        icon: "key",
        needs: "member.list",
      },
      {
        title: "Gestionnaires principaux",
        says: "Désigner, transmettre, remplacer.",
        href: "/organisation/gestionnaires",
        icon: "shield",
        needs: "structure.read",
      },
      {
        title: "Imports et exports",
        says: "Utilisateurs, services, rattachements.",
        href: "/organisation/imports",
        icon: "upload",
        needs: "structure.read",
      },
      {
        title: "Ensembles de droits",
        says: "Adapter ce que l'on propose quand on donne des droits.",
        href: "/organisation/ensembles-de-droits",
        icon: "sliders",
        needs: "profile.change",
      },
      {
        title: "Revue des rattachements",
        says: "Confirmer, personne par personne, qui travaille encore pour la structure.",
        href: "/organisation/revue",
        icon: "review",
        needs: "member.change",
      },
      {
        title: "Reprendre une structure",
        says: "Quand ses gestionnaires sont partis ou ne répondent plus.",
        href: "/organisation/reprise",
        icon: "crown",
      },
      {
        title: "Historique des actions",
        says: "Ce qui a été fait, par qui, quand.",
        href: "/organisation/historique",
        icon: "clock",
        needs: "journal.read",
      },
    ],
  },
  {
    title: "Annuaire",
    says: "Annuaire des structures publiques",
    applications: [
      {
        title: "Consulter l'annuaire",
        says: "Chercher une structure, ses services, ce que la facture doit porter.",
        href: "/annuaire",
        icon: "book",
      },
      {
        title: "Télécharger l'annuaire",
        says: "Excel, CSV, et ce qui a changé depuis un jour.",
        href: "/annuaire/telecharger",
        icon: "download",
      },
      {
        title: "Vérifier une liste",
        says: "Savoir quels SIRET y sont, et ce que chacun demande.",
        href: "/annuaire/verifier",
        icon: "check",
      },
    ],
  },
];

/** Addresses of what is most often done, offered on the home page (organisation.md 3.2). */
export const mostUsed: readonly string[] = [
  "/organisation/utilisateurs/rattacher",
  "/organisation/services/nouveau",
  "/organisation/utilisateurs",
  "/organisation/structures",
  "/annuaire/verifier",
  "/annuaire/telecharger",
];
