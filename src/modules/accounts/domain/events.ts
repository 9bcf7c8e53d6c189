import type { Actor, DomainEvent } from "../../../platform/events.ts";

export type AccountFacts = { readonly accountId: number; readonly email: string; readonly firstName: string };
type WithNewEmail = AccountFacts & { readonly newEmail: string };
type AccountEvent<T extends string> = DomainEvent & { readonly type: T; readonly facts: AccountFacts };

export type ActivationLinkIssued = AccountEvent<"ActivationLinkIssued"> & {
  readonly transient: { readonly path: string; readonly hours: number };
};
export type SignUpOnExistingAccount = AccountEvent<"SignUpOnExistingAccount">;
export type AccountActivated = AccountEvent<"AccountActivated">;
export type PasswordResetAsked = AccountEvent<"PasswordResetAsked"> & {
  readonly transient: { readonly path: string };
};
export type PasswordChanged = AccountEvent<"PasswordChanged">;
export type AccountDeactivated = AccountEvent<"AccountDeactivated">;
export type AccountReactivated = AccountEvent<"AccountReactivated">;
export type AccountClosed = AccountEvent<"AccountClosed">;
export type AccountInactivityNoticed = AccountEvent<"AccountInactivityNoticed"> & {
  readonly after: { readonly closesAt: string };
};
export type ReactivationLinkIssued = AccountEvent<"ReactivationLinkIssued"> & {
  readonly transient: { readonly path: string; readonly hours: number };
};
export type SessionsEnded = AccountEvent<"SessionsEnded">;
export type SignInEmailChangeAsked = AccountEvent<"SignInEmailChangeAsked"> & {
  readonly facts: WithNewEmail;
  readonly transient: { readonly path: string; readonly objectionPath: string };
};
export type SignInEmailChanged = AccountEvent<"SignInEmailChanged"> & {
  readonly facts: WithNewEmail;
  readonly transient: { readonly objectionPath: string };
};
export type ContactEmailAsked = AccountEvent<"ContactEmailAsked"> & {
  readonly facts: WithNewEmail;
  readonly transient: { readonly path: string; readonly hours: number };
};
export type ContactEmailRefused = AccountEvent<"ContactEmailRefused">;
export type ContactEmailChanged = AccountEvent<"ContactEmailChanged">;
export type SignedInUnusually = AccountEvent<"SignedInUnusually"> & {
  readonly after: { readonly navigateur: string };
};
export type AccountLocked = AccountEvent<"AccountLocked">;
export type SignInEmailChangeObjected = AccountEvent<"SignInEmailChangeObjected">;
export type SecondFactorAdded = AccountEvent<"SecondFactorAdded">;
export type SecondFactorRemoved = AccountEvent<"SecondFactorRemoved">;
export type RecoveryCodesRenewed = AccountEvent<"RecoveryCodesRenewed">;
export type RecoveryCodeUsed = AccountEvent<"RecoveryCodeUsed"> & {
  readonly after: { readonly codesLeft: number };
};
export type IdentityLinked = AccountEvent<"IdentityLinked">;
export type IdentityUnlinked = AccountEvent<"IdentityUnlinked">;
export type BrowserTrusted = AccountEvent<"BrowserTrusted">;

const sentences = {
  ActivationLinkIssued: "a demandé un lien d'activation",
  SignUpOnExistingAccount: "a voulu créer un compte avec une adresse déjà connue",
  AccountActivated: "a activé son compte",
  PasswordResetAsked: "a demandé un lien pour choisir un nouveau mot de passe",
  PasswordChanged: "a changé son mot de passe",
  SessionsEnded: "a fermé toutes les sessions du compte",
  SignedIn: "s'est connectée ou connecté",
  SignedInUnusually: "s'est connectée ou connecté depuis un navigateur ou un réseau inhabituels",
  AccountLocked: "a signalé cinq échecs de connexion au compte",
  SignInFailed: "n'a pas réussi à se connecter",
  ProfileChanged: "a modifié son identité",
  WhereaboutsChanged: "a modifié ses coordonnées",
  ContactEmailAsked: "a demandé à changer son adresse de contact",
  ContactEmailChanged: "a changé son adresse de contact",
  AccountDeactivated: "a désactivé son compte",
  ReactivationLinkIssued: "a demandé un lien pour réactiver son compte",
  AccountReactivated: "a réactivé son compte",
  AccountClosed: "a fermé le compte",
  AccountInactivityNoticed: "a prévenu que le compte, dont personne ne se sert, va fermer",
  SignInEmailChangeAsked: "a demandé à changer son adresse de connexion",
  SignInEmailRefused: "a constaté que l'adresse de connexion ne reçoit plus rien, pour le compte",
  ContactEmailRefused: "a constaté que l'adresse de contact ne reçoit plus rien, pour le compte",
  SignInEmailChangeObjected: "n'a pas demandé le changement de son adresse de connexion, et l'a annulé",
  SignInEmailChanged: "a changé son adresse de connexion",
  SecondFactorAdded: "a mis en place la double authentification",
  SecondFactorRemoved: "a retiré la double authentification",
  SecondFactorFailed: "a donné un code de double authentification qui n'est pas le bon",
  RecoveryCodesRenewed: "a obtenu de nouveaux codes de secours",
  RecoveryCodeUsed: "a utilisé un code de secours",
  IdentityLinked: "a relié une identité à son compte",
  IdentityUnlinked: "a retiré de son compte une identité reliée",
  BrowserTrusted: "fait confiance à un navigateur pendant trente jours",
  BrowserForgotten: "ne fait plus confiance à un navigateur",
} as const;

/** An event of an account, for the journal of what belongs to no structure. */
export function accountEvent<T extends keyof typeof sentences>(
  type: T,
  account: AccountFacts,
  actor: Actor,
  more: Pick<DomainEvent, "transient" | "before" | "after" | "reason"> = {},
): DomainEvent & { type: T } {
  return {
    type,
    structureId: null,
    actor,
    sentence: sentences[type],
    object: { kind: "account", id: account.accountId, label: `Compte ${account.accountId}` },
    facts: account,
    ...more,
  };
}

/** Somebody tried an address that has no account; which one is not kept, it may be a mistyped one of somebody else. */
export function signInFailedOfNobody(actor: Actor): DomainEvent {
  return {
    type: "SignInFailed",
    structureId: null,
    actor,
    sentence: sentences.SignInFailed,
    object: { kind: "account", id: null, label: "Adresse sans compte" },
  };
}
