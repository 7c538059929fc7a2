// The route list of the binary under test, and who visits which page of it. Not here: looking at the pages.

import { execFileSync } from "node:child_process";
import { program } from "./places.mjs";

/** Rows that answer something else than a page, each with the reason why nobody looks at it. */
const NOT_PAGES = [
  [/^\/(healthz|readyz)$/, "for machines: a word"],
  [/^\/assets\/|^\/favicon\.svg$/, "files that every page loads; a missing one is a complaint of the page"],
  [/^\/api\/openapi\.json$/, "JSON; the page /api shows it"],
  [/^\/api\/mkp-openapi-public\//, "signed calls of sellers' servers; crates/web/tests/http/open_apis.rs makes them"],
  [/^\/api\/v1\//, "JSON; the tests of the API and docs/how-to/first-sale.sh use it"],
];

/** What the pages of the marketplace are, and which of them were put on the list of visits. */
export class RouteList {
  constructor() {
    const rows = JSON.parse(execFileSync(program, ["routes", "--json"], { encoding: "utf8", env: { ...process.env, SOUK_LOG: "error" } }));
    this.pages = rows.filter(({ method, path }) => method === "GET" && !NOT_PAGES.some(([pattern]) => pattern.test(path)));
    this.excused = new Map();
    this.visits = [];
  }

  /**
   * Puts a page on the list. `route` is the row's path, `values` what stands for its `{…}`, `as` a kept session.
   * `state` names an opened state (a menu, an error form), which `act(page, look)` brings about; `status` is 200 when absent.
   */
  visit(route, { values = {}, query = "", as, state, act, status, path } = {}) {
    const filled = path ?? route.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name])) + query;
    const name = [route.replace(/^\/$/, "home").replace(/^\//, "").replace(/[{}]/g, "").replace(/\//g, "-"), state].filter(Boolean).join(".");
    this.visits.push({ route, path: filled, name, as, act, status });
  }

  /** Says why a row is no page to look at, such as one that only leads elsewhere or hands out a file. */
  excuse(route, reason) {
    this.excused.set(route, reason);
  }

  /** The visits to pages that there are. */
  found() {
    return this.visits.filter(({ route }) => this.pages.some(({ path }) => path === route));
  }

  /** What the visits name that is no page. */
  lost() {
    return [...new Set(this.visits.map(({ route }) => route))].filter((route) => !this.pages.some(({ path }) => path === route));
  }

  /** The pages that nobody looks at. */
  unvisited() {
    const visited = new Set(this.visits.map(({ route }) => route));
    return this.pages.map(({ path }) => path).filter((path) => !visited.has(path) && !this.excused.has(path));
  }
}
