import { describe, expect, test } from "vitest";
import { comesFromOurPages } from "./form-token.ts";

const ours = "https://portail.exemple.fr";

describe("A-16 Un formulaire vient de nos pages", () => {
  test.each([
    [{ origin: ours, "sec-fetch-site": "same-origin" }, true],
    [{ origin: ours }, true],
    [{ "sec-fetch-site": "none" }, true],
    [{}, true],
    [{ origin: "null", "sec-fetch-site": "same-origin" }, true],
    [{ origin: "null" }, false],
    [{ origin: "null", "sec-fetch-site": "none" }, false],
    [{ origin: "null", "sec-fetch-site": "cross-site" }, false],
    [{ origin: ours, "sec-fetch-site": "cross-site" }, false],
    [{ origin: ours, "sec-fetch-site": "same-site" }, false],
    [{ origin: `${ours}.evil`, "sec-fetch-site": "same-origin" }, false],
  ])("%o : %s", (headers, expected) => expect(comesFromOurPages(headers, [ours])).toBe(expected));
});
