import { existsSync } from "node:fs";
import chromium from "@sparticuz/chromium";
import { type Browser, chromium as playwright } from "playwright-core";

const installed = [
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** A real Chromium: the one that comes as a package on Linux x64, else one installed on the machine. */
export async function launchChromium(): Promise<Browser> {
  const isPackaged = process.platform === "linux" && process.arch === "x64";
  const executablePath = isPackaged
    ? await chromium.executablePath()
    : installed.find((path) => existsSync(path));
  if (!executablePath) throw new Error("The page tests need Chrome or Chromium installed on this platform");
  return playwright.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
