import type { ComponentChildren } from "preact";
import { conformity } from "./accessibility.ts";
import { assetUrl } from "./assets.ts";
import { type Chrome, EXTEND_SESSION_PATH } from "./chrome.ts";
import { formatIdentifier } from "./format.ts";
import { Banner } from "./ui/blocks.tsx";
import { Icon } from "./ui/icon.tsx";

/** Where the searches of the directory find what they propose while one types. */
export const DIRECTORY_SUGGESTIONS = "/annuaire/suggestions";

export type Crumb = { readonly label: string; readonly href: string };

/** The operator's part of the portal, as the main menu and the trails of its pages name it. */
export const OPERATOR: Crumb = { label: "Opérateur", href: "/operateur" };

/** A whole page. `title` is its act; the structure and the portal complete it in the window's title. */
export function Page(props: {
  chrome: Chrome;
  title: string;
  caption?: string;
  crumbs?: readonly Crumb[];
  /** What tells this page from others of the same title: the words searched for. */
  searched?: string;
  /** True when a form of the page came back with something to correct. */
  hasErrors?: boolean;
  /** Pages of text and forms keep a readable width; lists take all. */
  wide?: boolean;
  actions?: ComponentChildren;
  lead?: ComponentChildren;
  children?: ComponentChildren;
}) {
  const { chrome, title } = props;
  const current = chrome.structures.find((one) => one.id === chrome.currentStructureId);
  const act = props.searched ? `${title} : recherche « ${props.searched} »` : title;
  const parts = [act, current?.name === title ? null : current?.name, chrome.portalName].filter(Boolean);
  const windowTitle = `${props.hasErrors ? "Erreur : " : ""}${parts.join(" – ")}`;
  return (
    <html lang="fr" class="govuk-template">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{windowTitle}</title>
        <link rel="icon" type="image/svg+xml" href={assetUrl("favicon.svg")} />
        <link rel="stylesheet" href={assetUrl("main.css")} />
        <script type="module" src={assetUrl("directory-suggestions.js")} />
      </head>
      <body class="govuk-template__body">
        <a class="govuk-skip-link" href="#contenu">
          Aller au contenu
        </a>
        <Header chrome={chrome} />
        <div class="u-page">
          <div class="u-container">
            <main id="contenu" class={`u-main${props.wide ? "" : " u-main--text"}`} tabIndex={-1}>
              <Breadcrumbs crumbs={props.crumbs ?? []} title={title} />
              {chrome.confirmation && (
                <Banner tone="success" title={chrome.confirmation.title}>
                  {chrome.confirmation.text && <p>{chrome.confirmation.text}</p>}
                  {chrome.confirmation.next && (
                    <ul>
                      {chrome.confirmation.next.map((step) => (
                        <li key={step.href}>
                          <a href={step.href}>{step.label}</a>
                        </li>
                      ))}
                    </ul>
                  )}
                </Banner>
              )}
              <div class="u-title u-full">
                <h1 class="govuk-heading-l">
                  {props.caption && <span class="u-title__caption">{props.caption}</span>}
                  {title}
                </h1>
                {props.actions && <div class="u-title__actions">{props.actions}</div>}
              </div>
              {props.lead && <p class="u-lead">{props.lead}</p>}
              {props.children}
            </main>
          </div>
        </div>
        <Footer chrome={chrome} />
        {chrome.sessionSeconds !== null && (
          <SessionWarning seconds={chrome.sessionSeconds} formToken={chrome.formToken} />
        )}
      </body>
    </html>
  );
}

function Breadcrumbs({ crumbs, title }: { crumbs: readonly Crumb[]; title: string }) {
  if (crumbs.length === 0) return null;
  return (
    <nav class="govuk-breadcrumbs" aria-label="Fil d'Ariane">
      <ol class="govuk-breadcrumbs__list">
        {[{ label: "Accueil", href: "/" }, ...crumbs].map((crumb) => (
          <li class="govuk-breadcrumbs__list-item" key={crumb.href}>
            <a class="govuk-breadcrumbs__link" href={crumb.href}>
              {crumb.label}
            </a>
          </li>
        ))}
        <li class="govuk-breadcrumbs__list-item" aria-current="page">
          {title}
        </li>
      </ol>
    </nav>
  );
}

