import { dictionary as common } from "@zxcvbn-ts/language-common";
import { dictionary as french } from "@zxcvbn-ts/language-fr";

/** Passwords and words that everybody tries first: about 100,000, lower-case, among them the French ones. */
export const commonPasswords: ReadonlySet<string> = new Set(
  [...Object.values(common), ...Object.values(french)].flat().map((word) => String(word).toLowerCase()),
);
