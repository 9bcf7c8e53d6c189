import { hashPassword } from "../src/modules/accounts/index.ts";
import { demoPeopleEmails } from "../src/modules/demo/index.ts";
import type { Line } from "./main.ts";
import type { BenchPortal } from "./portal.ts";

const ROUNDS = 25;
const LANES = 4;

/** P-07: sign-ins by the page (two requests each) against the bare rate of Argon2id, four at a time. */
export async function benchSignIn(portal: BenchPortal): Promise<Line[]> {
  const emails = demoPeopleEmails();
  const rate = async (work: (index: number) => Promise<unknown>) => {
    const started = performance.now();
    await Promise.all(
      Array.from({ length: LANES }, async (_, lane) => {
        for (let round = 0; round < ROUNDS; round++) await work(lane * ROUNDS + round);
      }),
    );
    return ((LANES * ROUNDS) / (performance.now() - started)) * 1000;
  };
  const hash = () => hashPassword("Cerisier-Vapeur-42-Tambour");
  const signIn = (index: number) => portal.signIn(emails[index % emails.length]!);
  for (const warmUp of [hash, signIn]) await rate(warmUp);
  const bare = await rate(hash);
  const value = await rate(signIn);
  return [
    {
      path: "P-07",
      what: "sign-in by the page, against bare Argon2id",
      value,
      bare,
      unit: "/s",
      ratio: value / bare,
      bound: 0.7,
    },
  ];
}