function Header({ chrome }: { chrome: Chrome }) {
  return (
    <header class="u-header">
      <div class="u-container">
        <div class="u-header__bar">
          <a class="u-brand" href="/">
            <svg class="u-brand__mark" viewBox="0 0 36 36" aria-hidden="true">
              <path
                fill="none"
                stroke="currentColor"
                stroke-width="4.5"
                stroke-linecap="round"
                d="M7 6v11a11 11 0 0 0 22 0V6"
              />
              <path
                class="u-brand__accent"
                fill="none"
                stroke="currentColor"
                stroke-width="4.5"
                stroke-linecap="round"
                d="M14.5 6v10.5a3.5 3.5 0 0 0 7 0V6"
              />
              <path stroke="currentColor" stroke-width="3" stroke-linecap="round" d="M7 33h22" />
            </svg>
            <span class="u-brand__name">{chrome.portalName}</span>
          </a>
          {!hasOwnDirectorySearch(chrome) && <DirectorySearch />}
          {chrome.account ? <AccountMenu chrome={chrome} name={chrome.account.name} /> : <SignedOut />}
        </div>
      </div>
      <Navigation chrome={chrome} />
    </header>
  );
}

/** The home of a visitor, and the directory itself, open on a search of the directory. */
function hasOwnDirectorySearch({ account, path }: Chrome): boolean {
  const page = path.split("?")[0];
  return page === "/annuaire" || (page === "/" && account === null);
}

function DirectorySearch() {
  return (
    <search class="u-header__search">
      <form class="u-search" method="get" action="/annuaire">
        <label class="govuk-visually-hidden" for="recherche-annuaire">
          Chercher une structure publique dans l'annuaire
        </label>
        <div class="u-combobox">
          <input
            class="govuk-input"
            id="recherche-annuaire"
            name="q"
            type="search"
            placeholder="Annuaire : nom, SIRET, ville…"
            maxLength={100}
            data-suggestions={DIRECTORY_SUGGESTIONS}
          />
        </div>
        <button class="u-search__button" type="submit">
          Chercher
        </button>
      </form>
    </search>
  );
}

function SignedOut() {
  return (
    <div class="u-header__account">
      <a class="u-header__link" href="/connexion">
        Se connecter
      </a>
      <a class="u-header__link u-header__link--strong" href="/compte/creer">
        Créer un compte
      </a>
    </div>
  );
}

function AccountMenu({ chrome, name }: { chrome: Chrome; name: string }) {
  const count = chrome.waitingCount;
  const links: readonly (readonly [string, string])[] = [
    ["/mon-compte", "Mon compte"],
    ["/mes-rattachements", "Mes rattachements"],
    ["/mes-habilitations", "Mes habilitations"],
    ["/mes-demandes", "Historique de mes demandes"],
    ["/mon-historique", "Mon historique"],
  ];
  return (
    <div class="u-header__account">
      <a class="u-header__link u-bell" href="/notifications">
        <Icon name="bell" />
        <span class="u-header__word">Notifications</span>
        {count > 0 && (
          <span class="u-bell__count">
            {count > 99 ? "99+" : count}
            <span class="govuk-visually-hidden"> non lues</span>
          </span>
        )}
      </a>
      <details class="u-menu u-menu--end">
        <summary>
          <Icon name="account" />
          <span class="govuk-visually-hidden">Compte : </span>
          <span class="u-header__word u-menu__name">{name}</span>
        </summary>
        <div class="u-menu__panel">
          <ul>
            {links.map(([href, label]) => (
              <li key={href}>
                <a class="u-menu__item" href={href}>
                  {label}
                </a>
              </li>
            ))}
          </ul>
          <form class="u-menu__separator" method="post" action="/deconnexion">
            <input type="hidden" name="_jeton" value={chrome.formToken} />
            <button class="u-menu__item" type="submit">
              Se déconnecter
            </button>
          </form>
        </div>
      </details>
    </div>
  );
}

function Navigation({ chrome }: { chrome: Chrome }) {
  const items: readonly (readonly [string, string])[] = [
    ["/organisation", "Organisation"],
    ["/annuaire", "Annuaire"],
    ["/aide", "Aide"],
    ...(chrome.account?.isOperator ? ([[OPERATOR.href, OPERATOR.label]] as const) : []),
  ];
  return (
    <nav class="u-nav" aria-label="Menu principal">
      <div class="u-container">
        <ul class="u-nav__list">
          {items.map(([href, label]) => (
            <li key={href}>
              <a
                class="u-nav__link"
                href={href}
                aria-current={chrome.path.startsWith(href) ? "true" : undefined}
              >
                {label}
              </a>
            </li>
          ))}
          {chrome.structures.length > 0 && (
            <li class="u-nav__end">
              <StructureSwitcher chrome={chrome} />
            </li>
          )}
        </ul>
      </div>
    </nav>
  );
}

