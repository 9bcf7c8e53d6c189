/** The sRGB colour space (IEC 61966-2-1) as an ICC profile, version 2.1, made here from the standard's own figures. */
export function srgbProfile(): Uint8Array {
  const curve = toneCurve();
  const tags: [signature: string, data: Buffer][] = [
    ["desc", description("sRGB IEC 61966-2-1")],
    ["cprt", Buffer.concat([type("text"), Buffer.from("No copyright, use freely\0", "latin1")])],
    ["wtpt", xyz(0.9642, 1, 0.8249)],
    ["rXYZ", xyz(0.4360747, 0.2225045, 0.0139322)],
    ["gXYZ", xyz(0.3850649, 0.7168786, 0.0971045)],
    ["bXYZ", xyz(0.1430804, 0.0606169, 0.7141733)],
    ["rTRC", curve],
    ["gTRC", curve],
    ["bTRC", curve],
  ];
  const table = Buffer.alloc(4 + tags.length * 12);
  table.writeUInt32BE(tags.length, 0);
  const parts: Buffer[] = [];
  const places = new Map<Buffer, number>();
  let offset = 128 + table.length;
  for (const [index, [signature, data]] of tags.entries()) {
    if (!places.has(data)) {
      const padded = Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
      places.set(data, offset);
      parts.push(padded);
      offset += padded.length;
    }
    table.write(signature, 4 + index * 12, "latin1");
    table.writeUInt32BE(places.get(data) ?? 0, 8 + index * 12);
    table.writeUInt32BE(data.length, 12 + index * 12);
  }
  return Buffer.concat([header(offset), table, ...parts]);
}

function header(size: number): Buffer {
  const bytes = Buffer.alloc(128);
  bytes.writeUInt32BE(size, 0);
  bytes.writeUInt32BE(0x02100000, 8);
  bytes.write("mntrRGB XYZ ", 12, "latin1");
  for (const [index, part] of [2026, 1, 1, 0, 0, 0].entries()) bytes.writeUInt16BE(part, 24 + index * 2);
  bytes.write("acsp", 36, "latin1");
  for (const [index, value] of [0.9642, 1, 0.8249].entries()) fixed(bytes, value, 68 + index * 4);
  return bytes;
}

const type = (signature: string): Buffer => Buffer.from(`${signature}\0\0\0\0`, "latin1");

function fixed(bytes: Buffer, value: number, at: number): void {
  bytes.writeInt32BE(Math.round(value * 65_536), at);
}

function xyz(x: number, y: number, z: number): Buffer {
  const bytes = Buffer.alloc(12);
  for (const [index, value] of [x, y, z].entries()) fixed(bytes, value, index * 4);
  return Buffer.concat([type("XYZ "), bytes]);
}

function description(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length + 1, 0);
  // After the ASCII text: an empty Unicode one (8 bytes) and an empty Macintosh one (70 bytes).
  return Buffer.concat([type("desc"), length, Buffer.from(`${text}\0`, "latin1"), Buffer.alloc(78)]);
}

/** From a channel's value to light: a line near black, then a power of 2.4. */
function toneCurve(): Buffer {
  const points = 1024;
  const bytes = Buffer.alloc(4 + points * 2);
  bytes.writeUInt32BE(points, 0);
  for (let index = 0; index < points; index += 1) {
    const value = index / (points - 1);
    const light = value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    bytes.writeUInt16BE(Math.round(light * 65_535), 4 + index * 2);
  }
  return Buffer.concat([type("curv"), bytes]);
}
