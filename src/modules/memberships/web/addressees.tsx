import { emailAddress } from "../../../shared/email-address.ts";
import { notFound } from "../../../web/access.ts";
import type { CallerMembership, Context } from "../../../web/portal.ts";
import { Checkboxes, type FormState } from "../../../web/ui/index.ts";

/** People attached by one form. */
export const ADDRESSES_AT_ONCE = 50;

/** The addresses of a form, one by line, or what is wrong with them. */
export function readAddresses(typed: string): { readonly addresses: string[] } | { readonly error: string } {
  const lines = [...new Set(typed.split(/[\s,;]+/).filter(Boolean))];
  if (lines.length === 0) return { error: "Donnez l'adresse de la personne à rattacher." };
  if (lines.length > ADDRESSES_AT_ONCE)
    return {
      error: `${lines.length} adresses : ${ADDRESSES_AT_ONCE} au plus. Pour davantage, importez un fichier.`,
    };
  const read = lines.map((line) => ({ line, address: emailAddress(line) }));
  const wrong = read.find((one) => !one.address.ok);
  if (wrong)
    return { error: `« ${wrong.line} » n'est pas une adresse complète. Exemple : prenom.nom@exemple.fr` };
  return { addresses: read.flatMap(({ address }) => (address.ok ? [address.value] : [])) };
}

/** The structures in which the caller attaches people. */
export const attachable = (ctx: Context): readonly CallerMembership[] =>
  ctx.who.memberships.filter((one) => ctx.can("member.attach", { membership: one, serviceId: "any" }));

/** The structures to tick, where the caller attaches people in several. */
export function StructureBoxes(props: {
  ctx: Context;
  form: FormState;
  value: readonly number[];
  hint: string;
}) {
  const structures = attachable(props.ctx);
  if (structures.length < 2) return null;
  return (
    <Checkboxes
      form={props.form}
      name="structureIds"
      label="Structure"
      required
      list
      hint={props.hint}
      value={props.value.map(String)}
      options={structures.map((one) => ({
        value: String(one.structureId),
        label: one.structure.displayName,
      }))}
    />
  );
}

/** The structures ticked, that of the page where there is one only. One where the caller attaches nobody is not found. */
export function chosenStructures(ctx: Context, ticked: readonly string[]): readonly CallerMembership[] {
  const mine = attachable(ctx);
  if (mine.length < 2 && ticked.length === 0) return mine;
  return [...new Set(ticked)].map((id) => {
    const found = mine.find((one) => String(one.structureId) === id);
    if (!found) throw notFound();
    return found;
  });
}
