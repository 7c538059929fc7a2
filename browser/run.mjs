// The order of things: prove the audit, start a marketplace, walk the journeys, look at every page, count.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launch } from "./lib/chromium.mjs";
import { check, failures, totals } from "./lib/checks.mjs";
import { startMarket } from "./lib/market.mjs";
import { freshArtefacts, root } from "./lib/places.mjs";
import { lookAtPages } from "./pages.mjs";
import { selftest } from "./selftest.mjs";

const { values: options } = parseArgs({
  options: { only: { type: "string" }, "keep-screenshots": { type: "boolean", default: false } },
});

const wanted = (suite) => !options.only || suite.includes(options.only);

freshArtefacts();
const browser = await launch();
try {
  if (wanted("selftest")) await selftest(browser);
  const journeys = await readJourneys();
  if (journeys.length > 0) await walk(journeys);
} finally {
  await browser.close();
}

const { passed, failed } = totals();
for (const name of failures()) console.log(`failed: ${name}`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/** Each journey is a module with `name`, `walk(world)`, and `visits(world)`: the pages that exist once it was walked. */
async function readJourneys() {
  const folder = join(root, "browser/journeys");
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(".mjs")).sort();
  return Promise.all(files.map((file) => import(join(folder, file))));
}

async function walk(journeys) {
  const market = await check("a marketplace starts with fresh data", startMarket);
  if (!market) return;
  const world = { browser, market, options, facts: {} };
  try {
    for (const journey of journeys) await journey.walk(world);
    const visits = journeys.flatMap((journey) => journey.visits?.(world) ?? []);
    if (wanted("pages") && visits.length > 0) await lookAtPages(browser, market, visits);
  } finally {
    await check("the marketplace stops when asked", () => market.stop());
  }
}
