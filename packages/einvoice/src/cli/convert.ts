import { writeFile } from "node:fs/promises";
import { type ProfileName, profileNames } from "../model/profiles.ts";
import type { Reading } from "../reading/binding.ts";
import { type WriteOptions, write } from "../writing/write.ts";
import type { XmlElement } from "../xml/tree.ts";
import type { Words } from "./words.ts";

/** How a conversion is asked for on the command line. */
export interface ConversionRequest {
  to?: string | undefined;
  profile?: string | undefined;
  output?: string | undefined;
}

/** The conversion asked for, or why it cannot be made. */
export function conversionOf(request: ConversionRequest, words: Words): WriteOptions | { refusal: string } {
  const profile = request.profile?.toUpperCase().replaceAll("-", " ");
  if (request.to === "ubl")
    return profile === undefined ? { format: "ubl" } : { refusal: words.profileOfCii };
  if (request.to !== "cii") return { refusal: words.unknownTarget(request.to ?? "") };
  if (profile === undefined) return { format: "cii" };
  const known = profileNames.find((name): name is ProfileName => name === profile);
  return known
    ? { format: "cii", profile: known }
    : { refusal: words.unknownProfile(request.profile ?? "", profileNames.join(", ")) };
}

/** Writes an invoice in another format, says on the error output what it loses; 1 when it loses something. */
export async function convert(
  reading: Reading,
  options: WriteOptions,
  output: string | undefined,
  words: Words,
): Promise<number> {
  const { xml, isWhole } = converted(reading, options, words);
  await put(xml, output);
  return isWhole ? 0 : 1;
}

/** An invoice in another format; what it loses is said on the error output. */
export function converted(
  { invoice, unread }: Reading,
  options: WriteOptions,
  words: Words,
): { xml: string; isWhole: boolean } {
  const { xml, lost } = write(invoice, options);
  const losses = [
    ...lost.map((each) => words.lost(each.term ?? each.path, each.value)),
    ...unread.flatMap(textsOf).map(([path, text]) => words.lost(path, text)),
  ];
  for (const loss of losses) process.stderr.write(`${loss}\n`);
  return { xml, isWhole: losses.length === 0 };
}

/** Each text that an element holds, with where it stands: nobody can write again a group that is only named. */
function textsOf(element: XmlElement): [path: string, text: string][] {
  if (element.children.length === 0) return [[element.name, element.text.trim()]];
  return element.children
    .flatMap(textsOf)
    .map(([path, text]): [string, string] => [`${element.name}/${path}`, text]);
}

/** Writes to the file asked for, else to the standard output. */
export async function put(content: string | Uint8Array, output: string | undefined): Promise<void> {
  if (output === undefined) process.stdout.write(content);
  else await writeFile(output, content);
}
