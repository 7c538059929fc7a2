// The order of things: prove the audit, start a marketplace, walk the journeys, look at every page, count.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launch } from "./lib/chromium.mjs";
import { check, failures, totals } from "./lib/checks.mjs";
import { startMarket } from "./lib/market.mjs";
import { freshArtefacts, root } from "./lib/places.mjs";
import { RouteList } from "./lib/routes.mjs";
import { lookAtPages } from "./pages.mjs";
import { keepPictures } from "./screenshots.mjs";
import { selftest } from "./selftest.mjs";

const { values: options } = parseArgs({
  options: { only: { type: "string" }, look: { type: "string" }, pictures: { type: "boolean", default: false }, quick: { type: "boolean", default: false }, "keep-screenshots": { type: "boolean", default: false } },
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

/** Each journey is a module with `walk(world)`, which puts the pages it has seen on the list of visits. */
async function readJourneys() {
  const folder = join(root, "browser/journeys");
  const files = readdirSync(folder).filter((file) => /^\d\d-.*\.mjs$/.test(file)).sort();
  return Promise.all(files.map((file) => import(join(folder, file))));
}

async function walk(journeys) {
  const market = await check("a marketplace starts with fresh data", () => startMarket({ parked: true }));
  if (!market) return;
  const routes = await check("the binary lists its routes", () => new RouteList());
  const world = { browser, market, options, routes, facts: {} };
  try {
    for (const journey of journeys) await journey.walk(world);
    if (wanted("pages")) await lookAtPages(browser, market, routes, { part: options.look, pictures: options.pictures || options["keep-screenshots"] });
    if (options["keep-screenshots"]) await check("the pictures of README.md are kept", () => keepPictures(browser));
  } finally {
    await check("the marketplace stops when asked", () => market.stop());
  }
}
