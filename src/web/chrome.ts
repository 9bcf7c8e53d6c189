/** What a page says once after an act: what happened, then what comes next. */
export type Confirmation = {
  readonly title: string;
  readonly text?: string;
  readonly next?: readonly { readonly label: string; readonly href: string }[];
};

/** Where a page says that its reader is still there. */
export const EXTEND_SESSION_PATH = "/session/prolonger";

/** What the frame of every page shows; it knows nothing of HTTP. */
export type Chrome = {
  readonly portalName: string;
  readonly path: string;
  readonly formToken: string;
  readonly account: { readonly name: string; readonly isOperator: boolean } | null;
  readonly structures: readonly { readonly id: number; readonly name: string; readonly identifier: string }[];
  readonly currentStructureId: number | null;
  /** How long the session still lasts if nobody acts; null when there is none. */
  readonly sessionSeconds: number | null;
  readonly waitingCount: number;
  readonly confirmation: Confirmation | null;
  readonly builtInMailbox: boolean;
};
