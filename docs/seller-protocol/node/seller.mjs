// A whole seller for KooGallery protocol 2.0 in one file: Node 20, nothing but what comes with it.
//
//     node seller.mjs 9000 key.txt
//
// What it is for: to be read, and to be taken as a beginning. It keeps accounts in memory; yours go into a database, and are
// there before the answer leaves. Put TLS in front of it: a marketplace calls https only.

import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const WINDOW_MS = 60_000;
const APP = "https://app.example.com";

const accounts = new Map(); // instance id -> account
const byLine = new Map(); // order id and order line id -> instance id
const nonces = new Map(); // nonce -> until when it is remembered, Unix milliseconds

/** The call is not obeyed. Answered with HTTP 200, a result code and a reason. */
class Refusal extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

// ---- 1. Is this call from the marketplace, fresh, and new? ----------------------------------------------------------

const hmac = (key, ...parts) => parts.reduce((mac, part) => mac.update(part), createHmac("sha256", key)).digest();

/** Checks in the documented order. The body is signed byte for byte as it came: hash the bytes before anything parses them. */
function verify(key, query, body) {
  const nowMs = Date.now();
  const timestamp = query.get("timestamp") ?? "";
  if (!/^[0-9]+$/.test(timestamp)) throw new Refusal("000002", "timestamp is missing or no number of milliseconds");
  const differenceMs = nowMs - Number(timestamp);
  if (Math.abs(differenceMs) > WINDOW_MS) {
    throw new Refusal("000002", `timestamp differs from our clock by ${differenceMs} ms`);
  }
  const nonce = query.get("nonce") ?? "";
  if (!nonce) throw new Refusal("000002", "nonce is missing");
  const signature = query.get("signature") ?? "";
  if (!signature) throw new Refusal("000001", "signature is missing");
  const inner = hmac(key, body).toString("hex"); // lower case: it is hashed again
  const expected = hmac(key, key, nonce, timestamp, inner);
  const found = Buffer.from(signature, "hex"); // reads both cases
  // In constant time.
  if (found.length !== expected.length || !timingSafeEqual(found, expected)) {
    throw new Refusal("000001", "signature differs");
  }
  for (const [known, until] of nonces) if (until < nowMs) nonces.delete(known);
  // Only after the signature proved right, so that strangers cannot fill the memory.
  if (nonces.has(nonce)) throw new Refusal("000001", "nonce was used before");
  nonces.set(nonce, nowMs + 2 * WINDOW_MS);
}

// ---- 2. What the call asks for --------------------------------------------------------------------------------------

function member(call, name) {
  const value = call[name];
  if (typeof value !== "string" || value === "" || [...value].length > 64) {
    throw new Refusal("000002", `${name} is missing, no string, or longer than 64 characters`);
  }
  return value;
}

function liveAccount(call) {
  const account = accounts.get(member(call, "instanceId"));
  if (!account || account.released) throw new Refusal("000003", "there is no such instance");
  return account;
}

const describe = (instanceId, userName, password) => ({
  info: [{ instanceId, appInfo: { frontEndUrl: `${APP}/${encodeURIComponent(instanceId)}`, userName, password } }],
});

/** testFlag 1: the debugging page and the dial test. Succeeds in any order, any number of times, and leaves nothing behind. */
function rehearse(call) {
  const activity = member(call, "activity");
  switch (activity) {
    case "newInstance": {
      // The same order line gives the same instance, also here.
      const line = `${member(call, "orderId")}\n${member(call, "orderLineId")}`;
      return { instanceId: `test-${createHash("sha256").update(line).digest("hex").slice(0, 32)}` };
    }
    case "queryInstance":
      return describe(member(call, "instanceId"), "test", "Test-1");
    case "refreshInstance":
    case "updateInstanceStatus":
    case "releaseInstance":
    case "upgradeInstance":
      member(call, "instanceId");
      return {};
    default:
      throw new Refusal("000002", `there is no activity ${activity}`);
  }
}

function obey(call) {
  const activity = member(call, "activity");
  switch (activity) {
    case "newInstance": {
      const line = JSON.stringify([member(call, "orderId"), member(call, "orderLineId")]);
      if (!byLine.has(line)) {
        // A repeated call gives the first instance again.
        byLine.set(line, member(call, "businessId"));
        accounts.set(byLine.get(line), { frozen: false, released: false, expireTime: null, orders: new Set() });
      }
      return { instanceId: byLine.get(line) };
    }
    case "queryInstance":
      liveAccount(call);
      return describe(call.instanceId, "owner", "First-Password-1");
    case "refreshInstance":
    case "upgradeInstance": {
      const account = liveAccount(call);
      const order = member(call, "orderId");
      if (!account.orders.has(order)) {
        // A repeated call extends nothing twice.
        account.orders.add(order);
        account.expireTime = call.expireTime ?? account.expireTime;
      }
      return {};
    }
    case "updateInstanceStatus":
      if (!["FREEZE", "UNFREEZE"].includes(call.status)) {
        throw new Refusal("000002", "status must be FREEZE or UNFREEZE");
      }
      liveAccount(call).frozen = call.status === "FREEZE";
      return {};
    case "releaseInstance": {
      const account = accounts.get(member(call, "instanceId"));
      if (!account) throw new Refusal("000003", "there is no such instance");
      account.released = true;
      return {};
    }
    default:
      throw new Refusal("000002", `there is no activity ${activity}`);
  }
}

function parsed(body) {
  let call;
  try {
    call = JSON.parse(body.toString("utf8"));
  } catch {
    throw new Refusal("000002", "the body is no JSON");
  }
  if (call === null || typeof call !== "object" || Array.isArray(call)) {
    throw new Refusal("000002", "the body is no JSON object");
  }
  return call;
}

function answer(key, query, body) {
  try {
    verify(key, query, body);
    const call = parsed(body);
    const members = call.testFlag === "1" ? rehearse(call) : obey(call);
    return { resultCode: "000000", resultMsg: "success.", ...members };
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    return { resultCode: refusal.code, resultMsg: refusal.message.slice(0, 255) };
  }
}

// ---- 3. HTTP --------------------------------------------------------------------------------------------------------

const [port, keyFile] = process.argv.slice(2);
if (!keyFile) {
  console.error("usage: seller.mjs PORT KEY_FILE");
  process.exit(2);
}

async function hear(request, response) {
  const pieces = [];
  let length = 0;
  for await (const piece of request) {
    length += piece.length;
    if (length > 65_536) return response.writeHead(413, { Connection: "close" }).end();
    pieces.push(piece);
  }
  if (request.method !== "POST") return response.writeHead(405).end();
  const key = readFileSync(keyFile, "ascii").trim();
  const query = new URLSearchParams(request.url.split("?")[1] ?? "");
  const sent = Buffer.from(JSON.stringify(answer(key, query, Buffer.concat(pieces))));
  response.writeHead(200, {
    "Content-Type": "application/json",
    "Body-Sign": `sign_type="HMAC-SHA256", signature="${hmac(key, sent).toString("base64")}"`,
    "Content-Length": sent.length,
  });
  response.end(sent);
}

const server = createServer((request, response) => {
  hear(request, response).catch((error) => {
    console.error(error);
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
});
server.listen(Number(port), "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/produce`));
