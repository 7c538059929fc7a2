// Every page in two languages, two themes and two widths: no broken rule of WCAG 2.2 A or AA, nothing wider than the window,
// nothing refused by the content policy, no missing file, and a picture of each.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { faultsOf } from "./lib/audit.mjs";
import { check, same } from "./lib/checks.mjs";
import { LOOKS, complaintsOf, nameOf, profile } from "./lib/chromium.mjs";
import { artefacts } from "./lib/places.mjs";

/**
 * Looks at each page in each look. `visits` is a list of `{ name, path, state, status, act }`: a storage state of somebody
 * signed in (or none), the status that is right (200 when absent), and what to do before looking (open a menu, show errors).
 */
export async function lookAtPages(browser, market, visits) {
  await Promise.all([lookIn(browser, market, visits, LOOKS.filter(({ width }) => width > 600)),
    lookIn(browser, market, visits, LOOKS.filter(({ width }) => width <= 600))]);
}

async function lookIn(browser, market, visits, looks) {
  for (const look of looks) {
    const contexts = new Map();
    for (const visit of visits) {
      const name = `page ${visit.name} ${nameOf(look)}`;
      await check(name, async () => {
        const key = visit.state ?? "nobody";
        if (!contexts.has(key)) contexts.set(key, await profile(browser, look, { storageState: stateFile(visit.state) }));
        await lookAt(contexts.get(key), market, visit, look);
      });
    }
    for (const context of contexts.values()) await context.close();
  }
}

async function lookAt(context, market, visit, look) {
  const page = await context.newPage();
  try {
    const complaints = complaintsOf(page);
    const response = await page.goto(new URL(visit.path, market.base).href);
    same(response.status(), visit.status ?? 200, `status of ${visit.path}`);
    if (visit.act) await visit.act(page, look);
    await page.screenshot({ path: join(artefacts, "pages", `${visit.name}.${nameOf(look)}.png`), fullPage: true });
    same([...(await faultsOf(page, look)), ...complaints], [], `faults of ${visit.path}`);
  } finally {
    await page.close();
  }
}

function stateFile(state) {
  if (!state) return undefined;
  const file = join(artefacts, `${state}.state.json`);
  return existsSync(file) ? file : undefined;
}
