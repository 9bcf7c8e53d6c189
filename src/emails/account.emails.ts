import type {
  AccountActivated,
  AccountClosed,
  AccountDeactivated,
  AccountInactivityNoticed,
  AccountLocked,
  AccountReactivated,
  ActivationLinkIssued,
  BrowserTrusted,
  ContactEmailAsked,
  ContactEmailChanged,
  ContactEmailRefused,
  IdentityLinked,
  IdentityUnlinked,
  PasswordChanged,
  PasswordResetAsked,
  ReactivationLinkIssued,
  RecoveryCodesRenewed,
  RecoveryCodeUsed,
  SecondFactorAdded,
  SecondFactorRemoved,
  SessionsEnded,
  SignedInUnusually,
  SignInEmailChangeAsked,
  SignInEmailChanged,
  SignInEmailChangeObjected,
  SignUpOnExistingAccount,
} from "../modules/accounts/index.ts";
import { maskEmail } from "../shared/email-address.ts";
import { formatDate } from "../web/format.ts";
import { action, email, paragraph } from "./email.tsx";

type WithAccount = { facts: { accountId: number; email: string; firstName: string } };
/** The address kept in the account, never one that was typed. */
const holder = async (_tx: unknown, { facts }: WithAccount) => [
  { accountId: facts.accountId, address: facts.email, firstName: facts.firstName },
];
const notMe =
  "Si ce n'est pas vous, ce lien garde votre adresse, ferme toutes vos sessions et vous fait choisir un nouveau mot de passe. Il vaut sept jours.";
const why = "il concerne la sécurité de votre compte.";
const ifNotYou = paragraph(
  "Si ce n'est pas vous, changez votre mot de passe tout de suite, puis vérifiez vos moyens.",
);

export const activationLink = email<ActivationLinkIssued>({
  name: "activation-link",
  sentWhen: "ActivationLinkIssued",
  family: "security",
  why: "un compte a été demandé avec votre adresse. Si ce n'est pas vous, ne faites rien : il sera effacé.",
  bell: false,
  recipients: holder,
  subject: () => "Activez votre compte",
  body: ({ transient }) => [
    paragraph("Votre compte est presque prêt. Ouvrez la page ci-dessous et choisissez votre mot de passe."),
    action("Activer mon compte", transient.path),
    paragraph(`Ce lien sert une fois et vaut ${transient.hours} heures.`),
  ],
});

export const signUpOnExistingAccount = email<SignUpOnExistingAccount>({
  name: "sign-up-on-existing-account",
  sentWhen: "SignUpOnExistingAccount",
  family: "security",
  why,
  recipients: holder,
  subject: () => "Vous avez déjà un compte",
  body: () => [
    paragraph("Quelqu'un a voulu créer un compte avec votre adresse, qui en a déjà un. Rien n'a changé."),
    paragraph(
      "Si c'est vous, connectez-vous ; si vous avez oublié votre mot de passe, choisissez-en un nouveau.",
    ),
    action("Se connecter", "/connexion"),
  ],
});

export const accountActivated = email<AccountActivated>({
  name: "account-activated",
  sentWhen: "AccountActivated",
  family: "security",
  why,
  recipients: holder,
  subject: () => "Votre compte est activé",
  body: () => [
    paragraph(
      "Vous pouvez vous connecter, créer votre structure ou demander à rejoindre celle qui vous emploie.",
    ),
    action("Continuer", "/bienvenue"),
  ],
});

export const passwordReset = email<PasswordResetAsked>({
  name: "password-reset",
  sentWhen: "PasswordResetAsked",
  family: "security",
  why: "un nouveau mot de passe a été demandé pour votre compte. Si ce n'est pas vous, ne faites rien.",
  bell: false,
  recipients: holder,
  subject: () => "Choisissez un nouveau mot de passe",
  body: ({ transient }) => [
    paragraph("Ouvrez la page ci-dessous pour choisir un nouveau mot de passe."),
    action("Choisir un mot de passe", transient.path),
    paragraph("Ce lien sert une fois et vaut 30 minutes."),
  ],
});

export const passwordChanged = email<PasswordChanged>({
  name: "password-changed",
  sentWhen: "PasswordChanged",
  family: "security",
  why,
  recipients: holder,
  subject: () => "Votre mot de passe a changé",
  body: () => [
    paragraph("Votre mot de passe vient de changer et vos autres sessions sont fermées."),
    paragraph("Si ce n'est pas vous, choisissez-en un nouveau tout de suite."),
    action("Mot de passe oublié", "/mot-de-passe/oublie"),
  ],
});

