import { accessibilityReview, conformity, conformityRate } from "../../web/accessibility.ts";
import { formatDate } from "../../web/format.ts";
import { Page } from "../../web/layout.tsx";
import type { Context } from "../../web/portal.ts";
import { Bullets, Heading, Link, Paragraph } from "../../web/ui/index.ts";

const DEFENDER = "https://www.defenseurdesdroits.fr/saisir";

/** The pages that the grid was filled on. */
const sample = [
  "Accueil, avec et sans session ; domaine Organisation ; plan du site",
  "Se connecter, seconde étape, mot de passe oublié, inscription en quatre étapes, activation",
  "Aide, mentions légales, données personnelles, sécurité, cette déclaration, actualités",
  "Annuaire : recherche, résultats, absence de résultat, fiche, téléchargement",
  "Structures, services, coordonnées bancaires : listes, fiches, création, modification, désactivation",
  "Utilisateurs : liste, fiche, rattacher, droits, grille des droits par service, détacher, actes en nombre",
  "Demandes de rattachement et d'habilitation, gestionnaires principaux, reprise, revue des rattachements",
  "Imports : envoi, analyse ligne par ligne, avancement, résultat",
  "Historique d'une structure et historique personnel, notifications, choix des messages",
  "Mon compte : identité, adresse, mot de passe, double authentification, désactivation, fermeture",
  "Boîte aux lettres de démonstration ; formulaires refusés ; page introuvable",
] as const;

const link = (address: string) => (
  <Link href={address}>{address.replace(/^mailto:/, "").replace(/^https:\/\//, "")}</Link>
);

/** « Déclaration d'accessibilité »: what the law asks a site to say of itself, counted on docs/rgaa.csv. */
export function AccessibilityPage({ ctx }: { ctx: Context }) {
  const found = conformity();
  const { ACCESSIBILITY_CONTACT, ACCESSIBILITY_SCHEME_URL, PORTAL_NAME } = ctx.config;
  return (
    <Page
      chrome={ctx.chrome}
      title="Déclaration d'accessibilité"
      lead={`${PORTAL_NAME} est ${found.state} au référentiel général d'amélioration de l'accessibilité (RGAA 4.1.2).`}
    >
      <section class="u-section">
        <Heading>État de conformité</Heading>
        <Paragraph>
          {found.conforming} critères conformes sur {found.applicable} applicables, soit{" "}
          {conformityRate(found)} %. Les autres critères du référentiel, qui en compte 106, portent sur ce que
          le portail n'a pas : vidéos, cadres, pictogrammes à lire…
        </Paragraph>
        <Paragraph>
          <strong>
            C'est une évaluation faite par ceux qui développent le logiciel, et non par un tiers indépendant.
          </strong>{" "}
          Aucun lecteur d'écran n'a été employé : ce qui ne se vérifie qu'avec lui compte comme non conforme.
        </Paragraph>
        <Paragraph>
          La grille complète, critère par critère, avec ce qui prouve chaque réponse, accompagne le logiciel
          (fichier docs/rgaa.csv).
        </Paragraph>
      </section>
      <section class="u-section">
        <Heading>Ce qui n'est pas conforme</Heading>
        {found.failing.length === 0 ? (
          <Paragraph>Rien de connu à ce jour.</Paragraph>
        ) : (
          <Bullets
            items={found.failing.map((one) => `Critère ${one.critère} (${one.thématique}) : ${one.comment}`)}
          />
        )}
        <Paragraph>Aucune dérogation pour charge disproportionnée n'est demandée.</Paragraph>
      </section>
      <section class="u-section">
        <Heading>Comment cette déclaration a été établie</Heading>
        <Paragraph>
          Le {formatDate(accessibilityReview.on)}, sur la version {accessibilityReview.version} du logiciel.
          Elle est refaite à chaque version qui change ces pages en profondeur, et tous les trois ans au plus
          tard.
        </Paragraph>
        <Bullets
          items={[
            "Technologies : HTML, CSS, SVG, ARIA, JavaScript ; sans JavaScript, tout fonctionne sauf les clés d'accès.",
            "Navigateur : Chromium 147, à 1 280, 640, 375 et 320 pixels, thèmes clair et sombre, texte espacé, clavier seul.",
            "Outils : axe-core 4.13, html-validate 10.17, contrastes calculés sur les couleurs du thème, relevé des titres, étiquettes, liens et tableaux de chaque page, lecture du code.",
          ]}
        />
        <Paragraph>Pages examinées :</Paragraph>
        <Bullets items={sample} />
      </section>
      <section class="u-section">
        <Heading>Signaler une difficulté</Heading>
        <Paragraph>
          Une page vous résiste ? Écrivez à {link(ACCESSIBILITY_CONTACT)} : l'organisme qui héberge ce portail
          vous donnera l'information sous une autre forme, ou le moyen de faire ce que vous vouliez.
        </Paragraph>
      </section>
      <section class="u-section">
        <Heading>Voie de recours</Heading>
        <Paragraph>
          Si vous avez signalé un défaut qui vous empêche d'accéder à un contenu ou à un service, et que la
          réponse ne vous satisfait pas, le Défenseur des droits peut être saisi :
        </Paragraph>
        <Bullets
          items={[
            <>par son formulaire, ou auprès d'un de ses délégués : {link(DEFENDER)}</>,
            "par courrier, sans timbre : Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07",
          ]}
        />
      </section>
      {ACCESSIBILITY_SCHEME_URL && (
        <section class="u-section">
          <Heading>Schéma pluriannuel</Heading>
          <Paragraph>
            Le schéma pluriannuel de mise en accessibilité de l'organisme et son plan d'action de l'année :{" "}
            {link(ACCESSIBILITY_SCHEME_URL)}
          </Paragraph>
        </section>
      )}
    </Page>
  );
}
