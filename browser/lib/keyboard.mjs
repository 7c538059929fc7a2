// A person without a mouse: everything is reached with Tab and pressed with Enter, Space, arrows and Escape. At each stop
// the focus must be seen: drawn, strong enough against its ground, and not hidden behind something.
// Not here: what is done; looking at pages (pages.mjs).

import { must } from "./checks.mjs";

/** More stops than any page of the journeys has. */
const MOST_STOPS = 250;

/** The hands of a person at the keys. */
export class Keyboard {
  constructor(person) {
    this.person = person;
    this.page = person.page;
    this.stops = 0;
  }

  /** Presses one key, or several with `+`. */
  press(key) {
    return this.page.keyboard.press(key);
  }

  /** Types a text where the focus is. */
  types(text) {
    return this.page.keyboard.type(text);
  }

  /** Goes on with Tab until one of these has the focus; every stop on the way is looked at. */
  async tabsTo(found, name) {
    for (let count = 0; count < MOST_STOPS; count += 1) {
      if (await isOn(found)) return;
      await this.press("Tab");
      await this.looks();
    }
    throw new Error(`Tab does not reach ${name} at ${this.person.place()}`);
  }

  /** Goes to a button, link or field with Tab and presses a key there that leads to another page. */
  async leaves(found, name, key = "Enter") {
    await this.tabsTo(found, name);
    const loaded = this.page.waitForEvent("load");
    await this.press(key);
    await loaded;
  }

  /** Fails unless the place that has the focus can be seen. */
  async looks() {
    this.stops += 1;
    const fault = await this.page.evaluate(faultOfFocus);
    must(!fault, `at ${this.person.place()}: ${fault}`);
  }

  /** Walks once around the page with Tab: no trap, no stop left out, the focus seen at each. */
  async walksAround() {
    const missed = await this.page.evaluate(stopsOf);
    for (let count = 0; count < missed + 20; count += 1) {
      await this.press("Tab");
      await this.looks();
      const left = await this.page.evaluate(ticksOff);
      if (left === "around") {
        const forgotten = await this.page.evaluate(() => globalThis.stopsLeft.map((one) => one.outerHTML.slice(0, 120)));
        must(forgotten.length === 0, `Tab never comes to ${forgotten.join(" | ")} at ${this.person.place()}`);
        return;
      }
    }
    const where = await this.page.evaluate(() => document.activeElement.outerHTML.slice(0, 160));
    throw new Error(`Tab does not come around at ${this.person.place()}; it stands at ${where}`);
  }
}

/** Whether one of these has the focus. */
export function isOn(found) {
  return found.evaluateAll((nodes) => nodes.includes(document.activeElement));
}

/** In the page: what is wrong with the focus as it is drawn, or nothing. */
function faultOfFocus() {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return "";
  const name = focused.outerHTML.slice(0, 140);
  const parts = [focused, ...(focused.labels ?? [])];
  const outline = parts.map((part) => getComputedStyle(part)).find((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  if (!outline) return `no focus is drawn at ${name}`;
  const numbers = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const light = (colour) => {
    const [red, green, blue] = numbers(colour).map((value) => ((value / 255) <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  let ground = focused.parentElement;
  while (ground && numbers(getComputedStyle(ground).backgroundColor)[3] === 0) ground = ground.parentElement;
  const [one, two] = [light(outline.outlineColor), light(ground ? getComputedStyle(ground).backgroundColor : "rgb(255, 255, 255)")].sort((a, b) => b - a);
  if ((one + 0.05) / (two + 0.05) < 3) return `the focus is too pale at ${name}`;
  const seen = parts.some((part) => {
    const box = part.getBoundingClientRect();
    const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth), top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    if (right - left < 1 || bottom - top < 1) return false;
    return [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]].some(([x, y]) => {
      const hit = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
      return hit && parts.some((one) => one.contains(hit) || hit.contains(one));
    });
  });
  return seen ? "" : `the focus is hidden at ${name}`;
}

/** In the page: remembers every place where Tab should stop, and answers how many they are. */
function stopsOf() {
  const places = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")];
  const shown = places.filter((one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true }));
  // Of a group of radios Tab comes to one.
  const groups = new Set();
  globalThis.stopsLeft = shown.filter((one) => {
    if (one.type !== "radio") return true;
    const known = groups.has(one.name);
    groups.add(one.name);
    return !known;
  });
  globalThis.firstStop = undefined;
  return shown.length;
}

/** In the page: ticks off the place that has the focus; says when the way around is done. */
function ticksOff() {
  const focused = document.activeElement;
  // Past the last stop comes the browser's own frame, then the first one again.
  if (!focused || focused === document.body) return globalThis.firstStop && globalThis.stopsLeft.length === 0 ? "around" : "on";
  if (globalThis.firstStop === focused) return "around";
  globalThis.firstStop ??= focused;
  globalThis.stopsLeft = globalThis.stopsLeft.filter((one) => one !== focused && !(one.type === "radio" && focused.type === "radio" && one.name === focused.name));
  return "on";
}
