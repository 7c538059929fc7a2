// Acts on accounts that several journeys need: signing up, signing in, signing out.

import { must, same } from "../lib/checks.mjs";
import { Person } from "../lib/person.mjs";

/** The password of everybody in the test. */
export const PASSWORD = "four camels carry salt";

/** A new organisation with its first user, signed in. */
export async function signsUp(world, look, { organisation, name, email }, options) {
  const person = await Person.open(world.browser, world.market, look, options);
  await person.goes("/");
  await person.follows("common-sign-in");
  await person.follows("identity-sign-up-title");
  await person.fills({ "identity-organisation-name": organisation, "identity-name": name, "identity-email": "nobody", "identity-password": "short" });
  await person.presses("identity-sign-up-button");
  await person.isRefused([], { "identity-organisation-name": organisation, "identity-name": name, "identity-email": "nobody" });
  await person.fills({ "identity-email": email, "identity-password": PASSWORD });
  await person.presses("identity-sign-up-button");
  same(person.place(), "/", "where a new customer arrives");
  return person;
}

/** Somebody with an account, in a fresh profile. */
export async function signsIn(world, look, email, options) {
  const person = await Person.open(world.browser, world.market, look, options);
  await person.goes("/sign-in");
  await person.fills({ "identity-email": email, "identity-password": PASSWORD });
  await person.presses("identity-sign-in-button");
  must(person.place() !== "/sign-in", `${email} could not sign in: ${await person.text()}`);
  return person;
}

/** Enters the own password once more, where the page asks for it. */
export async function provesAgain(person) {
  if (person.place() !== "/account/confirm") return;
  await person.fills({ "identity-password": PASSWORD });
  await person.presses("identity-confirm-button");
}
