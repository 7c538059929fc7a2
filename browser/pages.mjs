// Every page in two languages, two themes and two widths: no broken rule of WCAG 2.2 A or AA, nothing wider than the window,
// nothing refused by the content policy, no missing file; and, when asked for or when it has a fault, a picture of it.

import { join } from "node:path";
import { brokenColours, faultsOf } from "./lib/audit.mjs";
import { check, same } from "./lib/checks.mjs";
import { LAYOUTS, complaintsOf, nameOf, profile } from "./lib/chromium.mjs";
import { artefacts, stateFile } from "./lib/places.mjs";

/** How many pages are looked at side by side. */
const AT_ONCE = 2;

/**
 * Looks at each visit of the route list in each look, and fails for a page that nobody visits.
 * `part` restricts it to visits whose name has this part, to work on one page; `pictures` keeps a picture of each.
 */
export async function lookAtPages(browser, market, routes, { part = "", pictures = false } = {}) {
  await check("every page of the route list is visited", () => same(routes.unvisited(), [], "pages that nobody visits"));
  await check("every visit is to a page of the route list", () => same(routes.lost(), [], "visits to no page"));
  const waiting = LAYOUTS.flatMap((layout) => routes.found().filter(({ name }) => name.includes(part)).map((visit) => ({ layout, visit })));
  const eyes = Array.from({ length: AT_ONCE }, () => new Eyes(browser, market, pictures));
  await Promise.all(eyes.map(async (pair) => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await check(`page ${next.visit.name} ${nameOf(next.layout)}`, () => pair.look(next.visit, next.layout));
    }
    await pair.close();
  }));
}

/** Looks at one page after the other; keeps one browser profile for each person and layout. */
class Eyes {
  constructor(browser, market, pictures) {
    Object.assign(this, { browser, market, pictures, contexts: new Map() });
  }

  async look(visit, layout) {
    const page = await (await this.context(visit.as, layout)).newPage();
    try {
      const complaints = complaintsOf(page);
      const light = { ...layout, theme: "light" };
      const response = await page.goto(new URL(visit.path, this.market.base).href);
      same(response.status(), visit.status ?? 200, `status of ${visit.path}`);
      if (visit.act) await visit.act(page, light);
      if (this.pictures) await picture(page, visit, light);
      const faults = await faultsOf(page, light);
      if (faults.length > 0 && !this.pictures) await picture(page, visit, light);
      // The page is the same one; only colours change with the theme.
      const dark = { ...layout, theme: "dark" };
      await page.emulateMedia({ colorScheme: "dark" });
      if (this.pictures) await picture(page, visit, dark);
      const pale = await brokenColours(page);
      if (pale.length > 0 && !this.pictures) await picture(page, visit, dark);
      faults.push(...pale.map((fault) => `in the dark: ${fault}`));
      same([...faults, ...complaints], [], `faults of ${visit.path}`);
    } finally {
      await page.close();
    }
  }

  async context(as, layout) {
    const key = `${as} ${nameOf(layout)}`;
    if (!this.contexts.has(key)) {
      const context = await profile(this.browser, { ...layout, theme: "light" }, { storageState: as ? stateFile(as) : undefined });
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
