import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** Where Debian and others put it; `CHROMIUM` names another. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Starts Chromium. Throws where there is none: what is tested in a browser is never skipped. */
export async function openBrowser(): Promise<Browser> {
  const path = process.env["CHROMIUM"] ?? PLACES.find((place) => existsSync(place));
  if (path === undefined) throw new Error("There is no Chromium: apt-get install -y chromium, or set CHROMIUM.");
  return await chromium.launch({ executablePath: path, args: ["--no-sandbox"] });
}

/** A page that was opened, and everything that it asked of a network. */
export interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly requests: readonly string[];
  /** Errors of scripts and refusals by the content policy. */
  readonly complaints: readonly string[];
}

/** Opens an address without a network, but for the page itself. */
export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    acceptDownloads: true,
    ...options,
  });
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  await page.goto(url);
  return { page, context, requests, complaints };
}
