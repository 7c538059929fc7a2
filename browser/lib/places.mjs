// Where things lie, and free ports. Nothing is started here.

import { existsSync, mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");

/** The binary under test. */
export const program = process.env.SOUK_PROGRAM ?? join(target, "debug/souk");

/** Where pictures, logs and findings land. */
export const artefacts = join(target, "browser");

/** Where the pictures of README.md lie. */
export const screenshots = join(root, "docs/screenshots");

/** Where the session is kept of somebody who signed in under this name. */
export function stateFile(name) {
  const file = join(artefacts, `${name}.state.json`);
  if (!existsSync(file)) throw new Error(`nobody signed in as ${name}`);
  return file;
}

/** Empties the folder of artefacts. */
export function freshArtefacts() {
  rmSync(artefacts, { recursive: true, force: true });
  mkdirSync(join(artefacts, "pages"), { recursive: true });
  freshLogs();
}

/** Makes room for the logs of the processes. */
export function freshLogs() {
  mkdirSync(join(artefacts, "logs"), { recursive: true });
}

/** A loopback port that was free a moment ago. */
export function freePort() {
  return new Promise((done, failed) => {
    const server = createServer();
    server.on("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}
