// The main journeys without a mouse: buying, opening the app, reviewing. Every stop of the focus is looked at, and pages with
// much on them are walked around once.

import { must, same, story } from "../lib/checks.mjs";
import { Keyboard, isOn } from "../lib/keyboard.mjs";
import { Person } from "../lib/person.mjs";
import { fits, fitsWhole } from "../lib/words.mjs";
import { stateFile } from "../lib/places.mjs";
import { PASSWORD } from "./accounts.mjs";
import { ENGLISH } from "./cast.mjs";
import { submits, waitsForReview } from "./releasing.mjs";

const LOOK = { language: "en", theme: "light", width: 1280 };
const NARROW = { language: "en", theme: "dark", width: 360 };

export async function walk(world) {
  const sale = world.facts.sale;
  if (!sale) return;
  await buying(world, sale);
  await reviewing(world, sale);
  await narrow(world);
}

const button = (page, key) => page.getByRole("button", { name: fits(LOOK.language, key) });
const link = (page, key) => page.getByRole("link", { name: fits(LOOK.language, key) });

async function buying({ browser, market }, sale) {
  const { product, customer } = ENGLISH;
  let person, keys, page;
  await story("keyboard only: buying", [
    ["the skip link leads past the navigation", async () => {
      person = await Person.open(browser, market, LOOK);
      ({ page } = person);
      keys = new Keyboard(person);
      await person.goes("/search");
      await keys.press("Tab");
      await keys.looks();
      must(await isOn(link(page, "common-skip-to-main")), "the first stop is the skip link");
      await keys.press("Enter");
      await keys.press("Tab");
      must(await isOn(page.locator("#main *")), "the next stop is in the main part");
    }],
    ["signing in", async () => {
      await person.goes("/sign-in");
      await keys.tabsTo(person.field("identity-email"), "the address");
      await keys.types(customer.email);
      await keys.tabsTo(person.field("identity-password"), "the password");
      await keys.types(PASSWORD);
      await keys.leaves(person.field("identity-password"), "the password");
      same(person.place(), "/", "where a customer arrives");
    }],
    ["the home page is walked around", async () => {
      await person.goes("/");
      await keys.walksAround();
    }],
    ["the account menu opens, closes and gives the focus back", async () => {
      const menu = page.locator("summary").filter({ hasText: customer.name });
      await keys.tabsTo(menu, "the account menu");
      await keys.press("Enter");
      await keys.press("Tab");
      await keys.looks();
      must(await isOn(page.locator("details.sk-drop a, details.sk-drop button")), "the menu is entered");
      await keys.press("Escape");
      must(await isOn(menu), "the focus is back at the menu");
      same(await page.locator("details.sk-drop[open]").count(), 0, "open menus");
    }],
    ["searching and narrowing down", async () => {
      await person.goes("/");
      const box = page.locator("#q");
      await keys.tabsTo(box, "the search box");
      await keys.types(product.search);
      await keys.press("Escape"); // suggestions, if there are any
      must(await isOn(box), "Escape stays in the search box");
      await keys.leaves(box, "the search box");
      await person.sees(product.shown);
      await keys.tabsTo(person.field("catalog-delivery-saas"), "a filter");
      await keys.press("Space");
      await keys.leaves(button(page, "search-show"), "the filters' button");
      same(new URL(page.url()).searchParams.get("delivery"), "saas", "the filter in the address");
      await keys.walksAround();
      await keys.leaves(page.getByRole("main").getByRole("link", { name: product.shown }), "the product");
    }],
    ["a plan is chosen with the arrows, and its price follows", async () => {
      await keys.walksAround();
      await keys.tabsTo(page.locator('input[type=radio]').first(), "the plans");
      await keys.press("ArrowDown");
      await keys.looks();
      must(await person.field(product.shownPlan).isChecked(), "the arrow chooses the next plan");
      await person.sees(product.plans.at(-1).monthShown);
      await page.waitForLoadState("networkidle");
      await keys.leaves(button(page, "product-continue"), "the order");
    }],
    ["ordering and paying", async () => {
      await keys.walksAround();
      for (const consent of ["checkout-data-consent", "checkout-agreement-accept"]) {
        await keys.tabsTo(person.field(consent), consent);
        await keys.press("Space");
      }
      await keys.leaves(button(page, "checkout-button-pay"), "the button that pays");
      must(person.place().startsWith("/my/orders/"), `after paying, the order is shown, not ${person.place()}`);
      await person.waitsFor("order-news-completed");
      await keys.walksAround();
    }],
    ["the app's first password is revealed", async () => {
      await person.goes(`/my/apps/${sale.app}`);
      await keys.walksAround();
      await keys.leaves(button(page, "app-reveal"), "the button that reveals");
      if (person.place() === "/account/confirm") {
        await keys.tabsTo(person.field("identity-password"), "the own password");
        await keys.types(PASSWORD);
        await keys.leaves(person.field("identity-password"), "the own password");
      }
      if ((await page.locator("code.sk-secret").count()) === 0) await keys.leaves(button(page, "app-reveal"), "the button that reveals");
      must((await page.locator("code.sk-secret").innerText()).length > 3, "the password is shown");
    }],
    ["the browser did not complain", () => person.leaves()],
  ]);
}

