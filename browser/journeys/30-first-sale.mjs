// The first sale from end to end, as seller, operator and customer: in English, without scripts, and in Chinese.

import { story } from "../lib/checks.mjs";
import { mailTo } from "../lib/market.mjs";
import { fits } from "../lib/words.mjs";
import { signsIn, signsUp } from "./accounts.mjs";
import { choosesPlan, findsProduct, followsSuggestion, opensApp, ordersAndPays, suggests, topsUp } from "./buying.mjs";
import { APPLICANT, CHINESE, ENGLISH, PLAIN } from "./cast.mjs";
import { approves, attachesReport, beginsDraft, fillsDraft, seesDraftSaveItself, sendsBack, submits } from "./releasing.mjs";
import { addsAddress, addsAddressOfVersionOne, appliesToSell, debugsAndSaves, decidesApplication, findsCases, findsNothingStored, mendsAndHandsIn, provesDomain, waitsForDecision, wasTold } from "./selling.mjs";

export async function walk(world) {
  for (const cast of world.options.quick ? [ENGLISH] : [ENGLISH, PLAIN, CHINESE]) await sale(world, cast);
}

async function sale(world, cast) {
  const { look, company, product, customer, javascript } = cast;
  const { market } = world;
  const options = { javascript };
  const { language } = look;
  const scene = { as: (who) => `${cast.slug}-${who}` };
  let seller, operator, buyer;
  await story(cast.title, [
    ["the seller signs up", async () => {
      seller = await signsUp(world, look, { organisation: company.name, name: company.contact, email: company.email }, options);
      await seller.keepsSession(scene.as("seller"));
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
      await provesDomain(seller, world.market.siteFolder);
    }],
    ["the five calls are debugged and saved as cases", async () => {
      await debugsAndSaves(seller);
      await seller.pictures("debugger");
      await findsCases(seller, 5);
    }],
    ["a draft is begun", async () => {
      scene.product = await beginsDraft(seller);
    }],
    ...(javascript ? [["it saves itself", () => seesDraftSaveItself(seller, scene.product, product)]] : []),
    ["every section is filled in, with a logo", () => fillsDraft(seller, scene.product, product, `${market.seller}/produce/${cast.slug}`)],
    ...(cast === ENGLISH ? [["a signed report of the debugging kit is attached", () => attachesReport(seller, scene.product, market, `${market.seller}/produce/${cast.slug}`)]] : []),
    ["it is submitted, and the saved cases pass once more", () => submits(seller, scene.product)],
    ["an older system is joined by version 1.0 of the protocol", async () => {
      scene.older = await addsAddressOfVersionOne(seller, `${market.seller}/older/${cast.slug}`, market.key);
    }],
    ...(cast === PLAIN ? [
      ["the operator sends it back with a reason", () => sendsBack(operator, product.name, "Say in the overview which banks you read.")],
      ["the seller reads the reason and submits again", async () => {
        await seller.goes(`/seller/products/${scene.product}`);
        await seller.sees("Say in the overview which banks you read.");
        await submits(seller, scene.product);
      }],
    ] : []),
    ["the operator reviews and approves it", async () => {
      scene.release = await approves(operator, cast.look.language === "zh" ? product.nameChinese : product.name, { report: cast === ENGLISH });
    }],
    ["a customer signs up, and the operator tops the balance up", async () => {
      buyer = await signsUp(world, look, { organisation: customer.organisation, name: customer.name, email: customer.email }, options);
      await buyer.keepsSession(scene.as("customer"));
      scene.customer = await topsUp(operator, customer.organisation, "500.00");
    }],
    ...(javascript ? [["the customer types how its name begins and follows the suggestion", () => followsSuggestion(buyer, product)]] : []),
    ["the customer searches, narrows it down, opens the product", async () => {
      await findsProduct(buyer, product);
      scene.slug = buyer.place().split("/").pop();
    }],
    ["a plan is chosen, and its price is held", () => choosesPlan(buyer, product)],
    ["it is ordered and paid", async () => {
      scene.checkout = new URL(buyer.page.url());
      // The seller's system takes its time, so that the way from paid to ready can be seen.
      if (cast === ENGLISH) market.setBehaviour("newInstance:slow*1");
      scene.order = await ordersAndPays(buyer);
      if (cast === ENGLISH) {
        await buyer.sees("order-news-processing");
        await buyer.pictures("order-processing");
      }
    }],
    ["it is set up", async () => {
      await buyer.waitsFor("order-news-completed");
      market.setBehaviour("");
      await buyer.pictures("order-completed");
    }],
    ["the customer is told, in the market and by mail", () => wasTold(buyer, customer.email, "notice-order-ready-subject")],
    ["the seller is told of the sale", async () => {
      await mailTo(market, company.email, fits(language, "notice-order-received-subject"));
    }],
    ["the seller reads the call that was made for it", async () => {
      await seller.goes("/seller/messages");
      await seller.follows("call-step-create");
      scene.call = seller.place().split("/").pop();
      await seller.sees("call-outcome-created");
    }],
    ["the app is opened with the first password", async () => {
      scene.app = await opensApp(buyer, product.shown);
    }],
    ...(cast === ENGLISH ? [
      ["another company applies and waits for the operator", async () => {
        const applicant = await signsUp(world, look, { organisation: APPLICANT.name, name: APPLICANT.contact, email: APPLICANT.email }, options);
        scene.waiting = await waitsForDecision(applicant, operator, APPLICANT);
        await applicant.keepsSession(scene.as("applicant"));
        await applicant.leaves();
      }],
      ["a call whose answer names a foreign instance waits for the operator", async () => {
        market.setBehaviour("newInstance:other-instance*1");
        await findsProduct(buyer, product);
        await choosesPlan(buyer, product);
        await ordersAndPays(buyer);
        await operator.goes("/operator/calls");
        await operator.waitsFor("call-state-parked");
        market.setBehaviour("");
        await operator.follows("call-step-create");
        scene.parked = operator.place().split("/").pop();
      }],
    ] : []),
    ["the mail sink shows the mails to people", async () => {
      await operator.goes(market.mails);
      await operator.sees(customer.email);
    }],
    ["the browsers did not complain", async () => {
      await operator.keepsSession("operator");
      await seller.leaves();
      await operator.leaves();
      await buyer.leaves();
    }],
  ]);
  if (cast !== ENGLISH) return;
  world.facts.sale = { product: scene.product, app: scene.app, seller: scene.as("seller") };
  pages(world, scene);
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
  const older = { id: scene.older ?? "none" };
  routes.visit("/seller/addresses/{id}", { as: seller, values: older, state: "version one" });
  routes.visit("/seller/addresses/{id}", { as: seller, values: older, state: "protocol kept", act: (page) => keepsProtocol(page) });
  routes.visit(debuggerOf, { as: seller, values: older, state: "version one sent", act: (page) => sends(page, "send") });
  routes.visit(debuggerOf, { as: seller, values: older, state: "version one generated", act: (page) => sends(page, "generate") });
  routes.visit("/seller/addresses", { as: seller, state: "refused", act: (page) => sendsEmpty(page, 'form[action="/seller/addresses"]') });
  routes.visit("/seller/application", { as: "accounts", state: "form" });
  routes.visit("/seller/application", { as: "accounts", state: "refused", act: (page) => sendsEmpty(page, 'form[action="/seller/application"]') });
  productPages(routes, scene);
  routes.visit("/operator/interfaces", { as: "operator" });
  routes.visit("/operator/interfaces/{id}", { as: "operator", values: { id: scene.product ?? "none" } });
  routes.excuse("/seller/addresses/{id}/proof-file", "a text file; the journey puts its text at the root of the seller's site");
  routes.visit("/operator/applications", { as: "operator" });
  routes.visit("/operator/applications/{id}", { as: "operator", values: { id: scene.application ?? "none" } });
  const waiting = { id: scene.waiting ?? "none" };
  routes.visit("/operator/applications/{id}", { as: "operator", values: waiting, state: "waiting" });
  routes.visit("/operator/applications/{id}", { as: "operator", values: waiting, state: "refused", act: (page) => sendsNoReason(page) });
  routes.visit("/seller/application", { as: scene.as("applicant"), state: "waiting" });
  for (const code of ["seller_terms", "cooperation_rules", "privacy_statement"]) {
    routes.visit("/agreements/{code}/{version}", { values: { code, version: "1" }, state: code });
  }
  routes.excuse("/seller/application/licence", "a file to be saved; the application's page shows it");
  routes.excuse("/operator/applications/{id}/licence", "a file to be saved; the application's page shows it");
}

