/** One question of the help: what to do, in order, and the page where it is done. */
export type HelpTopic = {
  readonly id: string;
  readonly theme: string;
  readonly title: string;
  readonly says: readonly string[];
  readonly page?: { readonly href: string; readonly label: string };
  /** Other words for the same thing, those of the portal's elders among them (organisation.md 1.3). */
  readonly alsoCalled?: readonly string[];
};

/** @param session how long a session lasts: minutes without use, and hours in all */
export const helpTopics = (session: {
  readonly idleMinutes: number;
  readonly hours: number;
}): readonly HelpTopic[] => [
  {
    id: "creer-un-compte",
    theme: "Votre compte",
    title: "Créer un compte",
    says: [
      "Donnez votre adresse, votre prénom et votre nom, puis l'identifiant de votre structure, par exemple son SIRET.",
      "Vérifiez le récapitulatif et validez.",
      "Ouvrez le message reçu et choisissez votre mot de passe : votre compte est actif.",
    ],
    page: { href: "/compte/creer", label: "Créer un compte" },
    alsoCalled: ["inscription", "s'inscrire", "inscrire", "CPP", "portail"],
  },
  {
    id: "lien-d-activation",
    theme: "Votre compte",
    title: "Mon lien d'activation n'arrive pas, ou n'est plus valable",
    says: [
      "Regardez dans les courriers indésirables.",
      "Demandez un nouveau lien : il remplace le premier.",
      "La personne qui vous a invité peut aussi vous le renvoyer.",
    ],
    page: { href: "/compte/lien", label: "Recevoir un nouveau lien" },
    alsoCalled: ["activer", "courriel", "mail", "expiré"],
  },
  {
    id: "mot-de-passe",
    theme: "Votre compte",
    title: "J'ai oublié mon mot de passe",
    says: [
      "Donnez votre adresse de connexion : un message vous permet d'en choisir un nouveau.",
      "La double authentification reste demandée : ce message ne la remplace pas.",
    ],
    page: { href: "/mot-de-passe/oublie", label: "Mot de passe oublié" },
    alsoCalled: ["password", "bloqué", "réinitialiser", "connexion impossible"],
  },
  {
    id: "double-authentification",
    theme: "Votre compte",
    title: "Protéger mon compte par un second code",
    says: [
      "Une application ou une clé d'accès s'ajoute au mot de passe.",
      "Gardez vos dix codes de secours hors de votre téléphone : chacun ouvre une fois votre compte.",
      "Téléphone perdu : tapez un code de secours à la place du code, puis retirez l'application perdue.",
    ],
    page: { href: "/mon-compte/double-authentification", label: "Double authentification" },
    alsoCalled: ["TOTP", "passkey", "clé d'accès", "2FA", "téléphone perdu", "sécurité"],
  },
  {
    id: "adresse-de-connexion",
    theme: "Votre compte",
    title: "Changer mon adresse de connexion",
    says: [
      "Donnez la nouvelle adresse : un lien y confirme le changement. L'ancienne est prévenue, et peut s'y opposer sept jours.",
      "Vos rattachements, vos droits et votre historique vous suivent.",
    ],
    page: { href: "/mon-compte/adresse", label: "Changer mon adresse" },
    alsoCalled: ["email", "courriel", "mail"],
  },
  {
    id: "session",
    theme: "Votre compte",
    title: "Rester connecté",
    says: [
      `Après ${session.idleMinutes} minutes sans rien ouvrir ni envoyer, votre session se ferme ; au plus tard ${session.hours} heures après la connexion.`,
      "Deux minutes avant, un avis vous propose de rester. Sans JavaScript il ne paraît pas : envoyez à temps ce que vous saisissez.",
    ],
    alsoCalled: ["déconnexion", "déconnecté"],
  },
  {
    id: "rejoindre-une-structure",
    theme: "Rejoindre une structure",
    title: "Me rattacher à la structure qui m'emploie",
    says: [
      "Cherchez la structure par son identifiant ; une structure publique, aussi par son nom.",
      "Choisissez la structure entière ou certains services, et ajoutez un mot.",
      "Un gestionnaire principal vérifie que vous y travaillez, puis valide ou refuse : un message vous le dit.",
    ],
    page: { href: "/mes-rattachements/demander", label: "Demander un rattachement" },
    alsoCalled: ["espace", "abonnement", "rattachement", "demande"],
  },
  {
    id: "obtenir-un-droit",
    theme: "Rejoindre une structure",
    title: "Obtenir une habilitation qui me manque",
    says: [
      "« Mes habilitations » dit ce que vous pouvez faire, et d'où vient chaque droit.",
      "Demandez l'application et le niveau voulus : consultation ou modification.",
      "Une fois accordé, le droit vaut dès la page suivante, sans vous reconnecter.",
    ],
    page: { href: "/mes-habilitations", label: "Mes habilitations" },
    alsoCalled: ["espace", "abonnement", "ouvrir un espace", "droit", "accès refusé"],
  },
  {
    id: "personne-ne-repond",
    theme: "Rejoindre une structure",
    title: "Personne ne répond à ma demande",
    says: [
      "Les gestionnaires sont relancés pour vous.",
      "S'ils sont partis, demandez à reprendre la structure : ils ont sept jours pour s'y opposer, puis l'opérateur du portail décide.",
    ],
    page: { href: "/organisation/reprise", label: "Reprendre une structure" },
    alsoCalled: ["gestionnaire parti", "sans gestionnaire", "support"],
  },
  {
    id: "creer-une-structure",
    theme: "Organiser une structure",
    title: "Créer une structure",
    says: [
      "Donnez son identifiant : s'il est déjà connu, demandez plutôt à y être rattaché.",
      "Vérifiez les éléments repris du répertoire national, et complétez.",
      "Vous en devenez gestionnaire principal ; une structure publique se vérifie d'abord par un code envoyé à son adresse officielle.",
    ],
    page: { href: "/organisation/structures/nouvelle", label: "Créer une structure" },
    alsoCalled: ["fiche structure", "SIRET", "entreprise", "TVA", "RIDET", "TAHITI"],
  },
  {
    id: "changer-d-identifiant",
    theme: "Organiser une structure",
    title: "Ma structure change de SIRET",
    says: [
      "Depuis sa fiche, changez l'identifiant : une copie prend sa place, avec services, personnes, droits et coordonnées bancaires.",
      "Choisissez le jour, aujourd'hui ou dans les 90 jours ; d'ici là, la fiche permet d'annuler.",
      "L'ancienne fiche reste lisible, et renvoie vers la nouvelle. Une erreur se défait pendant sept jours.",
    ],
    page: { href: "/organisation/structures", label: "Gérer une structure" },
    alsoCalled: ["déménagement", "fusion", "nouveau SIRET", "identifiant"],
  },
  {
    id: "creer-un-service",
    theme: "Organiser une structure",
    title: "Créer un service",
    says: [
      "Choisissez la structure, puis donnez un code court, un libellé et une date de début d'activation (ou de validité).",
      "Un service est actif de sa date de début à sa date de fin. Les services ne sont pas obligatoires.",
      "Une structure publique peut y rendre le numéro d'engagement obligatoire.",
      "Pour en créer beaucoup, importez un fichier CSV ou Excel.",
    ],
    page: { href: "/organisation/services/nouveau", label: "Créer un service" },
    alsoCalled: ["code service", "engagement", "validité", "importer"],
  },
  {
    id: "remplacer-un-service",
    theme: "Organiser une structure",
    title: "Fusionner ou remplacer des services",
    says: [
      "Depuis « Gérer un service » ou la fiche d'un service, choisissez ceux qui se ferment, celui qui prend leur place, et la date.",
      "Un aperçu montre ce qui se ferme, les droits qui suivent et qui est prévenu ; rien ne change avant que vous confirmiez.",
      "Pendant sept jours, le remplacement s'annule depuis la fiche du service fermé.",
    ],
    page: { href: "/organisation/services", label: "Gérer un service" },
    alsoCalled: ["réorganiser", "réorganisation", "successeur", "fermer un service", "changer le code"],
  },
  {
    id: "coordonnees-bancaires",
    theme: "Organiser une structure",
    title: "Tenir les coordonnées bancaires",
    says: [
      "Un IBAN ne se modifie pas : « Changer de compte », sur sa fiche, en met un autre à sa place.",
      "Chaque changement demande de confirmer votre identité, et prévient les gestionnaires principaux.",
      "Dès qu'ils sont deux, un second confirme le nouveau compte avant qu'il serve ; chacun peut le bloquer.",
    ],
    page: { href: "/organisation/coordonnees-bancaires", label: "Gérer une coordonnée bancaire" },
    alsoCalled: ["RIB", "IBAN", "BIC", "banque", "compte bancaire"],
  },
  {
    id: "rattacher-un-utilisateur",
    theme: "Gérer les personnes",
    title: "Rattacher un utilisateur",
    says: [
      "Donnez son adresse, la maille structure ou la maille service, et ses droits.",
      "Sans compte, la personne reçoit une invitation valable sept jours.",
      "Décochez « Peut accepter de nouveaux rattachements » pour garder la main sur les demandes.",
    ],
    page: { href: "/organisation/utilisateurs/rattacher", label: "Rattacher un utilisateur" },
    alsoCalled: ["ajouter", "inviter", "invitation", "collègue", "Activités du gestionnaire"],
  },
  {
    id: "repondre-aux-demandes",
    theme: "Gérer les personnes",
    title: "Répondre aux demandes de rattachement",
    says: [
      "Vérifiez que la personne travaille bien pour vous.",
      "Validez, au besoin avec moins que demandé, ou refusez en disant pourquoi : elle reçoit votre réponse.",
    ],
    page: { href: "/organisation/demandes", label: "Demandes de rattachement" },
    alsoCalled: ["valider", "accepter", "refuser", "Activités du gestionnaire"],
  },
  {
    id: "changer-les-droits",
    theme: "Gérer les personnes",
    title: "Restreindre, suspendre ou détacher une personne",
    says: [
      "Ouvrez sa fiche depuis « Gérer les utilisateurs » : changez ses droits, ses services ou sa date de fin.",
      "Suspendre se défait d'un geste ; détacher met fin au rattachement. Rien n'est à attendre : cela vaut tout de suite.",
    ],
    page: { href: "/organisation/utilisateurs", label: "Gérer les utilisateurs" },
    alsoCalled: ["habilitation", "droit", "départ", "supprimer", "retirer", "Activités du gestionnaire"],
  },
  {
    id: "gestionnaires",
    theme: "Gérer les personnes",
    title: "Désigner un gestionnaire principal, ou transmettre ce rôle",
    says: [
      "Proposez le rôle : la personne l'accepte dans les quatorze jours.",
      "Une structure garde toujours un gestionnaire principal ; en avoir deux évite de rester sans.",
      "Un ancien « gestionnaire secondaire » est un utilisateur avec l'ensemble « Organisation modification ».",
    ],
    page: { href: "/organisation/gestionnaires", label: "Gestionnaires principaux" },
    alsoCalled: ["gestionnaire secondaire", "GP", "administrateur", "remplacer"],
  },
  {
    id: "revue",
    theme: "Gérer les personnes",
    title: "Vérifier qui travaille encore avec nous",
    says: [
      "Lancez une revue : pour chaque personne, gardez, restreignez ou mettez fin avant la date choisie.",
      "Sans réponse, un rattachement est suspendu ; jamais celui du dernier gestionnaire principal.",
    ],
    page: { href: "/organisation/revue", label: "Revue des rattachements" },
    alsoCalled: ["audit", "contrôle", "campagne"],
  },
  {
    id: "annuaire",
    theme: "Facturer une structure publique",
    title: "Savoir ce qu'une facture doit porter",
    says: [
      "Cherchez la structure dans l'annuaire : sa fiche dit s'il faut un code service, un numéro d'engagement, et lesquels sont actifs.",
      "Vérifiez d'un coup jusqu'à 5 000 SIRET, ou téléchargez tout l'annuaire, sans compte.",
    ],
    page: { href: "/annuaire", label: "Consulter l'annuaire" },
    alsoCalled: ["code service", "engagement", "bon de commande", "SIRET", "télécharger"],
  },
];