async function reviewing({ browser, market, routes }, sale) {
  let person, keys, page;
  const list = () => page.locator("#keys");
  await story("keyboard only: reviewing", [
    ["a seller changes the product", async () => {
      const seller = await Person.open(browser, market, LOOK, { storageState: stateFile(sale.seller) });
      await seller.goes(`/seller/products/${sale.product}/basics`);
      await seller.fills({ "catalog-field-overview-en": "Hourly database backups. A person opens one copy each week." });
      await seller.presses("catalog-save-next");
      await submits(seller, sale.product, "catalog-submit-changes");
      await seller.leaves();
    }],
    ["the queue is stepped through with letters, which can be switched off", async () => {
      person = await Person.open(browser, market, LOOK, { storageState: stateFile("operator") });
      // Another journey may have left the operator's session in Chinese.
      await person.context.addCookies([{ name: "language", value: LOOK.language, url: market.base }]);
      ({ page } = person);
      keys = new Keyboard(person);
      await person.goes("/operator/releases");
      await keys.walksAround();
      const row = page.getByRole("rowheader").getByRole("link").first();
      await keys.tabsTo(button(page, "keys-title"), "the list of keys");
      await keys.press("Enter");
      await list().waitFor({ state: "visible" });
      await keys.looks();
      must(await isOn(list().locator("*")), "the focus is in the dialog");
      await keys.tabsTo(list().getByRole("switch"), "the switch");
      await keys.press("Space");
      await keys.press("Escape");
      await list().waitFor({ state: "hidden" });
      must(await isOn(button(page, "keys-title")), "the focus is back at the button");
      await keys.press("j");
      must(!(await isOn(row)), "a letter that is switched off does nothing");
      await keys.press("?");
      await list().waitFor({ state: "visible" });
      await keys.tabsTo(list().getByRole("switch"), "the switch");
      await keys.press("Space");
      await keys.press("Escape");
      await keys.press("j");
      await keys.looks();
      must(await isOn(row), "j goes to the first submission");
      await keys.leaves(row, "the submission");
    }],
    ["letters choose, and are letters while somebody types", async () => {
      await keys.walksAround();
      await keys.press("e");
      await keys.looks();
      const reason = page.getByRole("textbox", { name: fits(LOOK.language, "review-field-reason") }).first();
      must(await isOn(reason), "e goes to the reason of a field");
      await keys.types("rare jar?");
      same(await reason.inputValue(), "rare jar?", "what was typed");
      must(!(await list().isVisible()), "typing a question mark opens nothing");
      await keys.press("Tab");
      await keys.press("r");
      must(await person.field("review-return").isChecked(), "r chooses to send back");
      await keys.press("a");
      must(await person.field("review-approve").isChecked(), "a chooses to approve");
    }],
    ["the decision is pressed", async () => {
      await keys.leaves(page.getByRole("button", { name: fitsWhole(LOOK.language, "review-decide") }), "the decision");
      await person.sees("review-approved");
    }],
    ["another change waits for the operator, to be looked at", async () => {
      const seller = await Person.open(browser, market, LOOK, { storageState: stateFile(sale.seller) });
      const change = await waitsForReview(seller, person, sale.product, ENGLISH.product);
      routes.visit("/operator/releases/{id}", { as: "operator", values: { id: change }, state: "waiting" });
      await seller.leaves();
    }],
    ["the browser did not complain", () => person.leaves()],
  ]);
}

async function narrow({ browser, market }) {
  let person, keys, page;
  await story("keyboard only: narrow windows", [
    ["the filters open, and give the focus back", async () => {
      person = await Person.open(browser, market, NARROW, { storageState: stateFile("operator") });
      ({ page } = person);
      keys = new Keyboard(person);
      await person.goes("/search");
      await opensAndCloses(keys, page.locator('button[popovertarget="filters"]').last(), page.locator("#filters"));
      await keys.walksAround();
    }],
    ["the navigation opens, and gives the focus back", async () => {
      await person.goes("/operator/orders");
      await opensAndCloses(keys, page.locator('button[popovertarget="side"]'), page.locator("#side"));
      await keys.walksAround();
    }],
    ["the browser did not complain", () => person.leaves()],
  ]);
}

async function opensAndCloses(keys, opener, drawer) {
  await keys.tabsTo(opener.filter({ visible: true }), "the button");
  await keys.press("Enter");
  await drawer.waitFor({ state: "visible" });
  await keys.press("Tab");
  await keys.looks();
  must(await isOn(drawer.locator("*")), "Tab goes into what was opened");
  await keys.press("Escape");
  await drawer.waitFor({ state: "hidden" });
  must(await isOn(opener), "the focus is back at the button");
}
