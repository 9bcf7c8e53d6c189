import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts a shared secret with the deployment's; `context` says what for, and opens nothing else (AES-256-GCM). */
export function seal(deploymentSecret: string, text: string, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", keyOf(deploymentSecret), nonce).setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
}

/** What was sealed for `context`; null when it was changed, or sealed for another one or by another secret. */
export function unseal(deploymentSecret: string, sealed: Buffer, context: string): string | null {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv("aes-256-gcm", keyOf(deploymentSecret), sealed.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([
      decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)),
      decipher.final(),
    ]).toString("utf8");
  } catch {
    return null; // the tag does not match: somebody changed it
  }
}

function keyOf(deploymentSecret: string): Buffer {
  return Buffer.from(hkdfSync("sha256", deploymentSecret, "", "unisson second factor", 32));
}
