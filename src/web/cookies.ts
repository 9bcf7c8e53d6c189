import type { FastifyReply, FastifyRequest } from "fastify";

/** The cookie of the session; with its protecting prefix wherever the portal is served over TLS. */
export function sessionCookieName(publicUrl: string): string {
  return publicUrl.startsWith("https://") ? "__Host-unisson" : "unisson";
}

/** The cookie by which a browser shows that it is trusted. */
export const trustCookieName = (publicUrl: string): string => `${sessionCookieName(publicUrl)}-navigateur`;

/** The session's cookie; two cookies of that name are an attack, and count as none. */
export function onlyCookie(request: FastifyRequest, name: string): string | null {
  const found = (request.headers.cookie ?? "")
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`));
  const value = found.length === 1 ? found[0]!.slice(name.length + 1) : "";
  return /^[\w-]{43}$/.test(value) ? value : null;
}

/** Gives the browser a cookie that no script reads and no other site sends, over TLS alone where the portal has it. */
export function writeCookie(
  reply: FastifyReply,
  publicUrl: string,
  cookie: { readonly name: string; readonly value: string; readonly maxAge?: number },
): void {
  reply.setCookie(cookie.name, cookie.value, {
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    secure: publicUrl.startsWith("https://"),
    ...(cookie.maxAge === undefined ? {} : { maxAge: cookie.maxAge }),
  });
}
