import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { BulkheadRejectedError, bulkhead } from "cockatiel";
import { Overloaded } from "../../platform/overload.ts";
import { type PasswordRule, strictestRuleMet } from "./domain/password-policy.ts";

/** A password as the database keeps it: its hash, and the strictest rule that it meets, which the hash does not tell. */
export type StoredPassword = { readonly hash: string; readonly rule: PasswordRule };

const derive = promisify(argon2);

/** Argon2id at OWASP's floor: 19 MiB, two passes, one lane. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 };
const prefix = `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$`;
const MAX_WAITING = 64;

/** One a core: more at once weigh none sooner, and take their turn from the pages of everybody else. */
const oneEachCore = bulkhead(availableParallelism(), MAX_WAITING);

/** @throws Overloaded */
export async function storedPassword(password: string): Promise<StoredPassword> {
  return { hash: await hashPassword(password), rule: strictestRuleMet(password) };
}

/** A password's hash: a PHC string, `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. @throws Overloaded */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await bounded(() => compute(password, salt, cost));
  return `${prefix}${base64(salt)}$${base64(hash)}`;
}

/**
 * Whether a password is the stored one. Without a stored one the same work is done in vain, so that the time tells
 * nobody who has an account.
 * @throws Overloaded
 */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const found = stored && /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(stored);
  const [, memory, passes, parallelism, salt, expected] = found || [
    null,
    cost.memory,
    cost.passes,
    cost.parallelism,
    base64(randomBytes(16)),
    "",
  ];
  const hash = await bounded(() =>
    compute(password, Buffer.from(String(salt), "base64"), {
      memory: Number(memory),
      passes: Number(passes),
      parallelism: Number(parallelism),
    }),
  );
  const known = Buffer.from(String(expected), "base64");
  return known.length === hash.length && timingSafeEqual(known, hash);
}

/** Whether a stored password was hashed at another cost than today's: a good moment to hash it anew is its next use. */
export function isHashedOtherwise(stored: string): boolean {
  return !stored.startsWith(prefix);
}

function compute(password: string, nonce: Buffer, parameters: typeof cost): Promise<Buffer> {
  return derive("argon2id", { message: password, nonce, tagLength: 32, ...parameters });
}

async function bounded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await oneEachCore.execute(work);
  } catch (error) {
    throw error instanceof BulkheadRejectedError
      ? new Overloaded("too many passwords are being weighed")
      : error;
  }
}

const base64 = (bytes: Buffer) => bytes.toString("base64").replace(/={1,2}$/, "");
