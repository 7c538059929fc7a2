// Runs every script of docs/how-to against an empty marketplace of its own, as a reader would. Needs no npm packages.
//
// A script is told where things are by SOUK_URL, SELLER_URL, SELLER_KEY_FILE, SITE_FOLDER and OPERATOR_LINK, and ends with code 0.
// One that knows PROTOCOL runs once more, with a seller that understands version 1.0 of the protocol alone.

import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { check, must, totals } from "./lib/checks.mjs";
import { startMarket } from "./lib/market.mjs";
import { freshLogs, root } from "./lib/places.mjs";

const folder = join(root, "docs/how-to");
freshLogs();
for (const script of readdirSync(folder).filter((file) => file.endsWith(".sh")).sort()) {
  const path = join(folder, script);
  await check(`docs/how-to/${script}`, () => run(path, "v2"));
  if (readFileSync(path, "utf8").includes("PROTOCOL")) await check(`docs/how-to/${script} in version 1.0`, () => run(path, "v1"));
}

const { passed, failed } = totals();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

async function run(script, protocol) {
  const market = await startMarket({ spoken: protocol });
  try {
    const env = {
      ...process.env,
      SOUK_URL: market.base,
      SELLER_URL: market.seller,
      SELLER_KEY_FILE: market.keyFile,
      SITE_FOLDER: market.siteFolder,
      OPERATOR_LINK: market.operatorLink,
      PROTOCOL: protocol,
    };
    const child = spawn("bash", [script], { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });
    const code = await new Promise((done) => child.on("exit", done));
    must(code === 0, `the script ended with code ${code}`);
  } finally {
    await market.stop();
  }
}
