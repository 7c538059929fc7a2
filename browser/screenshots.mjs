// The pictures of README.md: what a window shows of pages that the run has just taken pictures of. At most eight, kept small.

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { artefacts, screenshots } from "./lib/places.mjs";

/** Name in docs/screenshots, the artefact it is cut from, width and height of the window. */
const PICTURES = [
  ["home", "pages/home.en-light-1280.png", 1280, 800],
  ["search", "search.en-light-1280.png", 1280, 800],
  ["product", "product.en-light-1280.png", 1280, 1000],
  ["debugger", "debugger.en-light-1280.png", 1280, 720],
  ["review", "review.en-light-1280.png", 1280, 800],
  ["app-dark", "pages/my-apps-id.en-dark-1280.png", 1280, 760],
  ["product-chinese", "pages/products-slug.zh-light-1280.png", 1280, 1000],
  ["product-mobile", "pages/products-slug.en-light-360.png", 360, 780],
];

/** Cuts the pictures and writes them. */
export async function keepPictures(browser) {
  mkdirSync(screenshots, { recursive: true });
  for (const [name, file, width, height] of PICTURES) {
    const page = await browser.newPage({ viewport: { width, height } });
    const source = readFileSync(join(artefacts, file)).toString("base64");
    await page.setContent(`<body style="margin:0"><img style="display:block" src="data:image/png;base64,${source}">`);
    await page.screenshot({ path: join(screenshots, `${name}.png`) });
    await page.close();
  }
}