export const sessionsEnded = email<SessionsEnded>({
  name: "sessions-ended",
  sentWhen: "SessionsEnded",
  family: "security",
  why,
  recipients: holder,
  subject: () => "Toutes vos sessions sont fermées",
  body: () => [
    paragraph(
      "Un opérateur du portail vient de fermer toutes vos sessions, et n'a plus confiance en aucun de vos navigateurs.",
    ),
    paragraph(
      "Si vous ne le lui avez pas demandé, il a pu douter de qui s'était connecté : choisissez un nouveau mot de passe.",
    ),
    action("Mot de passe oublié", "/mot-de-passe/oublie"),
  ],
});

export const accountDeactivated = email<AccountDeactivated>({
  name: "account-deactivated",
  sentWhen: "AccountDeactivated",
  family: "security",
  why,
  recipients: holder,
  subject: () => "Votre compte est désactivé",
  body: () => [
    paragraph(
      "Vos sessions sont fermées. Vos rattachements et vos droits vous attendent, sans effet d'ici là.",
    ),
    paragraph("Pour revenir, demandez un lien à cette adresse."),
    action("Réactiver mon compte", "/compte/lien"),
  ],
});

export const reactivationLink = email<ReactivationLinkIssued>({
  name: "reactivation-link",
  sentWhen: "ReactivationLinkIssued",
  family: "security",
  why: "un lien a été demandé pour votre compte désactivé. Si ce n'est pas vous, ne faites rien.",
  bell: false,
  recipients: holder,
  subject: () => "Réactivez votre compte",
  body: ({ transient }) => [
    paragraph("Ouvrez la page ci-dessous pour réactiver votre compte, puis connectez-vous."),
    action("Réactiver mon compte", transient.path),
    paragraph(`Ce lien sert une fois et vaut ${transient.hours} heures.`),
  ],
});

export const accountReactivated = email<AccountReactivated>({
  name: "account-reactivated",
  sentWhen: "AccountReactivated",
  family: "security",
  why,
  recipients: holder,
  subject: () => "Votre compte est réactivé",
  body: () => [
    paragraph("Vous retrouvez vos rattachements et vos droits. Votre mot de passe n'a pas changé."),
    action("Se connecter", "/connexion"),
  ],
});

export const accountClosed = email<AccountClosed>({
  name: "account-closed",
  sentWhen: "AccountClosed",
  family: "security",
  why: "cette adresse était celle de votre compte.",
  bell: false,
  recipients: holder,
  subject: () => "Votre compte est fermé",
  body: () => [
    paragraph("Votre compte est fermé pour de bon, et ce qui vous nomme en est effacé."),
    paragraph("Si ce n'est pas vous, écrivez tout de suite au contact de sécurité du portail."),
    action("Contact de sécurité", "/securite"),
  ],
});

export const accountInactivityNoticed = email<AccountInactivityNoticed>({
  name: "account-inactivity-noticed",
  sentWhen: "AccountInactivityNoticed",
  family: "security",
  why: "vous avez un compte dont vous ne vous servez plus.",
  recipients: holder,
  subject: ({ after }) => `Votre compte sera fermé le ${formatDate(new Date(after.closesAt))}`,
  body: ({ after }) => [
    paragraph(
      `Personne ne s'est connecté à votre compte depuis près de deux ans. Il sera fermé le ${formatDate(new Date(after.closesAt))}, et ce qui vous nomme en sera effacé.`,
    ),
    paragraph(
      "Pour le garder, connectez-vous une fois avant cette date ; s'il est désactivé, demandez d'abord un lien.",
    ),
    action("Se connecter", "/connexion"),
  ],
});

/** An address that a person wants to use, not yet or just proved. */
const newAddress = async (_tx: unknown, { facts }: { facts: { firstName: string; newEmail: string } }) => [
  { accountId: null, address: facts.newEmail, firstName: facts.firstName },
];

/** N-09. */
export const contactEmailLink = email<ContactEmailAsked>({
  name: "contact-email-link",
  sentWhen: "ContactEmailAsked",
  family: "security",
  why: "quelqu'un veut recevoir ici les nouvelles de son compte. Si ce n'est pas vous, ne faites rien.",
  bell: false,
  recipients: newAddress,
  subject: () => "Confirmez votre adresse de contact",
  body: ({ transient }) => [
    paragraph("Ouvrez la page ci-dessous pour recevoir à cette adresse les nouvelles de vos structures."),
    action("Confirmer cette adresse", transient.path),
    paragraph(`Ce lien sert une fois et vaut ${transient.hours} heures.`),
  ],
});

