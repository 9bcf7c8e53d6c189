/**
 * A path of the portal to go to after sign-in, or "/" when what was asked could lead elsewhere: it must start
 * with one slash, hold no backslash, control character or « // », and still be a path of ours once resolved.
 */
export function safePath(asked: string): string {
  if (!/^\/(?!\/)[^\\\p{C}\s]*$/u.test(asked)) return "/";
  let decoded: string;
  try {
    decoded = decodeURIComponent(asked);
  } catch {
    return "/";
  }
  if (/^\/[/\\]|[\p{C}\\]/u.test(decoded)) return "/";
  const resolved = new URL(asked, "http://portal.invalid");
  return resolved.origin === "http://portal.invalid" ? `${resolved.pathname}${resolved.search}` : "/";
}

/** Where one arrives after a sign-in that leads nowhere in particular: it depends on whom one works for (ACC-08). */
export const ARRIVAL_PATH = "/connexion/suite";

/** Where a sign-in leads, from what was asked. */
export const pathAfterSignIn = (asked: string): string => (asked === "/" ? ARRIVAL_PATH : asked);
