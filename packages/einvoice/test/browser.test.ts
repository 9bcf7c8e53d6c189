import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { launchChromium } from "../../../test/support/chromium.ts";
import { check } from "../src/index.ts";

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, "fixtures", name), "utf8");

test("Un navigateur lit et vérifie le XML comme Node, sans rien de Node", async () => {
  const bundle = await build({
    entryPoints: [join(import.meta.dirname, "../src/index.ts")],
    bundle: true,
    write: false,
    platform: "browser",
    format: "iife",
    globalName: "einvoice",
  });
  const samples = ["facture.ubl.xml", "facture.cii.xml"].map(fixture);
  samples.push(...samples.map((xml) => xml.replace("600.00", "600.001")), "<a", "<Facture/>");
  const rules = ["en16931", "fr-ctc"] as const;
  const chromium = await launchChromium();
  try {
    const page = await chromium.newPage();
    await page.addScriptTag({ content: bundle.outputFiles[0]?.text ?? "" });
    const found = await page.evaluate(
      ({ samples, rules }) =>
        samples.map((xml) =>
          (globalThis as unknown as { einvoice: { check: typeof check } }).einvoice.check(
            new TextEncoder().encode(xml),
            { rules },
          ),
        ),
      { samples, rules },
    );
    expect(found).toEqual(samples.map((xml) => check(xml, { rules })));
    expect(found.flat().length).toBeGreaterThan(3);
  } finally {
    await chromium.close();
  }
});
