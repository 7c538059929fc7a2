// Every page in two languages, two themes and two widths: no broken rule of WCAG 2.2 A or AA, nothing wider than the window,
// nothing refused by the content policy, no missing file, and a picture of each.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { brokenColours, faultsOf } from "./lib/audit.mjs";
import { check, same } from "./lib/checks.mjs";
import { LAYOUTS, complaintsOf, nameOf, profile } from "./lib/chromium.mjs";
import { artefacts } from "./lib/places.mjs";

/** How many pages are looked at side by side. */
const AT_ONCE = 2;

/**
 * Looks at each visit of the route list in each look, and fails for a page that nobody visits.
 * `part` restricts it to visits whose name has this part, to work on one page.
 */
export async function lookAtPages(browser, market, routes, part = "") {
  await check("every page of the route list is visited", () => same(routes.unvisited(), [], "pages that nobody visits"));
  await check("every visit is to a page of the route list", () => same(routes.lost(), [], "visits to no page"));
  const waiting = LAYOUTS.flatMap((layout) => routes.found().filter(({ name }) => name.includes(part)).map((visit) => ({ layout, visit })));
  const eyes = Array.from({ length: AT_ONCE }, () => new Eyes(browser, market));
  await Promise.all(eyes.map(async (pair) => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await check(`page ${next.visit.name} ${nameOf(next.layout)}`, () => pair.look(next.visit, next.layout));
    }
    await pair.close();
  }));
}

/** Looks at one page after the other; keeps one browser profile for each person and layout. */
class Eyes {
  constructor(browser, market) {
    Object.assign(this, { browser, market, contexts: new Map() });
  }

  async look(visit, layout) {
    const page = await (await this.context(visit.as, layout)).newPage();
    try {
      const complaints = complaintsOf(page);
      const light = { ...layout, theme: "light" };
      const response = await page.goto(new URL(visit.path, this.market.base).href);
      same(response.status(), visit.status ?? 200, `status of ${visit.path}`);
      if (visit.act) await visit.act(page, light);
      await picture(page, visit, light);
      const faults = await faultsOf(page, light);
      // The page is the same one; only colours change with the theme.
      const dark = { ...layout, theme: "dark" };
      await page.emulateMedia({ colorScheme: "dark" });
      await picture(page, visit, dark);
      faults.push(...(await brokenColours(page)).map((fault) => `in the dark: ${fault}`));
      same([...faults, ...complaints], [], `faults of ${visit.path}`);
    } finally {
      await page.close();
    }
  }

  async context(as, layout) {
    const key = `${as} ${nameOf(layout)}`;
    if (!this.contexts.has(key)) {
      const context = await profile(this.browser, { ...layout, theme: "light" }, { storageState: stateFile(as) });
      context.setDefaultTimeout(10_000);
      await context.addCookies([{ name: "language", value: layout.language, url: this.market.base }]);
      this.contexts.set(key, context);
    }
    return this.contexts.get(key);
  }

  async close() {
    for (const context of this.contexts.values()) await context.close();
  }
}

/** A picture of the whole page; of the API's long description only what is seen first. */
async function picture(page, visit, look) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.screenshot({ path: join(artefacts, "pages", `${visit.name}.${nameOf(look)}.png`), fullPage: height < 12_000 });
}

function stateFile(as) {
  if (!as) return undefined;
  const file = join(artefacts, `${as}.state.json`);
  if (!existsSync(file)) throw new Error(`nobody signed in as ${as}`);
  return file;
}
