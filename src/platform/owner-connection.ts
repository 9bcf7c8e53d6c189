import pg from "pg";
import type { Config } from "../config.ts";
import { DataFolderInUse, startEmbeddedPostgres } from "./embedded-postgres.ts";

/**
 * A connection of the owner of the tables, for a command: to the external database, or to the embedded one, started for
 * the time of the command. Ends the process with 2 when the running portal holds the embedded one.
 */
export async function openOwnerConnection(
  config: Config,
): Promise<{ readonly client: pg.Client; readonly url: string; close(): Promise<void> }> {
  const embedded = config.DATABASE_URL ? null : await openEmbedded(config.dataFolder);
  const url = config.DATABASE_OWNER_URL ?? config.DATABASE_URL ?? embedded!.ownerUrl("postgres");
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    client,
    url,
    close: async () => {
      await client.end();
      await embedded?.stop();
    },
  };
}

/** The embedded database serves one process: while the portal runs it is the portal's. */
async function openEmbedded(folder: string) {
  try {
    return await startEmbeddedPostgres(folder);
  } catch (error) {
    if (!(error instanceof DataFolderInUse)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}
