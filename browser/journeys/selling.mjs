// Acts of becoming a seller: the application and its review, the interface address, the five debugged calls.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { must, same } from "../lib/checks.mjs";
import { mailTo } from "../lib/market.mjs";
import { root } from "../lib/places.mjs";
import { fits, say } from "../lib/words.mjs";

/** The calls of the protocol in the order of a subscription's life. */
const ACTIVITIES = ["newinstance", "queryinstance", "refreshinstance", "updateinstancestatus", "releaseinstance"];

/** Fills the application in with one wrong field, sees what is said, mends it and hands it in. */
export async function appliesToSell(person, company) {
  await person.goes("/seller/application");
  await person.fills({
    "selling-field-company-name": company.name,
    "selling-field-website": "not an address",
    "selling-field-years-in-business": "3-5",
    "selling-field-employees": "5-49",
    "selling-field-registered-capital": "SGD 500,000",
    "selling-field-licence-number": "201912345K",
    "selling-field-introduction": company.introduction,
    "selling-field-country": company.country,
    "selling-field-city": company.city,
    "selling-field-street": company.street,
    "selling-field-contact-name": company.contact,
    "selling-field-contact-mobile": "+65 9123 4567",
    "selling-field-contact-email": company.email,
    "selling-field-support-phone": "+65 6123 4567",
    "selling-field-support-email": company.supportEmail,
    "selling-agreement-seller-terms": true,
    "selling-agreement-cooperation-rules": true,
    "selling-agreement-privacy-statement": true,
  });
  await person.presses("selling-apply-submit");
  await person.isRefused([], { "selling-field-company-name": company.name, "selling-field-website": "not an address", "selling-field-street": company.street });
  await person.pictures("application-refused");
}

/** Logo and business licence, as files that a person picks. */
function papers() {
  const file = (name, mimeType) => ({ name, mimeType, buffer: readFileSync(join(root, "crates/testkit/files", name)) });
  return {
    "selling-papers-logo": file("company-logo.png", "image/png"),
    "selling-papers-licence": file("business-licence.png", "image/png"),
  };
}

/** Hands an application in that nobody decides, so that a page with a decision to make can be looked at. Answers its id. */
export async function waitsForDecision(person, operator, company) {
  await appliesToSell(person, company);
  await mendsAndHandsIn(person, company);
  await operator.goes("/operator/applications");
  await operator.follows(company.name);
  return operator.place().split("/").pop();
}

/** What a refused application left behind, seen after loading the page again. */
export async function findsNothingStored(person) {
  await person.goes("/seller/application");
  await person.finds({ "selling-field-company-name": "", "selling-field-street": "" });
  await person.page.goBack();
}

/** Mends the wrong field and hands the application in. */
export async function mendsAndHandsIn(person, company) {
  await person.fills({ "selling-field-website": company.website });
  await person.presses("selling-apply-submit");
  await person.isRefused(["problem-logo-required", "problem-licence-required"], { "selling-field-website": company.website });
  await person.fills(papers());
  await person.presses("selling-apply-submit");
  await person.sees("selling-apply-submitted");
  await person.sees("selling-stage-pending-review");
}

/** The operator sends the application back once with a reason, when asked to, or approves it. */
export async function decidesApplication(operator, company, { reason } = {}) {
  await operator.goes("/operator/applications");
  await operator.follows(company.name);
  operator.application = operator.place();
  if (reason) {
    await operator.fills({ "selling-review-reason": "no" });
    await operator.presses("selling-review-reject");
    await operator.isRefused([], { "selling-review-reason": "no" });
    await operator.fills({ "selling-review-reason": reason });
    await operator.presses("selling-review-reject");
    await operator.sees("selling-review-rejected");
    return;
  }
  await operator.sees("selling-papers-download");
  await operator.presses("selling-review-approve");
  await operator.sees("selling-review-approved");
}

/** Adds the address of the seller's own system with its key, after one wrong try. */
export async function addsAddress(person, url, key) {
  await person.goes("/seller");
  await person.follows("selling-overview-address");
  await person.fills({ "selling-address-url": "https://127.0.0.1:1/produce", "selling-address-key": key });
  await person.presses("selling-addresses-add");
  await person.isRefused([], { "selling-address-url": "https://127.0.0.1:1/produce" });
  await person.fills({ "selling-address-url": url, "selling-address-key": key });
  await person.presses("selling-addresses-add");
  await person.sees("selling-address-added");
  return person.place().split("/").pop();
}

/** Looks for the proof of the domain in vain, puts the file at the root of the seller's site, looks again. */
export async function provesDomain(person, siteFolder) {
  await person.presses("proof-check");
  await person.sees("proof-failure-no-file");
  const name = await person.page.locator('a[href$="/proof-file"]').textContent();
  writeFileSync(join(siteFolder, name.trim()), await person.page.locator("#proof-text").textContent());
  await person.presses("proof-check");
  await person.sees("proof-now-proven");
}

/** Debugs the five calls against the real system and saves each as a case. */
export async function debugsAndSaves(person) {
  const { language } = person.look;
  await person.goes("/seller/debugger");
  for (const activity of ACTIVITIES) {
    const name = say(language, `selling-activity-${activity}`);
    await person.follows(new RegExp(`^\\s*${name}`), "selling-debugger-activity");
    if (activity === "newinstance") {
      await person.presses("selling-generate");
      await person.sees("selling-request-unsent");
    }
    await person.fills({ "selling-case-name": name });
    await person.presses("selling-send-and-save");
    await person.sees("selling-result-passed");
    await person.sees(new RegExp(fits(language, "selling-result-saved").source));
  }
}

/** Adds an address of a system that speaks version 1.0, sees its link address, and saves its creation as a case. */
export async function addsAddressOfVersionOne(person, url, key) {
  await person.goes("/seller/addresses");
  await person.fills({ "selling-address-url": url, "selling-address-key": key, "selling-protocol-one": true });
  await person.presses("selling-addresses-add");
  await person.sees("selling-address-added");
  const address = person.place().split("/").pop();
  await person.goes(`/seller/debugger/${address}`);
  await person.sees("selling-debugger-version-one-note");
  await person.presses("selling-generate-link");
  await person.sees("selling-link-title");
  await person.fills({ "selling-case-name": "One" });
  await person.presses("selling-send-and-save");
  await person.sees("selling-result-passed");
  await person.sees(new RegExp(fits(person.look.language, "selling-result-saved").source));
  return address;
}

/** Both sides were told: in the market and by mail. */
export async function wasTold(person, email, subject) {
  const { language } = person.look;
  const mail = await mailTo(person.market, email, fits(language, subject));
  must(mail.text.includes(person.market.base), `the mail has no link to the market: ${mail.text}`);
  await person.goes("/notices");
  await person.sees(subject);
  await person.presses(subject);
  must(person.place() !== "/notices", "a notice leads to what it is about");
}

/** How many cases are listed. */
export async function findsCases(person, count) {
  await person.goes("/seller/cases");
  same(await person.page.getByRole("rowheader").count(), count, "saved cases");
}