async function keepsProtocol(page) {
  await page.locator('form[action$="/protocol"] input[value="v2"]').check();
  await page.locator('form[action$="/protocol"] button').click();
  await page.locator(".sk-errors").first().waitFor();
}

async function sends(page, act) {
  await page.locator(`button[name="act"][value="${act}"]`).click();
  await page.locator("figure.sk-code").first().waitFor();
}

async function sendsNoReason(page) {
  await page.locator('button[name="act"][value="reject"]').click();
  await page.getByRole("alert").waitFor();
}

async function sendsEmpty(page, form) {
  await page.locator(`${form} button[type="submit"]`).first().click();
  await page.getByRole("alert").waitFor();
}

/** What the product and its sale have brought about. */
function productPages(routes, scene) {
  const [seller, customer] = [scene.as("seller"), scene.as("customer")];
  const none = "none";
  routes.visit("/");
  routes.visit("/search");
  routes.visit("/search", { state: "filtered", query: "?q=backup&delivery=saas" });
  routes.visit("/search", { state: "nothing", query: "?q=zeppelin&delivery=licence" });
  routes.visit("/search", { state: "suggestions", act: (page) => suggests(page, "gra") });
  routes.visit("/search", { state: "filters", act: openFilters });
  routes.visit("/products/{slug}", { values: { slug: scene.slug ?? none } });
  const product = { id: scene.product ?? none };
  routes.visit("/seller/products", { as: seller });
  routes.visit("/seller/products", { as: "chenghai-seller", state: "second" });
  routes.visit("/seller/products/{id}", { as: seller, values: product });
  routes.visit("/seller/products/{id}/preview", { as: seller, values: product });
  for (const section of ["basics", "details", "delivery", "specifications", "agreement", "visibility"]) {
    routes.visit("/seller/products/{id}/{section}", { as: seller, values: { ...product, section }, state: section });
  }
  routes.visit("/operator/releases", { as: "operator" });
  routes.visit("/operator/releases/{id}", { as: "operator", values: { id: scene.release ?? none } });
  routes.excuse("/products/{slug}/price", "a part of a page, for htmx; the product page shows it");
  routes.excuse("/seller/products/{id}/report", "the file as it was attached; the draft's page shows it");
  routes.excuse("/operator/releases/{id}/report", "the file as it was attached; the release's page shows it");
  routes.excuse("/images/{name}", "a file");
  routes.excuse("/sitemap.xml", "for search engines");
  routes.excuse("/robots.txt", "for search engines");
  if (scene.checkout) routes.visit("/checkout", { as: customer, path: scene.checkout.pathname + scene.checkout.search });
  routes.visit("/my/apps", { as: customer });
  routes.visit("/my/apps", { as: "accounts", state: "empty" });
  routes.visit("/my/apps/{id}", { as: customer, values: { id: scene.app ?? none } });
  routes.visit("/my/apps/{id}/password", { as: customer, values: { id: scene.app ?? none } });
  routes.visit("/my/orders", { as: customer });
  routes.visit("/my/orders", { as: "accounts", state: "empty" });
  routes.visit("/my/orders/{number}", { as: customer, values: { number: scene.order ?? none } });
  routes.visit("/my/balance", { as: customer });
  routes.visit("/my/balance", { as: "accounts", state: "empty" });
  routes.visit("/seller/orders", { as: seller });
  routes.visit("/seller/orders/{number}", { as: seller, values: { number: scene.order ?? none } });
  routes.visit("/seller/messages", { as: seller });
  routes.visit("/seller/usage", { as: seller });
  routes.visit("/seller/usage", { as: seller, query: "?state=rejected", state: "filtered" });
  routes.visit("/seller/messages/{id}", { as: seller, values: { id: scene.call ?? none } });
  routes.visit("/operator/calls/{id}", { as: "operator", values: { id: scene.call ?? none } });
  routes.visit("/operator", { as: "operator" });
  routes.visit("/operator/orders", { as: "operator" });
  routes.visit("/operator/orders/{number}", { as: "operator", values: { number: scene.order ?? none } });
  routes.visit("/operator/calls", { as: "operator" });
  routes.visit("/operator/jobs", { as: "operator", act: (page) => page.locator('form[action$="/restart"]').first().waitFor() });
  routes.visit("/operator/calls/{id}", { as: "operator", values: { id: scene.parked ?? none }, state: "waiting" });
  routes.visit("/seller/messages/{id}", { as: seller, values: { id: scene.parked ?? none }, state: "waiting" });
  routes.visit("/operator/balances", { as: "operator" });
  routes.visit("/operator/balances/{id}", { as: "operator", values: { id: scene.customer ?? none } });
  routes.visit("/operator/ledger", { as: "operator" });
}

async function openFilters(page, look) {
  if (look.width < 600) await page.locator('button[popovertarget="filters"]').filter({ visible: true }).first().click();
}
