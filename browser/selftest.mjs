// Proves that the audit finds what it should: a good page must pass, and each bad page must be caught for its fault.
// Served by this file itself, under the same strict content policy as the product.

import { createServer } from "node:http";
import { faultsOf } from "./lib/audit.mjs";
import { check, must, same } from "./lib/checks.mjs";
import { complaintsOf, profile } from "./lib/chromium.mjs";

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'";
const LOOK = { language: "en", theme: "light", width: 360 };

const page = (body, { lang = "en", head = "" } = {}) =>
  `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>A page</title>
   <meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">${head}</head>
   <body><main>${body}</main></body></html>`;

const STYLE = `.pale { color: #bbb; background: #fff } .wide { width: 900px; height: 10px } .dark { color-scheme: dark }`;

const PAGES = {
  "/good": page("<h1>Good</h1><p>Nothing is wrong here.</p>"),
  "/pale": page('<h1>Pale</h1><p class="pale">Hard to read.</p>', { head: '<link rel="stylesheet" href="/style.css">' }),
  "/nameless": page('<h1>Nameless</h1><input type="text">'),
  "/wide": page('<h1>Wide</h1><div class="wide"></div>', { head: '<link rel="stylesheet" href="/style.css">' }),
  "/foreign": page("<h1>Ni hao</h1>", { lang: "zh-CN" }),
  "/headless": page("<p>No heading.</p>"),
  "/unfilled": page("<h1>Hello { $name }</h1>"),
  "/refused": page('<h1>Refused</h1><p style="color: red">Inline style.</p>'),
};

const MUST_FIND = {
  "/pale": "axe color-contrast",
  "/nameless": "axe label",
  "/wide": "wider than the window",
  "/foreign": 'lang="zh-CN"',
  "/headless": "0 h1 headings",
  "/unfilled": "not filled in",
};

/** Runs the audit on its own pages. */
export async function selftest(browser) {
  const server = createServer((request, response) => {
    const isStyle = request.url === "/style.css";
    const body = isStyle ? STYLE : PAGES[request.url];
    response.writeHead(body ? 200 : 404, {
      "content-type": isStyle ? "text/css" : "text/html",
      "content-security-policy": POLICY,
    });
    response.end(body ?? "");
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const base = `http://127.0.0.1:${server.address().port}`;
  const context = await profile(browser, LOOK);
  try {
    await check("selftest: a good page has no fault", async () => {
      const tab = await context.newPage();
      const complaints = complaintsOf(tab);
      await tab.goto(`${base}/good`);
      same(await faultsOf(tab, LOOK), [], "faults");
      same(complaints, [], "complaints");
    });
    for (const [path, fault] of Object.entries(MUST_FIND)) {
      await check(`selftest: the fault of ${path} is found`, async () => {
        const tab = await context.newPage();
        await tab.goto(base + path);
        const faults = await faultsOf(tab, LOOK);
        must(faults.some((found) => found.includes(fault)), `expected "${fault}" among ${JSON.stringify(faults)}`);
      });
    }
    await check("selftest: content that the policy refuses is a complaint", async () => {
      const tab = await context.newPage();
      const complaints = complaintsOf(tab);
      await tab.goto(`${base}/refused`);
      must(complaints.some((line) => /Content Security Policy/i.test(line)), `complaints: ${JSON.stringify(complaints)}`);
    });
  } finally {
    await context.close();
    server.close();
  }
}
