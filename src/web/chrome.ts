/** What a page says once after an act: what happened, then what comes next. */
export type Confirmation = {
  readonly title: string;
  readonly text?: string;
  readonly next?: readonly { readonly label: string; readonly href: string }[];
};

/** What the frame of every page shows; it knows nothing of HTTP. */
export type Chrome = {
  readonly portalName: string;
  readonly path: string;
  readonly formToken: string;
  readonly account: { readonly name: string; readonly isOperator: boolean } | null;
  readonly structures: readonly { readonly id: number; readonly name: string; readonly identifier: string }[];
  readonly currentStructureId: number | null;
  readonly waitingCount: number;
  readonly confirmation: Confirmation | null;
  readonly builtInMailbox: boolean;
};
