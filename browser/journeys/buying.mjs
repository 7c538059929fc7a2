// Acts of buying: topping up, finding, ordering, waiting, opening.

import { must } from "../lib/checks.mjs";
import { fits } from "../lib/words.mjs";
import { provesAgain } from "./accounts.mjs";

/** The operator puts money on a customer's balance, after one wrong try. */
export async function topsUp(operator, organisation, amount) {
  await operator.goes("/operator/balances");
  await operator.follows(organisation);
  await operator.fills({ "customer-amount": "twelve", "customer-note": "Bank transfer 4711" });
  await operator.presses("customer-top-up");
  await operator.isRefused([], { "customer-amount": "twelve", "customer-note": "Bank transfer 4711" });
  await operator.fills({ "customer-amount": amount });
  await operator.presses("customer-top-up");
  await operator.doesNotSee("common-there-is-a-problem");
  return operator.place().split("/").pop();
}

/** The box to search with: with its script it is a combobox with suggestions. */
const searchBox = (page) => {
  const search = page.getByRole("search").filter({ visible: true }).first();
  return search.getByRole("searchbox").or(search.getByRole("combobox"));
};

/** Types how a name begins until suggestions stand under the box, and goes down to the first. */
export async function suggests(page, beginning) {
  const box = searchBox(page);
  await box.fill(beginning);
  const options = page.getByRole("listbox").getByRole("option");
  await options.first().waitFor({ state: "visible" });
  await box.press("ArrowDown");
  const chosen = options.and(page.locator("[aria-selected=true]"));
  must((await box.getAttribute("aria-activedescendant")) === (await chosen.getAttribute("id")), "the box names the suggestion it stands on");
  return chosen;
}

/** Opens the product from the suggestions, with nothing but the keyboard. */
export async function followsSuggestion(person, product) {
  await person.goes("/");
  const box = searchBox(person.page);
  await suggests(person.page, product.shown.slice(0, 2));
  await box.press("Escape");
  must((await person.page.getByRole("listbox").count()) === 0, "Escape closes the list");
  const chosen = await suggests(person.page, product.shown.toLowerCase());
  const name = await chosen.innerText();
  must(name === product.shown, `${product.shown} is suggested, not ${name}`);
  await box.press("Enter");
  await person.page.waitForURL(/\/products\//);
  await person.sees(product.shown);
}

/** Searches, narrows the results down by delivery method, and opens the product. */
export async function findsProduct(person, product) {
  await person.goes("/");
  const box = searchBox(person.page);
  await box.fill(product.search);
  await box.press("Enter");
  await person.page.waitForURL(/\/search/);
  await person.waitsFor(product.shown);
  if (person.look.width < 600) await person.page.getByRole("button", { name: fits(person.look.language, "search-filters") }).first().click();
  await person.fills({ "catalog-delivery-saas": true });
  await person.presses("search-show");
  must(new URL(person.page.url()).searchParams.get("delivery") === "saas", `the filter stands in the address: ${person.page.url()}`);
  await person.pictures("search");
  await person.follows(product.shown);
}

/** Chooses the second plan, sees the price change, and goes on to order. */
export async function choosesPlan(person, product) {
  const plan = product.plans.at(-1);
  await person.fills({ [product.shownPlan]: true, "catalog-period-month": true });
  if (person.javascript) await person.sees(plan.monthShown);
  await person.presses("product-update-price");
  await person.sees(plan.monthShown);
  await person.pictures("product");
  await person.presses("product-continue");
}

/** Accepts what has to be accepted, after one try without, and pays. */
export async function ordersAndPays(person) {
  await person.presses("checkout-button-pay");
  await person.isRefused([]);
  await person.fills({ "checkout-data-consent": true, "checkout-agreement-accept": true });
  await person.pictures("checkout");
  await person.presses("checkout-button-pay");
  must(person.place().startsWith("/my/orders/"), `after paying, the order is shown, not ${person.place()}: ${await person.text()}`);
  return person.place().split("/").pop();
}

/** Opens the app from My apps, with the password that is shown after the own one. */
export async function opensApp(person, shown) {
  await person.goes("/my/apps");
  await person.follows(shown);
  const id = person.place().split("/").pop();
  // The button's name goes on with what it reveals.
  const reveal = new RegExp(fits(person.look.language, "app-reveal").source);
  await person.presses(reveal);
  await provesAgain(person);
  const secret = person.page.locator("code.sk-secret");
  if ((await secret.count()) === 0) await person.presses(reveal);
  const password = (await secret.innerText()).trim();
  must(password.length > 3, "the first password is shown");
  await person.pictures("app-revealed");
  const facts = await person.page.locator("dl.sk-dl").first().innerText();
  const user = await factOf(person, "app-user-name");
  must(user.length > 0, `the user name is shown: ${facts}`);
  await person.follows("apps-open");
  await signsInAtSeller(person, user, password);
  return id;
}

async function factOf(person, key) {
  const term = person.page.locator("dt").filter({ hasText: fits(person.look.language, key) }).first();
  return (await term.locator("xpath=following-sibling::dd[1]").innerText()).split("\n")[0].trim();
}

/** The seller's own page, on another address: a real sign-in with what the seller's system made. */
async function signsInAtSeller(person, user, password) {
  const page = person.page;
  await page.waitForURL(/\/app\//);
  const fields = page.locator("input:not([type=hidden])");
  await fields.nth(0).fill(user);
  await fields.nth(1).fill(password);
  await page.locator("button").first().click();
  await page.waitForLoadState("load");
  must(!(await page.locator("input[type=password]").count()), `the seller's page did not let the user in: ${(await page.locator("body").innerText()).slice(0, 400)}`);
}
