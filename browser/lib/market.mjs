// A marketplace with fresh data, a mail sink and a seller's system beside it, each a real process on a free port.
// Uses nothing but Node, so that the how-to scripts can be run without npm packages.

import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { artefacts, freePort, program } from "./places.mjs";

const READY_WITHIN_MS = 30_000;
const STOPPED_WITHIN_MS = 25_000;

/**
 * Everything has its default, but the test is a proxy of the marketplace's: each person comes from an address of their
 * own, so that the patience with one address is that of real life. Pages are looked at faster than anybody reads.
 */
const CONFIG = '[listen]\nproxies = ["127.0.0.1"]\n\n[limits]\nvisitor_per_second = 2000\n';

/** One process of ours. */
class Process {
  constructor(name, args, env) {
    this.name = name;
    this.said = "";
    const log = createWriteStream(join(artefacts, "logs", `${name}.log`), { flags: "a" });
    this.child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.on("data", (bytes) => {
        this.said += bytes;
        log.write(bytes);
      });
    }
    this.ended = new Promise((done) => this.child.on("exit", (code, signal) => done({ code, signal })));
    this.child.on("error", (error) => (this.said += `\n${error}`));
    this.ended.then((how) => (this.how = how));
  }

  /** Waits until `probe` answers something, and answers that. */
  async until(what, probe) {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (Date.now() < deadline) {
      if (this.how) throw new Error(`${this.name} ended with ${JSON.stringify(this.how)}:\n${this.said.slice(-2000)}`);
      const answer = await Promise.resolve(probe(this.said)).catch(() => undefined);
      if (answer) return answer;
      await pause(50);
    }
    throw new Error(`${this.name}: ${what} did not happen within ${READY_WITHIN_MS} ms:\n${this.said.slice(-2000)}`);
  }

  async stop() {
    if (this.how) return this.how;
    this.child.kill("SIGTERM");
    const late = setTimeout(() => this.child.kill("SIGKILL"), STOPPED_WITHIN_MS);
    const how = await this.ended;
    clearTimeout(late);
    return how;
  }
}

/** Waits a moment between two looks at another process. */
export function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

/** Starts everything. Answers the addresses and what a journey needs; `stop` ends and removes it all. */
export async function startMarket({ spoken = "both", parked = false } = {}) {
  if (!existsSync(program)) throw new Error(`${program} is missing: cargo build --package souk`);
  const folder = mkdtempSync(join(tmpdir(), "souk-browser-"));
  const [web, smtp, mail, seller] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const base = `http://127.0.0.1:${web}`;
  const keyFile = join(folder, "seller-key");
  const key = randomBytes(16).toString("hex");
  writeFileSync(keyFile, key);
  const siteFolder = join(folder, "seller-site");
  mkdirSync(siteFolder);
  const behaviourFile = join(folder, "seller-behaviour");
  writeFileSync(behaviourFile, "");
  const processes = [];
  const market = {
    base,
    mails: `http://127.0.0.1:${mail}`,
    seller: `http://127.0.0.1:${seller}`,
    keyFile,
    /** For files of the people, gone at the end. */
    folder,
    /** What lies at the root of the seller's site. */
    siteFolder,
    /** The key that the seller's system signs and checks with; its owner types it into the console. */
    key,
    /** How the seller's system answers from now on: the words of `souk seller --list-behaviours`; empty is honest. */
    setBehaviour: (rules) => writeFileSync(behaviourFile, rules),
    /** Stops all processes and removes their data. */
    async stop() {
      for (const running of processes.reverse()) await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    const sink = new Process("mail-sink", ["mail-sink", "--smtp", `127.0.0.1:${smtp}`, "--http", `127.0.0.1:${mail}`]);
    processes.push(sink);
    const shop = new Process("seller", ["seller", "--protocol", spoken, "--listen", `127.0.0.1:${seller}`, "--key-file", keyFile, "--behaviour-file", behaviourFile, "--site-folder", siteFolder]);
    processes.push(shop);
    await sink.until("the mail page", () => answers(market.mails));
    const config = join(folder, "souk.toml");
    writeFileSync(config, CONFIG);
    const environment = {
      SOUK_LISTEN: `127.0.0.1:${web}`,
      SOUK_PUBLIC_URL: base,
      SOUK_STORAGE: join(folder, "data"),
      SOUK_MAIL_SERVER: `smtp://127.0.0.1:${smtp}`,
      SOUK_OUTBOUND_ALLOW: `127.0.0.1:${seller}`,
    };
    if (parked) leaveJob(config, environment);
    const souk = new Process("souk", ["serve", "--config", config], environment);
    processes.push(souk);
    await souk.until("readiness", () => answers(`${base}/readyz`));
    market.operatorLink = await souk.until("the first operator's link", (said) => said.match(/https?:\/\/\S+\/operator\/first\?token=\S+/)?.[0]);
    await shop.until("the seller's page", () => answers(market.seller));
  } catch (error) {
    await market.stop();
    throw error;
  }
  return market;
}

/** What a newer node would leave: a job that this one does not know, and parks. Nothing that people do makes one. */
function leaveJob(config, environment) {
  const env = { ...process.env, ...environment };
  const row = "('job_01a20afefd61747a82c5000000000001', 'of_a_newer_node', 'all', 'newer', '{}', 0, 0)";
  const sql = `INSERT INTO jobs (id, kind, key, lane, payload, due_at, created_at) VALUES ${row}`;
  const insert = `import sqlite3, sys; base = sqlite3.connect(sys.argv[1]); base.execute(sys.argv[2]); base.commit(); base.close()`;
  const steps = [[program, ["migrate", "--config", config]], ["python3", ["-c", insert, join(environment.SOUK_STORAGE, "souk.db"), sql]]];
  for (const [command, args] of steps) {
    const { status, stderr, error } = spawnSync(command, args, { env, encoding: "utf8" });
    if (status !== 0) throw new Error(`${command} ${args[0]}: ${error ?? stderr}`);
  }
}

/** Whether an address answers at all, with anything below 500. */
async function answers(address) {
  const response = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(2000) });
  return response.status < 500;
}

/** The mails to one address that were taken so far, newest first. */
export async function mailsTo(market, address) {
  const mails = await (await fetch(`${market.mails}/mails.json`)).json();
  return mails.filter((mail) => mail.to.some((to) => to.includes(address)));
}

/** Waits for a mail to an address whose subject or text fits, and answers it. */
export async function mailTo(market, address, fits) {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    const found = (await mailsTo(market, address)).find((mail) => fits.test(mail.subject) || fits.test(mail.text));
    if (found) return found;
    await pause(200);
  }
  throw new Error(`no mail to ${address} that fits ${fits}`);
}
