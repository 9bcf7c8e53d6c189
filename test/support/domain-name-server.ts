import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";

export type DomainNameServer = {
  /** Where it listens, as `DNS_SERVERS` is set. */
  readonly address: string;
  /** The texts that each domain publishes; a domain that is not there does not exist. */
  readonly texts: Map<string, readonly string[]>;
  /** Whether it leaves every question without an answer. */
  isSilent: boolean;
  close(): void;
};

const TXT = 16;
const NO_SUCH_DOMAIN = 3;

/** A small name server on loopback, which knows texts only (RFC 1035, § 4). */
export async function startDomainNameServer(): Promise<DomainNameServer> {
  const socket = createSocket("udp4");
  const texts = new Map<string, readonly string[]>();
  const server: DomainNameServer = {
    address: "",
    texts,
    isSilent: false,
    close: () => socket.close(),
  };
  socket.on("message", (question, from) => {
    if (!server.isSilent) socket.send(answerTo(question, texts), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return Object.assign(server, { address: `127.0.0.1:${(socket.address() as AddressInfo).port}` });
}

function answerTo(question: Buffer, texts: ReadonlyMap<string, readonly string[]>): Buffer {
  const labels: string[] = [];
  let at = 12;
  while (question[at] !== 0) {
    labels.push(question.toString("latin1", at + 1, at + 1 + question[at]!));
    at += 1 + question[at]!;
  }
  const asked = question.subarray(12, at + 5);
  const known = texts.get(labels.join(".").toLowerCase());
  const records = (known ?? []).map(textRecord);
  const header = Buffer.alloc(12);
  question.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8580 | (known ? 0 : NO_SUCH_DOMAIN), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, asked, ...records]);
}

function textRecord(text: string): Buffer {
  // a string of a record has at most 255 octets: a longer text comes in pieces
  const pieces = text.match(/.{1,255}/gs) ?? [""];
  const data = Buffer.concat(
    pieces.map((piece) => Buffer.concat([Buffer.from([piece.length]), Buffer.from(piece)])),
  );
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(TXT, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
