import { browserName } from "./browser-name.ts";

/** Where a sign-in comes from, as its session keeps it. */
export type SignInPlace = { readonly ip: string; readonly userAgent: string };

/** How long a place stays familiar without being used again. */
export const FAMILIAR_DAYS = 90;

/**
 * N-07. Whether a sign-in comes from a browser on a network that the person has not used lately. The very first one
 * tells nothing.
 * @param earlier the places of her sessions of the last ninety days
 */
export function isUnusual(place: SignInPlace, earlier: readonly SignInPlace[]): boolean {
  const key = placeKey(place);
  return earlier.length > 0 && !earlier.some((one) => placeKey(one) === key);
}

const placeKey = ({ ip, userAgent }: SignInPlace) => `${browserName(userAgent)} ${networkOf(ip)}`;

/** The network of an address, wide enough that a box that restarts stays in it: /16, or /32 for IPv6. */
function networkOf(ip: string): string {
  const mapped = ip.replace(/^::ffff:(?=\d+\.)/i, "");
  return mapped.includes(":")
    ? mapped.split(":").slice(0, 2).join(":")
    : mapped.split(".").slice(0, 2).join(".");
}
