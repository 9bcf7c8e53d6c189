import { expect, test } from "vitest";
import { safePath } from "./safe-path.ts";

test.each([
  ["/organisation/services?structureId=3", "/organisation/services?structureId=3"],
  ["/", "/"],
  ["", "/"],
  ["//evil", "/"],
  ["/\\evil", "/"],
  ["https:evil", "/"],
  ["https://evil.example", "/"],
  ["/%2f%2fevil", "/"],
  ["/%09/evil", "/"],
  ["/%5cevil", "/"],
  ["javascript:alert(1)", "/"],
  ["/@evil", "/@evil"],
  ["/a%0d%0aSet-Cookie:x=1", "/"],
  ["/a\r\nb", "/"],
  ["/%E0%A4%A", "/"],
])("A-17 « %s » mène à %s", (asked, expected) => expect(safePath(asked)).toBe(expected));
