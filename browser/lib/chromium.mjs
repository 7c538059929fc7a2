// Debian's Chromium, and the settings a page is looked at with. Not here: what is done on the page.

import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const PROGRAMS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Languages and widths in which every page is looked at, in the light and in the dark. */
export const LAYOUTS = ["en", "zh"].flatMap((language) => [1280, 360].map((width) => ({ language, width })));

/** A short name of a look, for files and lines: `zh-dark-360`. */
export function nameOf({ language, theme, width }) {
  return [language, theme, width].filter(Boolean).join("-");
}

/** Starts Chromium. */
export function launch() {
  const executablePath = process.env.CHROMIUM ?? PROGRAMS.find(existsSync);
  if (!executablePath) throw new Error("no Chromium here: apt-get install chromium");
  return chromium.launch({
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

let people = 0;

/** An address of the benchmarking range (RFC 2544) that nobody of the test had yet. */
function ownAddress() {
  people += 1;
  return `198.18.${people >> 8}.${people & 255}`;
}

/** A fresh profile at an own network address that looks at pages in one language, theme and width. */
export function profile(browser, look, { javascript = true, storageState } = {}) {
  return browser.newContext({
    viewport: { width: look.width, height: look.width < 600 ? 780 : 800 },
    colorScheme: look.theme,
    locale: look.language === "zh" ? "zh-CN" : "en-GB",
    timezoneId: "Asia/Singapore",
    reducedMotion: "reduce",
    hasTouch: look.width < 600,
    javaScriptEnabled: javascript,
    storageState,
    extraHTTPHeaders: { "X-Forwarded-For": ownAddress() },
  });
}

/** Collects what a page complains about: script errors, refused content, missing files. */
export function complaintsOf(page) {
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`script: ${error.message}`));
  page.on("console", (message) => {
    // Failed loads are heard of below, where it is known what was loaded; a page that answers 404 on purpose is none.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) complaints.push(`console: ${message.text()}`);
  });
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText;
    if (reason !== "net::ERR_ABORTED") complaints.push(`request: ${request.url()} ${reason}`);
  });
  page.on("response", (response) => {
    const isPage = response.request().resourceType() === "document";
    if (!isPage && response.status() >= 400) complaints.push(`answer: ${response.status()} ${response.url()}`);
  });
  return complaints;
}