/** From more structures than this, the switcher has a search; without script its list is read from end to end. */
const STRUCTURES_IN_SIGHT = 10;

function StructureFilter() {
  return (
    <div class="u-menu__filter" data-structure-filter hidden>
      <label class="govuk-visually-hidden" for="chercher-structure">
        Chercher parmi mes structures
      </label>
      <input
        class="govuk-input"
        id="chercher-structure"
        type="search"
        placeholder="Nom ou identifiant"
        autocomplete="off"
        maxLength={100}
      />
      <p class="u-menu__detail" role="status"></p>
      <script type="module" src={assetUrl("structure-filter.js")} />
    </div>
  );
}

function StructureSwitcher({ chrome }: { chrome: Chrome }) {
  const current = chrome.structures.find((one) => one.id === chrome.currentStructureId);
  if (chrome.structures.length === 1) return <span class="u-nav__link">{current?.name}</span>;
  return (
    <details class="u-menu u-menu--end">
      <summary>
        <span class="govuk-visually-hidden">Structure : </span>
        <span class="u-menu__name">{current?.name}</span>
      </summary>
      <div class="u-menu__panel">
        <form method="post" action="/structure-courante">
          <input type="hidden" name="_jeton" value={chrome.formToken} />
          {chrome.structures.length > STRUCTURES_IN_SIGHT && <StructureFilter />}
          <ul>
            {chrome.structures.map((structure) => (
              <li key={structure.id}>
                <button
                  class="u-menu__item"
                  type="submit"
                  name="structureId"
                  value={structure.id}
                  aria-current={structure.id === chrome.currentStructureId ? "true" : undefined}
                >
                  {structure.name}
                  <span class="u-menu__detail">{formatIdentifier(structure.identifier)}</span>
                </button>
              </li>
            ))}
          </ul>
        </form>
      </div>
    </details>
  );
}

/** Said two minutes before a session ends by itself, with the means to go on (RGAA 13.1). Scripts alone can open it. */
function SessionWarning({ seconds, formToken }: { seconds: number; formToken: string }) {
  return (
    <dialog class="u-dialog" data-session-seconds={seconds} aria-labelledby="fin-de-session">
      <h2 class="govuk-heading-m" id="fin-de-session">
        Votre session va se terminer
      </h2>
      <p class="govuk-body" role="status">
        Elle se ferme dans deux minutes au plus. Sans réponse de votre part, ce que vous n'avez pas envoyé
        sera perdu.
      </p>
      <form class="u-buttons" method="post" action={EXTEND_SESSION_PATH}>
        <input type="hidden" name="_jeton" value={formToken} />
        <button class="govuk-button" type="submit">
          Rester connecté
        </button>
        <button class="govuk-button govuk-button--secondary" type="submit" formmethod="dialog">
          Fermer cet avis
        </button>
      </form>
      <script type="module" src={assetUrl("session-warning.js")} />
    </dialog>
  );
}

function Footer({ chrome }: { chrome: Chrome }) {
  const links: readonly (readonly [string, string])[] = [
    ["/accessibilite", `Accessibilité : ${conformity().state}`],
    ["/mentions-legales", "Mentions légales"],
    ["/donnees-personnelles", "Données personnelles"],
    ["/securite", "Sécurité"],
    ["/aide", "Aide"],
    ["/plan-du-site", "Plan du site"],
    ...(chrome.builtInMailbox
      ? ([["/boite-aux-lettres", "Boîte aux lettres de démonstration"]] as const)
      : []),
  ];
  return (
    <footer class="u-footer">
      <div class="u-container u-footer__inner">
        <ul class="u-footer__links">
          {links.map(([href, label]) => (
            <li key={href}>
              <a class="govuk-link" href={href}>
                {label}
              </a>
            </li>
          ))}
        </ul>
        <p>{chrome.portalName}, portail ouvert, à héberger soi-même.</p>
      </div>
    </footer>
  );
}
