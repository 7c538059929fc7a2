// Acts of releasing a product: the draft that saves itself, the logo, the prices, submission, review.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { must, same } from "../lib/checks.mjs";
import { program } from "../lib/places.mjs";
import { fits } from "../lib/words.mjs";

/** Begins a draft, and answers its id. */
export async function beginsDraft(person) {
  await person.goes("/seller/products");
  await person.presses("catalog-products-new");
  const id = person.place().split("/")[3];
  must(id, `a draft has a page of its own, not ${person.place()}`);
  return id;
}

/** A field that is left is saved by itself, and is there in another window. */
export async function seesDraftSaveItself(person, id, product) {
  await person.goes(`/seller/products/${id}/basics`);
  const stored = person.page.waitForResponse((response) => response.url().endsWith(`/seller/products/${id}/basics/draft`));
  await person.fills({ "catalog-field-name-en": product.name });
  same((await stored).status(), 200, "the answer to what was typed");
  const saved = person.page.locator("[data-autosave-status]");
  await saved.filter({ hasText: fits(person.look.language, "common-saved-at") }).waitFor();
  const window = await person.context.newPage();
  await window.goto(person.page.url());
  const other = await window.getByLabel(fits(person.look.language, "catalog-field-name-en")).first().inputValue();
  await window.close();
  same(other, product.name, "the name in another window");
}

/** Fills every section in, with the logo, and sees that nothing is missing. */
export async function fillsDraft(person, id, product, addressUrl) {
  const base = `/seller/products/${id}`;
  await person.goes(`${base}/basics`);
  await person.fills({ "catalog-field-logo": { name: "logo.png", mimeType: "image/png", buffer: await drawsLogo(person, product) } });
  await person.presses("catalog-field-logo-upload");
  await person.goes(`${base}/basics`);
  await person.fills({
    "catalog-field-name-en": product.name,
    "catalog-field-name-zh": product.nameChinese,
    "catalog-field-version": "V1.0",
    "catalog-field-category": product.category,
    "catalog-field-overview-en": product.summary,
    "catalog-field-overview-zh": product.summaryChinese,
    "catalog-field-highlights-en": product.highlights,
    "catalog-field-highlights-zh": product.highlightsChinese,
  });
  await person.presses("catalog-save-next");
  await person.goes(`${base}/details`);
  await person.fills({
    "catalog-field-description-en": product.description,
    "catalog-field-description-zh": product.descriptionChinese,
    "catalog-field-guide-en": "Open the address from My apps, sign in with the user name and the first password, and choose a new password.",
    "catalog-field-guide-zh": "在“我的应用”中打开地址，用用户名和初始密码登录，然后设置新密码。",
  });
  await person.presses("catalog-save-next");
  await person.goes(`${base}/delivery`);
  await person.fills({ "catalog-field-supervision-none": true, [addressUrl]: true, "catalog-personal-email": true });
  await person.presses("catalog-save-next");
  await fillsPlans(person, base, product.plans);
  await person.goes(`${base}/agreement`);
  await person.fills({
    "catalog-field-agreement-en": "You may use the service as long as you pay for it. We keep your data in the region that you choose and delete it 30 days after the end.",
    "catalog-field-agreement-zh": "付费期间您可以使用本服务。数据保存在您选择的区域，服务结束30天后删除。",
    "catalog-field-support-email": product.supportEmail,
    "catalog-field-support-phone": "+65 6123 4567",
    "catalog-field-support-hours-en": "Monday to Friday, 08:00 to 20:00 (UTC+8)",
    "catalog-field-support-hours-zh": "周一至周五 8:00至20:00（UTC+8）",
  });
  await person.presses("catalog-save-next");
  await person.goes(`${base}/visibility`);
  await person.fills({ "catalog-field-visibility-public": true });
  await person.presses("catalog-save-next");
  await person.goes(base);
}

