// A person at a browser: goes to pages, fills fields by their label, presses buttons by their name, and sees what is said.
// Labels and names are keys of sentences (`identity-email`), looked up in the person's language, or texts as they are.
// Nothing here knows a class or an id of the pages: what a person cannot find, this cannot find either.

import { join } from "node:path";
import { complaintsOf, nameOf, profile } from "./chromium.mjs";
import { must, same } from "./checks.mjs";
import { artefacts } from "./places.mjs";
import { fits, fitsWhole } from "./words.mjs";

/** Somebody with a browser profile of their own. */
export class Person {
  /** Opens a fresh profile. `options.javascript` false switches scripts off. */
  static async open(browser, market, look, options = {}) {
    const context = await profile(browser, look, options);
    context.setDefaultTimeout(10_000);
    const page = await context.newPage();
    const person = new Person(market, look, context, page);
    person.javascript = options.javascript ?? true;
    return person;
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

  /** The path where the person is now. */
  place() {
    return new URL(this.page.url()).pathname;
  }

  /** The field with this label; the label may go on with “(optional)” or a note. */
  field(label, part = this.page, kind = "input, textarea, select") {
    const { source } = fits(this.look.language, label);
    return part.getByLabel(new RegExp(`^\\s*(?:${source})`)).and(this.page.locator(kind)).first();
  }

  /**
   * Types into the fields with these labels; a checkbox or radio is set, a list is chosen from, a file is picked.
   * `part` is where on the page, when several parts have the same labels.
   */
  async fills(fields, part) {
    for (const [label, value] of Object.entries(fields)) {
      // A file may stand beside a text whose label begins alike: the licence and its number.
      const field = this.field(label, part, value?.buffer ? "input[type=file]" : undefined);
      await field.waitFor({ state: "attached" }).catch(async () => {
        throw new Error(`no field ${label} at ${this.place()}: ${await this.text()}`);
      });
      const kind = await field.evaluate((element) => element.type ?? element.tagName.toLowerCase());
      if (kind === "checkbox" || kind === "radio") await field.setChecked(value);
      else if (kind.startsWith("select")) await field.selectOption(value);
      else if (kind === "file") await field.setInputFiles(value);
      else await field.fill(String(value));
    }
  }

  /** Fails unless the fields hold these values. */
  async finds(fields) {
    for (const [label, value] of Object.entries(fields)) {
      same(await this.field(label).inputValue(), value, `the field ${label}`);
    }
  }

  /** Presses the button with this name and waits for what comes. */
  async presses(name) {
    await this.reaches(this.page.getByRole("button", { name: fitsWhole(this.look.language, name) }), name);
  }

  /** Follows the link with this name, in the main part of the page or else in any; `within` names a navigation. */
  async follows(name, within) {
    const wanted = { name: fits(this.look.language, name) };
    if (within) {
      await this.reaches(this.page.getByRole("navigation", { name: fitsWhole(this.look.language, within) }).getByRole("link", wanted), name);
      return;
    }
    const own = this.page.getByRole("main").getByRole("link", wanted);
    await this.reaches((await own.count()) > 0 ? own : this.page.getByRole("link", wanted), name);
  }

  async reaches(found, name) {
    const one = found.filter({ visible: true }).first();
    await one.waitFor({ state: "visible" }).catch(async () => {
      throw new Error(`nothing to press called ${name} at ${this.place()}: ${await this.text()}`);
    });
    const answered = this.page.waitForResponse((response) => response.request().isNavigationRequest(), { timeout: 15_000 });
    // Heard from before the click: afterwards, the state of the page that is being left looks just as finished.
    const loaded = this.page.waitForEvent("load", { timeout: 30_000 }).catch((error) => error);
    await one.click();
    // A link to a place on the same page loads nothing; then the click was all.
    const response = await answered.catch(() => undefined);
    if (!response) return;
    const late = await loaded;
    must(!(late instanceof Error), `${name}: what came from ${response.url()} never finished loading: ${late}`);
    must(response.status() < 500, `${name} led to ${response.status()} at ${response.url()}: ${await this.text()}`);
  }

  /** Fails unless the page says this, somewhere a person can see. */
  async sees(text) {
    const seen = this.page.getByText(fits(this.look.language, text)).filter({ visible: true }).first();
    await seen.waitFor({ state: "visible" }).catch(async () => {
      throw new Error(`${this.place()} does not say ${text}: ${await this.text()}`);
    });
  }

  /** Fails when the page says this. */
  async doesNotSee(text) {
    const count = await this.page.getByText(fits(this.look.language, text)).filter({ visible: true }).count();
    must(count === 0, `${this.place()} says ${text}`);
  }

  /** Fails unless the form was refused for these reasons: a summary that leads to the fields, the title says so, nothing is lost. */
  async isRefused(reasons, kept = {}) {
    const summary = this.page.getByRole("alert");
    await summary.waitFor({ state: "visible" }).catch(async () => {
      throw new Error(`${this.place()} shows no problems: ${await this.text()}`);
    });
    const said = await summary.innerText();
    for (const reason of reasons) must(fits(this.look.language, reason).test(said), `the summary lacks ${reason}: ${said}`);
    const title = await this.page.title();
    must(fits(this.look.language, "common-error-prefix").test(title) || /错误/.test(title), `the title hides the problem: ${title}`);
    for (const link of await summary.getByRole("link").all()) {
      const target = (await link.getAttribute("href")).slice(1);
      must((await this.page.locator(`[id="${target}"]`).count()) === 1, `the summary leads to #${target}, which is not there`);
    }
    await this.finds(kept);
  }

  /** Loads the page again until it says this: for what a seller's system does in its own time. */
  async waitsFor(text, { tries = 60, pauseMs = 500 } = {}) {
    const wanted = fits(this.look.language, text);
    for (let count = 0; count < tries; count += 1) {
      if (await this.page.getByText(wanted).filter({ visible: true }).first().isVisible()) return;
      await new Promise((done) => setTimeout(done, pauseMs));
      await this.page.reload();
    }
    throw new Error(`${this.place()} never said ${text}: ${await this.text()}`);
  }

  /** The visible text of the page, cut to what fits into a message. */
  async text() {
    return (await this.page.locator("main").innerText().catch(() => "")).replace(/\s*\n\s*/g, " | ").slice(0, 900);
  }

  /** Keeps a picture of the page under this name. */
  async pictures(name) {
    await this.page.screenshot({ path: join(artefacts, `${name}.${nameOf(this.look)}.png`), fullPage: true });
  }

  /** Keeps who is signed in, so that others may look at pages as this person. */
  async keepsSession(name) {
    await this.context.storageState({ path: join(artefacts, `${name}.state.json`) });
    return name;
  }

  /** Ends, and fails when the browser complained on the way. */
  async leaves() {
    await this.context.close();
    must(this.complaints.length === 0, `the browser complained:\n${this.complaints.join("\n")}`);
  }
}
