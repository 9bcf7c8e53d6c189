import { type Rule, type RunnableRules, runnable } from "../rule.ts";
import type { FrenchFacts } from "./facts.ts";

/** The published id of a rule: one for both syntaxes, or one for each; a syntax that has none is not checked. */
export type RuleId = string | { readonly ubl?: string; readonly cii?: string };

/** A French rule, written once; the published rule sets sometimes number it otherwise in UBL and in CII. */
export interface FrenchRule<Group, Known = FrenchFacts> extends Omit<Rule<Group, Known>, "id"> {
  readonly id: RuleId;
}

/** Rules on every group of one kind, ready to be run on an invoice of either syntax. */
export interface FrenchRules<Known = FrenchFacts> {
  readonly ubl: RunnableRules<Known>;
  readonly cii: RunnableRules<Known>;
}

/** Makes French rules runnable in each syntax, under the ids that they have there. */
export function frenchRules<Group extends object, Known extends FrenchFacts = FrenchFacts>(
  groups: (facts: Known) => readonly Group[],
  rules: readonly FrenchRule<Group, Known>[],
): FrenchRules<Known> {
  const inSyntax = (syntax: "ubl" | "cii") =>
    runnable<Group, Known>({
      groups,
      rules: rules.flatMap((rule) => {
        const id = typeof rule.id === "string" ? rule.id : rule.id[syntax];
        return id === undefined ? [] : [{ ...rule, id }];
      }),
    });
  return { ubl: inSyntax("ubl"), cii: inSyntax("cii") };
}

/** The invoice itself, for the rules of the whole document. */
export const theInvoice = ({ invoice }: FrenchFacts) => [invoice];
