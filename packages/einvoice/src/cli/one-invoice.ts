import { readFile } from "node:fs/promises";
import type { Deposited } from "../deposit/read-deposit.ts";
import type { Finding } from "../model/finding.ts";
import { openFile } from "./check-file.ts";
import { type ConversionRequest, conversionOf, convert, converted, put } from "./convert.ts";
import type { Paint } from "./reports/text.ts";
import { shownInvoice } from "./show.ts";
import { type Language, type Words, words } from "./words.ts";

const commands = ["convert", "show", "extract", "embed"] as const;

type OneInvoiceCommand = (typeof commands)[number];

/** What the options of these commands say. */
type Request = ConversionRequest & { pdf?: string | undefined };

/** A sentence for whoever runs the command: it ends there, with 2. */
class Refusal extends Error {}

export function isOneInvoiceCommand(command: string): command is OneInvoiceCommand {
  return commands.some((each) => each === command);
}

/** Runs a command on one invoice and answers its exit code. */
export async function useOneInvoice(
  command: OneInvoiceCommand,
  files: readonly string[],
  request: Request,
  language: Language,
  paint: Paint,
): Promise<number> {
  const say = words[language];
  const [file] = files;
  try {
    if (file === undefined || files.length > 1) throw new Refusal(say.oneFile);
    if (command === "convert") return await convertFile(file, request, language);
    if (command === "extract") return await extractFile(file, request, language);
    if (command === "embed") return await embedFile(file, request, language);
    const { reading } = await onlyInvoice(file, language);
    process.stdout.write(shownInvoice(reading.invoice, language, paint));
    return 0;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

async function convertFile(file: string, request: Request, language: Language): Promise<number> {
  const options = conversionOf(request, words[language]);
  if ("refusal" in options) throw new Refusal(options.refusal);
  const { reading } = await onlyInvoice(file, language);
  return convert(reading, options, request.output, words[language]);
}

/** The XML of a hybrid PDF, byte for byte. */
async function extractFile(file: string, { output }: Request, language: Language): Promise<number> {
  const { pdf } = await onlyInvoice(file, language);
  if (!pdf) throw new Refusal(words[language].notAPdf);
  await put(pdf.invoice.bytes, output);
  return 0;
}

/** A Factur-X of an invoice, its pages laid out or those of a PDF given; UBL is converted first. */
async function embedFile(file: string, { output, pdf }: Request, language: Language): Promise<number> {
  const say = words[language];
  if (output === undefined) throw new Refusal(say.outputNeeded);
  const { reading, xml, isWhole } = await ciiOf(file, language, say);
  const { writeFacturx } = await import("../pdf/writing/write-facturx.ts");
  const pages = pdf === undefined ? {} : { pdf: await bytesOrRefusal(pdf, say) };
  const written = writeFacturx(xml, { createdAt: new Date(), ...pages });
  for (const finding of written.findings) process.stderr.write(`${finding.message[language]}\n`);
  if (!written.ok) return 2;
  await put(written.bytes, output);
  return isWhole && reading.unread.length === 0 ? 0 : 1;
}

async function ciiOf(file: string, language: Language, say: Words) {
  const { reading } = await onlyInvoice(file, language);
  if (reading.syntax === "cii") return { reading, xml: await bytesOrRefusal(file, say), isWhole: true };
  return { reading, ...converted(reading, { format: "cii", profile: "EN 16931" }, say) };
}

async function bytesOrRefusal(file: string, say: Words): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new Refusal(
      say.cannotOpen(error instanceof Error && "code" in error ? String(error.code) : String(error)),
    );
  }
}

/** The one invoice that a file holds. */
async function onlyInvoice(
  file: string,
  language: Language,
): Promise<Extract<Deposited, { kind: "invoice" }>> {
  const invoices: Extract<Deposited, { kind: "invoice" }>[] = [];
  const findings: Finding[] = [];
  for await (const deposited of openFile(file)) {
    if (deposited.kind === "invoice") invoices.push(deposited);
    else if (deposited.kind === "unusable") findings.push(...deposited.findings);
  }
  const [first] = invoices;
  if (first && invoices.length === 1) return first;
  const said = findings.map((finding) => finding.message[language]).join("\n");
  throw new Refusal(invoices.length === 0 && said !== "" ? said : words[language].oneInvoice);
}
