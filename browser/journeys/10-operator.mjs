// The first operator sets the market up, by the link that the server printed; it works once.

import { Person } from "../lib/person.mjs";
import { same, story } from "../lib/checks.mjs";
import { PASSWORD } from "./accounts.mjs";

const LOOK = { language: "en", theme: "light", width: 1280 };

export async function walk(world) {
  const { browser, market, routes } = world;
  const person = await Person.open(browser, market, LOOK);
  world.operator = { email: "ada@market.example", name: "Ada Mercer" };
  await story("first operator", [
    ["the printed link opens a form", async () => {
      await person.goes(market.operatorLink);
      await person.sees("identity-operator-title");
    }],
    ["a wrong field is named, and what was typed stays", async () => {
      await person.fills({ "identity-operator-organisation": "Harbour Market", "identity-name": world.operator.name, "identity-email": "ada", "identity-password": PASSWORD });
      await person.pictures("first-operator");
      await person.presses("identity-operator-button");
      await person.isRefused([], { "identity-operator-organisation": "Harbour Market", "identity-name": world.operator.name, "identity-email": "ada" });
    }],
    ["the form makes the operator, signed in", async () => {
      await person.fills({ "identity-email": world.operator.email, "identity-password": PASSWORD });
      await person.presses("identity-operator-button");
      same(person.place(), "/operator", "where an operator arrives");
      await person.keepsSession("operator");
    }],
    ["the link opens nothing any more", async () => {
      const answer = await person.goes(market.operatorLink);
      same(answer.status() >= 400, true, "a used link is refused");
      await person.sees("problem-operator-link-spent");
    }],
  ]);
  await story("first operator", [["the browser did not complain", () => person.leaves()]]);
  const spent = new URL(market.operatorLink);
  routes.visit("/operator/first", { path: spent.pathname + spent.search, status: 404, state: "spent" });
}