async function fillsPlans(person, base, plans) {
  for (const [index, plan] of plans.entries()) {
    await person.goes(`${base}/specifications`);
    await person.presses("catalog-specification-add");
    await person.goes(`${base}/specifications`);
    const part = person.page.getByRole("main").locator("section.sk-card").nth(index);
    await person.fills({
      "catalog-specification-name-en": plan.name,
      "catalog-specification-name-zh": plan.nameChinese,
      "catalog-specification-summary-en": plan.summary,
      "catalog-specification-summary-zh": plan.summaryChinese,
      "catalog-specification-month": plan.month,
      "catalog-specification-year": plan.year,
      ...(plan.trialDays ? { "catalog-specification-trial-days": plan.trialDays } : {}),
    }, part);
    await part.getByRole("button", { name: fits(person.look.language, "catalog-save") }).first().click();
    await person.page.waitForLoadState("load");
  }
}

/** Runs the debugging kit against the own system, and attaches the report that it signed. */
export async function attachesReport(person, id, market, address) {
  const report = join(market.folder, "report.json");
  const kit = ["debug", address, "--key-file", market.keyFile, "--allow-loopback", "--report", report];
  execFileSync(program, kit, { stdio: "pipe", env: { ...process.env, SOUK_REPORT_KEY: join(market.folder, "report-key") } });
  await person.goes(`/seller/products/${id}`);
  await person.fills({ "report-field": { name: "report.json", mimeType: "application/json", buffer: readFileSync(report) } });
  await person.presses("report-attach");
  await person.sees("report-signature-good");
  await person.sees(address);
}

/** Submits the draft; the saved cases are called again by this. */
export async function submits(person, id, button = "catalog-submit") {
  await person.goes(`/seller/products/${id}`);
  await person.pictures("draft-ready");
  await person.presses(button);
  await person.sees("catalog-pending-title");
}

/** Changes what is on sale and submits the change; nobody decides it. Answers its id, as the operator meets it. */
export async function waitsForReview(person, operator, id, product) {
  await person.goes(`/seller/products/${id}/basics`);
  await person.fills({ "catalog-field-version": "V1.1", "catalog-field-overview-en": `${product.summary} Now twice a day.` });
  await person.presses("catalog-save-next");
  await submits(person, id, "catalog-submit-changes");
  await operator.goes("/operator/releases");
  await operator.follows(product.name);
  return operator.place().split("/").pop();
}

/** Looks at the submission, claims it, and sends it back with reasons. */
export async function sendsBack(operator, name, reason) {
  await operator.goes("/operator/releases");
  await operator.follows(name);
  const id = operator.place().split("/").pop();
  await operator.presses("review-claim");
  await operator.fills({ "review-return": true });
  await operator.presses("review-decide");
  must(operator.place() !== "/operator/releases", "a release goes back with reasons only");
  await operator.fills({ "review-return": true, "review-note": reason });
  await operator.presses("review-decide");
  await operator.sees("review-returned");
  return id;
}

/** Looks at the submission, with the report of the debugging kit where one is attached, and approves it. Answers its id. */
export async function approves(operator, name, { report = false } = {}) {
  await operator.goes("/operator/releases");
  await operator.follows(name);
  const id = operator.place().split("/").pop();
  if (report) await operator.sees("report-signature-good");
  await operator.pictures("review");
  await operator.fills({ "review-approve": true });
  await operator.presses("review-decide");
  await operator.sees("review-approved");
  return id;
}

/** The product's own mark on its own ground, large enough for a logo. */
async function drawsLogo(person, { logo }) {
  const browser = person.context.browser();
  const page = await browser.newPage({ viewport: { width: 240, height: 240 } });
  const ground = `<rect width="120" height="120" rx="26" fill="${logo.ground}"/>`;
  await page.setContent(`<body style="margin:0"><svg width="240" height="240" viewBox="0 0 120 120">${ground}${logo.mark}</svg>`);
  const buffer = await page.screenshot({ omitBackground: true });
  await page.close();
  return buffer;
}