/** N-06. */
export const contactEmailChanged = email<ContactEmailChanged>({
  name: "contact-email-changed",
  sentWhen: "ContactEmailChanged",
  family: "security",
  why,
  recipients: holder,
  subject: () => "Votre adresse de contact a changé",
  body: () => [
    paragraph("Les nouvelles de vos structures ne vont plus au même endroit."),
    ifNotYou,
    action("Mon compte", "/mon-compte"),
  ],
});

/** ACC-14. */
export const contactEmailRefused = email<ContactEmailRefused>({
  name: "contact-email-refused",
  sentWhen: "ContactEmailRefused",
  family: "security",
  why,
  recipients: holder,
  subject: () => "Votre adresse de contact ne reçoit plus rien",
  body: () => [
    paragraph(
      "Son serveur refuse nos messages. Les nouvelles de vos structures viennent désormais ici ; choisissez une autre adresse de contact si vous le souhaitez.",
    ),
    action("Mon compte", "/mon-compte"),
  ],
});

export const signInEmailLink = email<SignInEmailChangeAsked>({
  name: "sign-in-email-link",
  sentWhen: "SignInEmailChangeAsked",
  family: "security",
  why: "quelqu'un veut se connecter avec votre adresse. Si ce n'est pas vous, ne faites rien.",
  bell: false,
  recipients: newAddress,
  subject: () => "Confirmez votre nouvelle adresse",
  body: ({ transient }) => [
    paragraph("Ouvrez la page ci-dessous pour vous connecter désormais avec cette adresse."),
    action("Confirmer cette adresse", transient.path),
    paragraph("Ce lien sert une fois et vaut 30 minutes."),
  ],
});

export const signInEmailChangeAsked = email<SignInEmailChangeAsked>({
  name: "sign-in-email-change-asked",
  sentWhen: "SignInEmailChangeAsked",
  family: "security",
  why,
  recipients: holder,
  subject: () => "Votre adresse de connexion va changer",
  body: ({ transient }) => [
    paragraph("Un changement de votre adresse de connexion vient d'être demandé. Rien n'a encore changé."),
    paragraph(notMe),
    action("Ce n'est pas moi", transient.objectionPath),
  ],
});

/** To the address that no longer opens the account: its holder may be the only one to see that it was stolen. */
export const signInEmailChanged = email<SignInEmailChanged>({
  name: "sign-in-email-changed",
  sentWhen: "SignInEmailChanged",
  family: "security",
  why: "cette adresse était celle de votre compte.",
  recipients: holder,
  subject: () => "Votre adresse de connexion a changé",
  body: ({ facts, transient }) => [
    paragraph(
      `Votre compte s'ouvre désormais avec l'adresse ${maskEmail(facts.newEmail)}, et plus avec celle-ci.`,
    ),
    paragraph(notMe),
    action("Ce n'est pas moi", transient.objectionPath),
  ],
});

export const signInEmailChangeObjected = email<SignInEmailChangeObjected>({
  name: "sign-in-email-change-objected",
  sentWhen: "SignInEmailChangeObjected",
  family: "security",
  why,
  bell: false,
  recipients: holder,
  subject: () => "Votre adresse de connexion ne change pas",
  body: () => [
    paragraph(
      "Votre compte s'ouvre avec cette adresse. Vos sessions sont fermées, et votre ancien mot de passe ne sert plus.",
    ),
    paragraph("Si vous n'avez pas encore choisi le nouveau, demandez un lien."),
    action("Choisir un mot de passe", "/mot-de-passe/oublie"),
  ],
});

export const signInEmailConfirmed = email<SignInEmailChanged>({
  name: "sign-in-email-confirmed",
  sentWhen: "SignInEmailChanged",
  family: "security",
  why,
  bell: false,
  recipients: newAddress,
  subject: () => "Votre nouvelle adresse est confirmée",
  body: () => [
    paragraph(
      "Connectez-vous désormais avec cette adresse. Votre mot de passe et vos droits n'ont pas changé.",
    ),
    action("Se connecter", "/connexion"),
  ],
});

const SETTINGS = "/mon-compte/double-authentification";

export const secondFactorAdded = email<SecondFactorAdded>({
  name: "second-factor-added",
  sentWhen: "SecondFactorAdded",
  family: "security",
  why,
  recipients: holder,
  subject: () => "La double authentification est en place",
  body: () => [
    paragraph("Un moyen vient d'être ajouté à votre compte : un code sera demandé après votre mot de passe."),
    paragraph("Gardez vos codes de secours hors de votre téléphone."),
    ifNotYou,
    action("Voir mes moyens", SETTINGS),
  ],
});

