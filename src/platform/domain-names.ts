import { Resolver } from "node:dns/promises";
import { accepted, type Result, refused } from "../shared/result.ts";

/** The domain name system, asked now. */
export type DomainNames = {
  /** The texts (TXT) that a domain publishes; none when it has none, or does not exist. */
  textsOf(domain: string): Promise<Result<readonly string[], { readonly code: "DNS_SILENT" }>>;
};

/** A question that no server answers is given up after this time. */
const PATIENCE_MS = 5_000;
const NOTHING_THERE = new Set(["ENOTFOUND", "ENODATA"]);

/** @param servers the addresses of the servers asked, with their port if it is another; none: those of the system */
export function openDomainNames(servers: readonly string[]): DomainNames {
  return {
    async textsOf(domain) {
      const resolver = new Resolver({ timeout: 2_000, tries: 2 });
      if (servers.length > 0) resolver.setServers(servers);
      const patience = setTimeout(() => resolver.cancel(), PATIENCE_MS);
      try {
        return accepted((await resolver.resolveTxt(domain)).map((pieces) => pieces.join("")));
      } catch (error) {
        return NOTHING_THERE.has((error as NodeJS.ErrnoException).code ?? "")
          ? accepted([])
          : refused({ code: "DNS_SILENT" });
      } finally {
        clearTimeout(patience);
      }
    },
  };
}
