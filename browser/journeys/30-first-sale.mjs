// The first sale from end to end, as seller, operator and customer: in English, without scripts, and in Chinese.

import { story } from "../lib/checks.mjs";
import { signsIn, signsUp } from "./accounts.mjs";
import { CHINESE, ENGLISH, PLAIN } from "./cast.mjs";
import { addsAddress, appliesToSell, debugsAndSaves, decidesApplication, findsCases, findsNothingStored, mendsAndHandsIn, wasTold } from "./selling.mjs";

export async function walk(world) {
  for (const cast of [ENGLISH, PLAIN, CHINESE]) await sale(world, cast);
}

async function sale(world, cast) {
  const { look, company, javascript } = cast;
  const options = { javascript };
  const { language } = look;
  const scene = { as: (who) => `${cast.slug}-${who}` };
  let seller, operator;
  await story(cast.title, [
    ["the seller signs up", async () => {
      seller = await signsUp(world, look, { organisation: company.name, name: company.contact, email: company.email }, options);
    }],
    ["an application with a wrong field comes back as typed", () => appliesToSell(seller, company)],
    ...(javascript ? [] : [["nothing of it is stored", () => findsNothingStored(seller)], ["it is typed again", () => appliesToSell(seller, company)]]),
    ["mended, it is handed in", async () => {
      await mendsAndHandsIn(seller, company);
      await seller.pictures("application-pending");
    }],
    ["the operator finds it and approves", async () => {
      operator = await signsIn(world, { ...look }, world.operator.email, options);
      await operator.context.addCookies([{ name: "language", value: language, url: world.market.base }]);
      await decidesApplication(operator, company);
      scene.application = operator.application.split("/").pop();
    }],
    ["the seller is told, in the market and by mail", () => wasTold(seller, company.email, "notice-seller-application-approved-subject")],
    ["the seller adds the address of the own system", async () => {
      scene.address = await addsAddress(seller, `${world.market.seller}/produce/${cast.slug}`, world.market.key);
    }],
    ["the five calls are debugged and saved as cases", async () => {
      await debugsAndSaves(seller);
      await seller.pictures("debugger");
      await findsCases(seller, 5);
    }],
    ["the browsers did not complain", async () => {
      await seller.keepsSession(scene.as("seller"));
      await operator.keepsSession("operator");
      await seller.leaves();
      await operator.leaves();
    }],
  ]);
  if (cast === ENGLISH) pages(world, scene);
}

/** Every page that the sale has brought about, as somebody who may see it. */
function pages({ routes }, scene) {
  const seller = scene.as("seller");
  const debuggerOf = "/seller/debugger/{id}";
  const values = { id: scene.address ?? "none" };
  for (const route of ["/seller", "/seller/application", "/seller/addresses", "/seller/cases"]) routes.visit(route, { as: seller });
  routes.visit("/seller/addresses/{id}", { as: seller, values });
  routes.visit("/seller/debugger", { as: seller });
  routes.visit(debuggerOf, { as: seller, values });
  routes.visit(debuggerOf, { as: seller, values, state: "sent", act: (page) => sends(page, "send") });
  routes.visit(debuggerOf, { as: seller, values, state: "generated", act: (page) => sends(page, "generate") });
  routes.visit("/seller/addresses", { as: seller, state: "refused", act: (page) => submits(page, 'form[action="/seller/addresses"]') });
  routes.visit("/seller/application", { as: "accounts", state: "form" });
  routes.visit("/seller/application", { as: "accounts", state: "refused", act: (page) => submits(page, 'form[action="/seller/application"]') });
  routes.visit("/operator/applications", { as: "operator" });
  routes.visit("/operator/applications/{id}", { as: "operator", values: { id: scene.application ?? "none" } });
}

async function sends(page, act) {
  await page.locator(`button[name="act"][value="${act}"]`).click();
  await page.locator("figure.sk-code").first().waitFor();
}

async function submits(page, form) {
  await page.locator(`${form} button[type="submit"]`).first().click();
  await page.getByRole("alert").waitFor();
}
