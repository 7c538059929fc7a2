// Everything about accounts: members and their invitations, access keys, sessions, password, language and theme.

import { must, same, story } from "../lib/checks.mjs";
import { Person } from "../lib/person.mjs";
import { PASSWORD, provesAgain, signsIn, signsUp } from "./accounts.mjs";

const LOOK = { language: "en", theme: "light", width: 1280 };
const NEW_PASSWORD = "five camels carry salt";

export async function walk(world) {
  const { browser, market, routes } = world;
  let person, colleague, invitation;
  await story("accounts", [
    ["a person signs up, after one wrong try", async () => {
      person = await signsUp(world, LOOK, { organisation: "Lanternworks", name: "Mira Okafor", email: "mira@lanternworks.example" });
      await person.keepsSession("accounts");
    }],
    ["an address is taken once only", async () => {
      const other = await Person.open(browser, market, LOOK);
      await other.goes("/sign-up");
      await other.fills({ "identity-organisation-name": "Other", "identity-name": "Other", "identity-email": "mira@lanternworks.example", "identity-password": PASSWORD });
      await other.presses("identity-sign-up-button");
      await other.isRefused(["problem-email-taken"], { "identity-organisation-name": "Other" });
      await other.leaves();
    }],
    ["a wrong password opens nothing and says so", async () => {
      const other = await Person.open(browser, market, LOOK);
      await other.goes("/account");
      same(other.place(), "/sign-in", "who is not signed in is asked to");
      await other.fills({ "identity-email": "mira@lanternworks.example", "identity-password": "not this one" });
      await other.presses("identity-sign-in-button");
      await other.isRefused(["problem-sign-in-failed"], { "identity-email": "mira@lanternworks.example" });
      await other.fills({ "identity-password": PASSWORD });
      await other.presses("identity-sign-in-button");
      same(other.place(), "/account", "back where the person wanted to go");
      await other.leaves();
    }],
    ["an invitation brings a colleague in, once", async () => {
      await person.goes("/account/members");
      await person.fills({ "identity-people-invite-name": "Jon Bell", "identity-email": "jon@lanternworks.example", "identity-role-member": true });
      await person.presses("identity-people-invite-button");
      await person.sees("identity-people-link-title");
      invitation = (await person.page.locator("main").innerText()).match(/https?:\/\/\S+\/invitation\S+/)[0];
      colleague = await Person.open(browser, market, { ...LOOK, width: 360 });
      await colleague.goes(invitation);
      await colleague.fills({ "identity-name": "Jon Bell", "identity-password": PASSWORD }).catch(() => colleague.fills({ "identity-password": PASSWORD }));
      await colleague.presses("identity-invitation-button");
      await colleague.goes("/account");
      await colleague.sees("Lanternworks");
      const answer = await colleague.goes(invitation);
      must(answer.status() >= 400, "a used invitation is refused");
      await colleague.leaves();
    }],
    ["a second invitation stays open, and is withdrawn or renewed", async () => {
      await person.goes("/account/members");
      await person.fills({ "identity-people-invite-name": "Wen Li", "identity-email": "wen@lanternworks.example", "identity-role-viewer": true });
      await person.presses("identity-people-invite-button");
      const link = (await person.page.locator("main").innerText()).match(/https?:\/\/\S+\/invitation\S+/)[0];
      world.facts.invitation = new URL(link);
      await person.follows("identity-people-back");
      await person.sees("Wen Li");
    }],
    ["an access key is shown once", async () => {
      await person.goes("/account/keys");
      await person.sees("identity-keys-empty-title");
      await person.fills({ "identity-keys-name": "nightly import" });
      await person.presses("identity-keys-make");
      await person.sees("identity-keys-made-title");
      await person.follows("identity-keys-back");
      await person.sees("nightly import");
    }],
    ["the theme and the language are switched in the page, and stay", async () => {
      await person.presses("common-theme-dark");
      same(await person.page.locator("html").getAttribute("data-bs-theme"), "dark", "the theme of the page");
      await person.goes("/");
      same(await person.page.locator("html").getAttribute("data-bs-theme"), "dark", "the theme of the next page");
      await person.presses("common-theme-system");
      await person.presses("中文");
      same(await person.page.locator("html").getAttribute("lang"), "zh-CN", "the language of the page");
      await person.presses("English");
    }],
    ["a new password ends the other sessions", async () => {
      await person.goes("/account/password");
      await person.fills({ "identity-current-password": "not this one", "identity-new-password": NEW_PASSWORD });
      await person.presses("identity-password-button");
      await person.isRefused(["problem-password-wrong"]);
      await person.fills({ "identity-current-password": PASSWORD, "identity-new-password": NEW_PASSWORD });
      await person.presses("identity-password-button");
      await person.sees("identity-password-changed");
      await person.fills({ "identity-current-password": NEW_PASSWORD, "identity-new-password": PASSWORD });
      await person.presses("identity-password-button");
      await person.sees("identity-password-changed");
    }],
    ["a second session is listed and ended", async () => {
      const second = await signsIn(world, LOOK, "mira@lanternworks.example");
      await person.goes("/account/sessions");
      await person.presses("identity-sessions-end-others");
      await provesAgain(person);
      await second.goes("/account");
      same(second.place(), "/sign-in", "an ended session opens nothing");
      await second.leaves();
    }],
    ["signing out ends it", async () => {
      const other = await signsIn(world, LOOK, "mira@lanternworks.example");
      await other.page.locator("summary").filter({ hasText: "Mira" }).click();
      await other.presses("common-sign-out");
      await other.goes("/account");
      same(other.place(), "/sign-in", "who signed out is asked to sign in");
      await other.leaves();
    }],
    ["the browser did not complain", async () => {
      await person.keepsSession("accounts");
      await person.leaves();
    }],
  ]);
  pages(routes, world);
}

function pages(routes, world) {
  routes.visit("/sign-up");
  routes.visit("/sign-up", { state: "refused", act: (page) => page.getByRole("main").getByRole("button").first().click().then(() => page.getByRole("alert").waitFor()) });
  routes.visit("/sign-in");
  const { pathname, search } = world.facts.invitation ?? { pathname: "/invitation", search: "" };
  routes.visit("/invitation", { path: pathname + search });
  for (const route of ["/account", "/account/confirm", "/account/password", "/account/sessions", "/account/members", "/account/keys", "/notices"]) {
    routes.visit(route, { as: "accounts" });
  }
  routes.visit("/account", { as: "accounts", state: "menu", act: openMenu });
  routes.visit("/account/keys", { as: "accounts", state: "refused", act: (page) => page.getByRole("main").locator("form").last().getByRole("button").click().then(() => page.getByRole("alert").waitFor()) });
  routes.excuse("/notices/{id}", "it only leads on to what the notice is about; wasTold follows one");
  routes.visit("/help");
  routes.visit("/api");
}

/** Opens what is behind the account name, and on narrow screens the side navigation too. */
async function openMenu(page, look) {
  if (look.width < 600) {
    await page.locator("button[popovertarget]").click();
    return;
  }
  await page.locator("details.sk-drop > summary").last().click();
}
