// The sentences of the product by their key, in either language, so that one journey is walked in both.
// Reads the same Fluent files that the binary is built from. Not here: the full Fluent grammar; plural choices match any branch.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./places.mjs";

const TEXTS = join(root, "crates/language/texts");
const MESSAGE = /^([a-z][a-z0-9-]*) =[ \t]*(.*(?:\n[ \t]+.*|\n(?=[ \t]*\}))*)/gm;

const messages = Object.fromEntries(["en", "zh"].map((language) => [language, read(language)]));

function read(language) {
  const folder = join(TEXTS, language);
  const found = new Map();
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".ftl"))) {
    const text = readFileSync(join(folder, file), "utf8");
    for (const [, key, value] of text.matchAll(MESSAGE)) found.set(key, value.trim());
  }
  return found;
}

/** Whether this is the key of a sentence. */
export function isKey(key) {
  return messages.en.has(key);
}

/** The sentence of a key, with these arguments filled in. */
export function say(language, key, values = {}) {
  const pattern = messages[language].get(key);
  if (pattern === undefined) throw new Error(`no sentence ${key} in ${language}`);
  return pattern
    .replace(/\{\s*\$(\w+)\s*\}/g, (_, name) => values[name] ?? `{${name}}`)
    .replace(/\n[ \t]+/g, " ");
}

/** What fits the sentence of a key, whatever its arguments are; a text that is no key fits itself. */
export function fits(language, key) {
  if (key instanceof RegExp) return key;
  if (!isKey(key)) {
    if (/^[a-z]+(-[a-z0-9]+)+$/.test(key)) throw new Error(`no sentence ${key}`);
    return new RegExp(escaped(key));
  }
  const pattern = messages[language].get(key);
  const branches = pattern.includes("->") ? [...pattern.matchAll(/^\s*\*?\[\w+\]\s*(.*)$/gm)].map((found) => found[1]) : [pattern];
  return new RegExp(branches.map((branch) => escaped(branch).replace(/\\\{.*?\\\}/g, ".+?")).join("|"));
}

/** The same, from the first character to the last. */
export function fitsWhole(language, key) {
  if (key instanceof RegExp) return key;
  return new RegExp(`^\\s*(?:${fits(language, key).source})\\s*$`);
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+");
}
