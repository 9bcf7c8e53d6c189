import { isCollision } from "../platform/database/index.ts";
import { Overloaded } from "../platform/overload.ts";
import { HttpProblem } from "./access.ts";
import { TOO_LARGE } from "./read-body.ts";

/** What an error is for whoever asked: its status, its code and a French sentence that says what to do. */
export function toProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  const code = (error as { code?: string }).code ?? "";
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (error instanceof Overloaded)
    return new HttpProblem(
      503,
      "busy",
      "Beaucoup de personnes utilisent le portail en ce moment. Réessayez dans quelques secondes.",
      3,
    );
  if (isOutage(error))
    return new HttpProblem(
      503,
      "unavailable",
      "Le portail est momentanément indisponible. Réessayez dans quelques instants.",
      5,
    );
  if (isCollision(error))
    return new HttpProblem(
      503,
      "collision",
      "Quelqu'un d'autre a agi au même instant : rien n'a changé. Revenez à la page précédente, et réessayez.",
      1,
    );
  if (status === 413) return new HttpProblem(413, "too-large", TOO_LARGE);
  if (status === 415)
    return new HttpProblem(415, "unsupported-media-type", "Ce format n'est pas accepté ici.");
  if (status === 429)
    return new HttpProblem(
      429,
      "too-many-requests",
      "Trop de demandes. Patientez un instant, puis réessayez.",
      60,
    );
  if (status >= 400 && status < 500)
    return new HttpProblem(
      status,
      code.startsWith("FST_") ? "bad-request" : "refused",
      "Cette demande n'a pas pu être comprise.",
    );
  return new HttpProblem(
    500,
    "internal",
    "Une erreur est survenue de notre côté. Réessayez ; si elle persiste, transmettez au support la référence ci-dessous.",
  );
}

/**
 * SQLSTATE of a database that is stopped, starting or being cut off (57P01 to 57P05, 08…), out of connections (53300) or
 * of disk (53100), or that waited too long for a statement or a lock (57014, 55P03, 25P03).
 */
const OUTAGES = new Set(
  "57P01 57P02 57P03 57P05 08003 08006 53300 53100 57014 55P03 25P03 ECONNREFUSED ECONNRESET EPIPE".split(
    " ",
  ),
);

/** The database is stopped, full or too slow: the reader tries again, nothing is broken. */
function isOutage(error: unknown): boolean {
  const { code, message, syscall } = error as { code?: string; message?: string; syscall?: string };
  // the socket of a stopped server is no longer there; another missing file is a fault of ours
  if (code === "ENOENT") return syscall === "connect";
  if (OUTAGES.has(code ?? "")) return true;
  return /Connection terminated|timeout exceeded when trying to connect|connection timeout/i.test(
    message ?? "",
  );
}
