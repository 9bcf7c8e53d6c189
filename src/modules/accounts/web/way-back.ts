import type { Context } from "../../../web/portal.ts";
import { safePath } from "../domain/safe-path.ts";

/** Where one proves again who one is. */
export const CONFIRM_IDENTITY_PATH = "/confirmer-identite";

/** The address of a page to pass by first, from which one comes back to what one was doing: the page asked for, or the form sent. */
export function comingBack(path: string, { request }: Context): string {
  const here =
    request.method === "GET"
      ? request.url
      : (request.headers.referer ?? "/").replace(/^https?:\/\/[^/]+/, "");
  return `${path}?suite=${encodeURIComponent(safePath(here))}`;
}