export const secondFactorRemoved = email<SecondFactorRemoved>({
  name: "second-factor-removed",
  sentWhen: "SecondFactorRemoved",
  family: "security",
  why,
  recipients: holder,
  subject: () => "Un moyen de double authentification a été retiré",
  body: () => [
    paragraph("Un moyen de double authentification vient d'être retiré de votre compte."),
    ifNotYou,
    action("Voir mes moyens", SETTINGS),
  ],
});

export const recoveryCodesRenewed = email<RecoveryCodesRenewed>({
  name: "recovery-codes-renewed",
  sentWhen: "RecoveryCodesRenewed",
  family: "security",
  why,
  recipients: holder,
  subject: () => "Vous avez de nouveaux codes de secours",
  body: () => [
    paragraph("Dix nouveaux codes de secours remplacent les anciens, qui ne servent plus."),
    ifNotYou,
    action("Voir mes moyens", SETTINGS),
  ],
});

export const recoveryCodeUsed = email<RecoveryCodeUsed>({
  name: "recovery-code-used",
  sentWhen: "RecoveryCodeUsed",
  family: "security",
  why,
  recipients: holder,
  subject: () => "Un code de secours a servi",
  body: ({ after: { codesLeft } }) => [
    paragraph(
      codesLeft > 1
        ? `Un code de secours vient de servir pour votre compte. Il vous en reste ${codesLeft}.`
        : codesLeft === 1
          ? "Un code de secours vient de servir pour votre compte. Il vous en reste un seul : obtenez-en de nouveaux."
          : "Votre dernier code de secours vient de servir : obtenez-en de nouveaux.",
    ),
    ifNotYou,
    action("Voir mes codes", SETTINGS),
  ],
});

export const browserTrusted = email<BrowserTrusted>({
  name: "browser-trusted",
  sentWhen: "BrowserTrusted",
  family: "security",
  why,
  recipients: holder,
  subject: () => "Un navigateur ne demandera plus de code",
  body: () => [
    paragraph(
      "Pendant trente jours, votre mot de passe suffira sur un navigateur que vous venez d'utiliser.",
    ),
    paragraph("Si ce n'est pas vous, oubliez ce navigateur et changez votre mot de passe."),
    action("Voir mes navigateurs", SETTINGS),
  ],
});

/** N-07. */
export const signedInUnusually = email<SignedInUnusually>({
  name: "signed-in-unusually",
  sentWhen: "SignedInUnusually",
  family: "security",
  why,
  recipients: holder,
  subject: () => "Connexion inhabituelle",
  body: ({ after }) => [
    paragraph(
      `Quelqu'un vient de se connecter à votre compte depuis un navigateur ou un réseau que vous n'aviez pas utilisés depuis trois mois : ${after.navigateur}.`,
    ),
    paragraph(
      "Si c'est vous, ne faites rien. Sinon, changez votre mot de passe tout de suite et fermez les autres sessions.",
    ),
    action("Voir mes sessions", "/mon-compte"),
  ],
});

/** N-07. */
export const accountLocked = email<AccountLocked>({
  name: "account-locked",
  sentWhen: "AccountLocked",
  family: "security",
  why,
  recipients: holder,
  subject: () => "Cinq connexions à votre compte ont échoué",
  body: () => [
    paragraph(
      "Cinq mots de passe de suite n'étaient pas le bon : chaque nouvel essai doit attendre une minute, puis plus longtemps.",
    ),
    paragraph("Si ce n'est pas vous, votre mot de passe n'a pas été trouvé : vous n'avez rien à faire."),
    action("Mot de passe oublié", "/mot-de-passe/oublie"),
  ],
});

export const identityLinked = email<IdentityLinked>({
  name: "identity-linked",
  sentWhen: "IdentityLinked",
  family: "security",
  why,
  recipients: holder,
  subject: () => "Une identité est reliée à votre compte",
  body: () => [
    paragraph(
      "Une identité d'un autre service vient d'être reliée à votre compte : elle permet de s'y connecter.",
    ),
    paragraph("Si ce n'est pas vous, changez de mot de passe, puis retirez-la depuis « Mon compte »."),
    action("Mon compte", "/mon-compte"),
  ],
});

export const identityUnlinked = email<IdentityUnlinked>({
  name: "identity-unlinked",
  sentWhen: "IdentityUnlinked",
  family: "security",
  why,
  recipients: holder,
  subject: () => "Une identité n'est plus reliée à votre compte",
  body: () => [
    paragraph("Elle ne permet plus de s'y connecter. Votre mot de passe continue de servir."),
    paragraph("Si ce n'est pas vous, changez de mot de passe."),
    action("Mon compte", "/mon-compte"),
  ],
});
