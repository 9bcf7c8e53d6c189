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
