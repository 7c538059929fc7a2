// The audit of one page as it stands: axe's rules of WCAG 2.2 A and AA, and what axe does not see.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

/**
 * Lists everything that is wrong with the page, as sentences; an empty list is the aim.
 * Works under a strict content policy: the debugger evaluates, not the page.
 */
export async function faultsOf(page, look) {
  return [...(await brokenRules(page)), ...(await brokenShape(page, look))];
}

/** Only what a change of theme can break; the page was audited before, so axe is there. */
export function brokenColours(page) {
  return violationsOf(page, { type: "rule", values: COLOUR_RULES });
}

async function brokenRules(page) {
  await page.evaluate(AXE);
  return violationsOf(page, { type: "tag", values: TAGS });
}

async function violationsOf(page, runOnly) {
  const violations = await page.evaluate(async (only) => {
    const found = await globalThis.axe.run(document, { runOnly: only, resultTypes: ["violations"], preload: false });
    return found.violations.map(({ id, help, nodes }) => ({
      id,
      help,
      places: nodes.slice(0, 4).map(({ target, failureSummary }) => `${target.join(" ")}: ${failureSummary ?? ""}`),
      count: nodes.length,
    }));
  }, runOnly);
  return violations.map(({ id, help, places, count }) => `axe ${id} (${count}): ${help}\n  ${places.join("\n  ")}`);
}

async function brokenShape(page, look) {
  const seen = await page.evaluate(() => ({
    title: document.title.trim(),
    language: document.documentElement.lang,
    headings: document.querySelectorAll("h1").length,
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    wide: [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      .slice(0, 3)
      .map((element) => `${element.tagName.toLowerCase()}.${[...element.classList].join(".")}`),
    unsaid: (document.body.innerText.match(/\{\s*\$\w+\s*\}|\bundefined\b|\bNaN\b/g) ?? []).slice(0, 3),
  }));
  const faults = [];
  if (!seen.title) faults.push("the page has no title");
  if (seen.headings !== 1) faults.push(`the page has ${seen.headings} h1 headings, not one`);
  if (!seen.language.toLowerCase().startsWith(look.language)) {
    faults.push(`the page says lang="${seen.language}", the reader asked for ${look.language}`);
  }
  if (seen.overflow > 0) faults.push(`the page is ${seen.overflow} px wider than the window: ${seen.wide.join(", ")}`);
  if (seen.unsaid.length > 0) faults.push(`text that was not filled in: ${seen.unsaid.join(", ")}`);
  return faults;
}
