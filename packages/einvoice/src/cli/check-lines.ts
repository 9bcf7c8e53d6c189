import { once } from "node:events";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { Worker } from "node:worker_threads";
import { checkReading, type RuleSetName } from "../check.ts";
import type { Finding } from "../model/finding.ts";
import { readXml } from "../read.ts";

/** Fewer lines than this are sooner checked than other threads are started. */
const fewLines = 64;

/** Lines that one thread may have before it: enough never to wait, few enough that memory stays small. */
const linesAhead = 4;

/** What a thread is asked to do: one line. */
export interface LineJob {
  line: string;
  rules: readonly RuleSetName[];
}

/** What is answered to one line. */
export interface LineAnswer {
  /** A line of JSON. */
  text: string;
  conforms: boolean;
}

/**
 * Checks one invoice a line, `{"id":…,"xml":…}`, and writes one line each, `{"id":…,"fatal":[rule ids],"warning":[rule
 * ids]}`, in the same order, ids sorted and said once; over the cores when there are many. Holds a few invoices at a
 * time, however many there are. Answers whether all conform. `program` is the script whose threads answer `LineJob`s.
 */
export async function checkLines(
  input: Readable,
  output: Writable,
  rules: readonly RuleSetName[],
  program: URL,
): Promise<boolean> {
  let allConform = true;
  const pending: Promise<LineAnswer>[] = [];
  const writeFirst = async (): Promise<void> => {
    const answer = await pending.shift();
    if (answer === undefined) return;
    if (!answer.conforms) allConform = false;
    if (!output.write(`${answer.text}\n`)) await once(output, "drain");
  };
  const threads: LineThread[] = [];
  const most = availableParallelism() > 1 ? Math.min(availableParallelism(), 8) : 0;
  let count = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line.trim() === "") continue;
      if (count === fewLines) for (let each = 0; each < most; each++) threads.push(new LineThread(program));
      const thread = threads[count++ % (most || 1)];
      const job = { line, rules };
      pending.push(thread ? thread.ask(job) : Promise.resolve(answerTo(job)));
      if (pending.length > threads.length * linesAhead) await writeFirst();
    }
    while (pending.length > 0) await writeFirst();
  } finally {
    await Promise.all(threads.map((thread) => thread.end()));
  }
  return allConform;
}

/** One thread that answers lines in the order in which it is asked. */
class LineThread {
  private readonly worker: Worker;
  private readonly waiting: PromiseWithResolvers<LineAnswer>[] = [];

  constructor(program: URL) {
    this.worker = new Worker(program);
    this.worker.on("message", (answer: LineAnswer) => this.waiting.shift()?.resolve(answer));
    this.worker.on("error", (error) => {
      for (const each of this.waiting.splice(0)) each.reject(error);
    });
  }

  ask(job: LineJob): Promise<LineAnswer> {
    const answer = resolvers<LineAnswer>();
    this.waiting.push(answer);
    this.worker.postMessage(job);
    return answer.promise;
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }
}

/** `Promise.withResolvers`, which Node 20 has not. */
function resolvers<Value>(): PromiseWithResolvers<Value> {
  let resolve: PromiseWithResolvers<Value>["resolve"] = () => {};
  let reject: PromiseWithResolvers<Value>["reject"] = () => {};
  const promise = new Promise<Value>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** Checks the invoice of one line. */
export function answerTo({ line, rules }: LineJob): LineAnswer {
  const { id, findings } = checkLine(line, rules);
  const fatal = idsOf(findings, "fatal");
  return {
    text: JSON.stringify({ id, fatal, warning: idsOf(findings, "warning") }),
    conforms: fatal.length === 0,
  };
}

function checkLine(line: string, rules: readonly RuleSetName[]): { id: unknown; findings: Finding[] } {
  const request = parsed(line);
  if (typeof request?.xml !== "string")
    return {
      id: request?.id ?? null,
      findings: [{ rule: "READ-NOT-A-REQUEST", severity: "fatal", message: notARequest }],
    };
  const read = readXml(request.xml);
  return {
    id: request.id ?? null,
    findings: read.ok ? checkReading(read.reading, rules) : read.findings,
  };
}

const notARequest = {
  fr: 'Chaque ligne doit être un objet JSON {"id":…,"xml":…}.',
  en: 'Each line shall be a JSON object {"id":…,"xml":…}.',
};

function parsed(line: string): { id?: unknown; xml?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function idsOf(findings: readonly Finding[], severity: Finding["severity"]): string[] {
  const ids = findings.filter((finding) => finding.severity === severity).map((finding) => finding.rule);
  return [...new Set(ids)].sort();
}
