import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { RuleSetName } from "../check.ts";
import { checkFile, type FileVerdict } from "./check-file.ts";

/** Fewer files than this are sooner checked than a second thread is started. */
const fewFiles = 32;

/** What a thread is asked to do: the next file of the list. */
export interface FileJob {
  index: number;
  file: string;
  rules: readonly RuleSetName[];
}

/**
 * Checks many files, over the cores when they are many, and answers their verdicts in the order given.
 * `program` is the script whose `serveFileJobs` the threads run.
 */
export async function checkFiles(
  files: readonly string[],
  rules: readonly RuleSetName[],
  program: URL,
  onProgress: (done: number) => void,
): Promise<FileVerdict[]> {
  const verdicts: FileVerdict[][] = [];
  const threads = files.length < fewFiles ? 1 : Math.min(availableParallelism(), 8);
  if (threads === 1) {
    for (const file of files) {
      verdicts.push(await checkFile(file, rules));
      onProgress(verdicts.length);
    }
    return verdicts.flat();
  }
  let next = 0;
  let done = 0;
  const serve = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(program);
      const askNext = () => {
        const file = files[next];
        if (file === undefined) void worker.terminate().then(() => resolve());
        else worker.postMessage({ index: next++, file, rules } satisfies FileJob);
      };
      worker.on("message", ({ index, found }: { index: number; found: FileVerdict[] }) => {
        verdicts[index] = found;
        onProgress(++done);
        askNext();
      });
      worker.once("error", reject);
      askNext();
    });
  await Promise.all(Array.from({ length: threads }, serve));
  return verdicts.flat();
}
