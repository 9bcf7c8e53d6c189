/** What is known when a person comes back from the provider. Her e-mail is not among it: no address opens an account. */
export type ArrivalFacts = {
  /** The account that asked to link an identity; null: a sign-in. */
  readonly linker: number | null;
  /** Who is signed in, in the browser that came back. */
  readonly callerId: number | null;
  /** The account that holds the identity. */
  readonly holder: { readonly accountId: number; readonly isActive: boolean } | null;
};

export type ArrivalDecision =
  | { readonly kind: "signIn"; readonly accountId: number }
  | { readonly kind: "link"; readonly accountId: number }
  | { readonly kind: "alreadyLinked" }
  | { readonly kind: "refuse"; readonly code: ArrivalRefusalCode };
export type ArrivalRefusalCode =
  | "IDENTITY_NOT_LINKED"
  | "IDENTITY_OF_ANOTHER_ACCOUNT"
  | "LINKER_GONE"
  | "ACCOUNT_INACTIVE";

/** SIG-07. An identity opens the account that linked it, and no other; only the account's holder, signed in, links it. */
export function decideArrival({ linker, callerId, holder }: ArrivalFacts): ArrivalDecision {
  if (linker === null) return decideSignIn(holder);
  if (callerId !== linker) return { kind: "refuse", code: "LINKER_GONE" };
  if (holder === null) return { kind: "link", accountId: linker };
  return holder.accountId === linker
    ? { kind: "alreadyLinked" }
    : { kind: "refuse", code: "IDENTITY_OF_ANOTHER_ACCOUNT" };
}

function decideSignIn(holder: ArrivalFacts["holder"]): ArrivalDecision {
  if (holder === null) return { kind: "refuse", code: "IDENTITY_NOT_LINKED" };
  return holder.isActive
    ? { kind: "signIn", accountId: holder.accountId }
    : { kind: "refuse", code: "ACCOUNT_INACTIVE" };
}
