// A person at a browser: goes to pages, fills fields by their label, presses buttons by their name, and sees what is said.
// Nothing here knows a class or an id of the pages: what a person cannot find, this cannot find either.

import { join } from "node:path";
import { artefacts } from "./places.mjs";
import { complaintsOf, nameOf, profile } from "./chromium.mjs";
import { must } from "./checks.mjs";

/** Somebody with a browser profile of their own. */
export class Person {
  /** Opens a fresh profile. `options.javascript` false switches scripts off. */
  static async open(browser, market, look, options = {}) {
    const context = await profile(browser, look, options);
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    return new Person(market, look, context, page);
  }

  constructor(market, look, context, page) {
    Object.assign(this, { market, look, context, page });
    this.complaints = complaintsOf(page);
  }

  /** Goes to a path of the marketplace, or to a whole address. */
  async goes(path) {
    const address = new URL(path, this.market.base).href;
    const response = await this.page.goto(address);
    must(response.status() < 500, `${address} answered ${response.status()}`);
    return response;
  }

  /** Types into the fields with these labels; a checkbox or radio is set, a list is chosen from, a file is picked. */
  async fills(fields) {
    for (const [label, value] of Object.entries(fields)) {
      const field = this.page.getByLabel(label, { exact: true }).first();
      const kind = await field.evaluate((element) => element.type ?? element.tagName.toLowerCase());
      if (kind === "checkbox" || kind === "radio") await field.setChecked(value);
      else if (kind.startsWith("select")) await field.selectOption(value);
      else if (kind === "file") await field.setInputFiles(value);
      else await field.fill(value);
    }
  }

  /** Presses the button with this name and waits for what comes. */
  async presses(name) {
    await this.page.getByRole("button", { name }).first().click();
    await this.page.waitForLoadState("load");
  }

  /** Follows the link with this name. */
  async follows(name) {
    await this.page.getByRole("link", { name }).first().click();
    await this.page.waitForLoadState("load");
  }

  /** Fails unless the page says this, somewhere a person can see. */
  async sees(text) {
    await this.page.getByText(text).first().waitFor({ state: "visible" });
  }

  /** Loads the page again until it says this: for what a seller's system does in its own time. */
  async waitsFor(text, { tries = 60, pauseMs = 500 } = {}) {
    for (let count = 0; count < tries; count += 1) {
      if (await this.page.getByText(text).first().isVisible()) return;
      await this.page.waitForTimeout(pauseMs);
      await this.page.reload();
    }
    throw new Error(`the page never said ${text}: ${await this.text()}`);
  }

  /** The visible text of the page, cut to what fits into a message. */
  async text() {
    return (await this.page.locator("body").innerText()).slice(0, 1500);
  }

  /** Keeps a picture of the page under this name. */
  async pictures(name) {
    await this.page.screenshot({ path: join(artefacts, `${name}.${nameOf(this.look)}.png`), fullPage: true });
  }

  /** Ends, and fails when the browser complained on the way. */
  async leaves() {
    await this.context.close();
    must(this.complaints.length === 0, `the browser complained:\n${this.complaints.join("\n")}`);
  }
}
