import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { MultipartFile } from "@fastify/multipart";
import type { FastifyRequest } from "fastify";
import { HttpProblem } from "./access.ts";
import type { RawForm } from "./read-form.ts";

/** What a form that carries files may send: the largest size of one, in bytes, and whether they are too large for memory. */
export type Upload = { readonly maxBytes: number; readonly toDisk?: true };

export type SentFiles = {
  readonly files: Readonly<Record<string, { readonly fileName: string; readonly content: Buffer }>>;
  /** Files of an upload to the disk; they are there until the page is answered. */
  readonly filesOnDisk: Readonly<Record<string, { readonly fileName: string; readonly path: string }>>;
};

export const noFiles: SentFiles = { files: {}, filesOnDisk: {} };

/** Longest text of a form that carries files: a paste of 5,000 identifiers, spaces included, fits. */
const MAX_FIELD_BYTES = 200_000;
export const TOO_LARGE = "Ce que vous avez envoyé est trop volumineux.";
const tooLarge = () => new HttpProblem(413, "too-large", TOO_LARGE);

/**
 * The fields and the files of a form. `forget` removes what waits on the disk.
 * @throws 413 when something is larger than it may be
 */
export async function readBody(
  request: FastifyRequest,
  upload: Upload | undefined,
): Promise<{ body: RawForm; forget?: () => Promise<void> } & SentFiles> {
  if (!upload) return { body: (request.body ?? {}) as RawForm, ...noFiles };
  if (!request.isMultipart())
    throw new HttpProblem(415, "unsupported-media-type", "Envoyez ce formulaire depuis sa page.");
  const body: Record<string, string | string[]> = {};
  const files: Record<string, SentFiles["files"][string]> = {};
  const filesOnDisk: Record<string, SentFiles["filesOnDisk"][string]> = {};
  const folder = upload.toDisk ? await mkdtemp(join(tmpdir(), "unisson-envoi-")) : null;
  const forget = async () => {
    if (folder) await rm(folder, { recursive: true, force: true });
  };
  try {
    const parts = request.parts({
      limits: { fileSize: upload.maxBytes, files: 5, fields: 50, fieldSize: MAX_FIELD_BYTES },
    });
    for await (const part of parts) {
      if (part.type === "file") {
        const { fieldname, filename: fileName } = part;
        if (folder) {
          const path = join(folder, String(Object.keys(filesOnDisk).length));
          await keep(part, path);
          if (fileName) filesOnDisk[fieldname] = { fileName, path };
        } else {
          const content = await part.toBuffer();
          if (fileName) files[fieldname] = { fileName, content };
        }
      } else {
        if (part.valueTruncated) throw tooLarge();
        const value = String(part.value);
        const known = Object.hasOwn(body, part.fieldname) ? body[part.fieldname]! : undefined;
        body[part.fieldname] = known === undefined ? value : [known, value].flat();
      }
    }
  } catch (error) {
    await forget();
    throw error;
  }
  return { body, files, filesOnDisk, forget };
}

async function keep(part: MultipartFile, path: string): Promise<void> {
  await pipeline(part.file, createWriteStream(path, { mode: 0o600 }));
  if (part.file.truncated) throw tooLarge();
}
