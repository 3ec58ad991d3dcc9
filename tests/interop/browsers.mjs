// Real Yjs clients in one Node process, driven by one JSON command per line; each answer is one JSON line. Run from web/ (its node_modules).
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.cwd()}/package.json`);
const load = async (name) => import(pathToFileURL(require.resolve(name)).href);
const Y = await load("yjs");
const { default: WebSocket } = await load("ws");
const { WebsocketProvider } = await load("y-websocket");
const { HocuspocusProvider, HocuspocusProviderWebsocket } = await load("@hocuspocus/provider");

const clients = new Map();
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

function open({ name, kind, url, document, token, client, unseen }) {
  const doc = new Y.Doc();
  if (client !== undefined) doc.clientID = client;
  const made = { name, kind, doc, stateless: [], denied: [], typed: 0, provider: undefined };
  clients.set(name, made);
  if (kind === "y-websocket") {
    made.provider = new WebsocketProvider(url, document, doc, {
      params: { token }, WebSocketPolyfill: WebSocket, disableBc: true, maxBackoffTime: 200,
    });
    made.provider.on("connection-close", (event) => made.denied.push(event?.code ?? 0));
  } else {
    const socket = new HocuspocusProviderWebsocket({ url, WebSocketPolyfill: WebSocket, delay: 50, maxDelay: 200, minDelay: 20, jitter: false });
    made.provider = new HocuspocusProvider({
      websocketProvider: socket, name: document, document: doc, token,
      onStateless: ({ payload }) => made.stateless.push(payload),
      onAuthenticationFailed: ({ reason }) => made.denied.push(reason),
      onUnsyncedChanges: ({ number }) => {
        if (number === 0) say({ saved: made.name, upto: made.typed });
      },
    });
    made.provider.attach();
    made.socket = socket;
  }
  if (unseen) made.provider.awareness.setLocalState(null);
  return {};
}

// The text of the unit at `unit` (an index), made of the XmlText inside it.
function textOf(doc, unit) {
  return doc.getXmlFragment("default").get(unit).get(0);
}

// The same to write into: whoever may write may delete it, and an editor then gives the unit another.
function textToWrite(doc, unit) {
  const element = doc.getXmlFragment("default").get(unit);
  if (element.length === 0) element.insert(0, [new Y.XmlText()]);
  return element.get(0);
}

const commands = {
  open,
  close({ name }) {
    const { provider, socket } = clients.get(name);
    provider.destroy();
    socket?.destroy();
    clients.delete(name);
    return {};
  },
  insert({ name, unit = 0, at, text }) {
    const made = clients.get(name);
    made.typed += 1;
    const into = textToWrite(made.doc, unit);
    into.insert(at ?? into.length, text);
    return { unsynced: made.provider.hasUnsyncedChanges ?? null };
  },
  // Loses the connection, deletes one letter while there is none, one as soon as the new one has heard of the server, and one after that.
  async reconnect({ name, unit = 0 }) {
    const { doc, socket } = clients.get(name);
    const erase = () => textOf(doc, unit).delete(0, 1);
    const becomes = (wanted) => new Promise((resolve) => {
      const look = ({ status }) => {
        if (status !== wanted) return;
        socket.off("status", look);
        resolve();
      };
      socket.on("status", look);
    });
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const connecting = becomes("connecting");
    socket.webSocket.close();
    await connecting;
    const heard = new Promise((resolve) => socket.on("connect", resolve));
    erase();
    await heard;
    await pause(0);
    erase();
    await pause(2);
    erase();
    return {};
  },
  delete({ name, unit = 0, at, length }) {
    textOf(clients.get(name).doc, unit).delete(at, length);
    return {};
  },
  // Types unique words between the words that are there, one each `every` milliseconds, until told to stop.
  type({ name, unit = 0, every }) {
    const made = clients.get(name);
    made.timer = setInterval(() => {
      const root = made.doc.getXmlFragment("default");
      if (root.length <= unit) return;
      const into = textOf(made.doc, unit);
      made.typed += 1;
      const end = into.toString().indexOf("⟧", Math.floor(Math.random() * (into.length + 1)));
      into.insert(end < 0 ? into.length : end + 1, `⟦${made.name}-${made.typed}⟧`);
    }, every);
    return {};
  },
  stop({ name }) {
    clearInterval(clients.get(name).timer);
    return { typed: clients.get(name).typed };
  },
  look({ name, unit = 0 }) {
    const { doc, provider, stateless, denied, typed } = clients.get(name);
    const root = doc.getXmlFragment("default");
    return {
      text: root.length > unit ? root.get(unit).toArray().join("") : null, // two may have given it a new text at once
      units: root.length,
      unsynced: provider.hasUnsyncedChanges ?? null,
      synced: provider.synced,
      peers: [...provider.awareness.getStates().entries()].map(([id, state]) => [id, state]),
      stateless, denied, typed,
    };
  },
  // How many of the clients hold what the server holds, as far as they know; and in how many the first unit has these words.
  count({ words = "" }) {
    const all = [...clients.values()];
    const holds = ({ doc }) => doc.getXmlFragment("default").length > 0 && textOf(doc, 0)?.toString().includes(words);
    return { synced: all.filter(({ provider }) => provider.synced).length, holding: all.filter(holds).length };
  },
  greet({ name, state }) {
    clients.get(name).provider.awareness.setLocalState(state);
    return {};
  },
  async replay({ agents, unit, trace }) {
    return replay(agents.map((name) => clients.get(name)), unit, trace);
  },
};

// Replays a recorded session of two people. Each edit is made in its author's own document on exactly its recorded parents; the update
// then goes into that author's connected document as soon as what it builds on has come there through the server.
async function replay(connected, unit, path) {
  const { readFileSync } = await import("node:fs");
  const { gunzipSync } = await import("node:zlib");
  const trace = JSON.parse(gunzipSync(readFileSync(path)));
  const start = Y.encodeStateAsUpdate(connected[0].doc);
  const made = []; // per transaction: { update, agent, clock }
  const own = connected.map((_, agent) => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, start);
    doc.clientID = 1000 + agent;
    return { doc, has: new Set() };
  });
  for (const [number, txn] of trace.txns.entries()) {
    const { doc, has } = own[txn.agent];
    const todo = txn.parents.filter((parent) => !has.has(parent));
    const missing = [];
    while (todo.length) {
      const parent = todo.pop();
      if (has.has(parent)) continue;
      has.add(parent);
      missing.push(parent);
      todo.push(...trace.txns[parent].parents);
    }
    for (const parent of missing.sort((a, b) => a - b)) Y.applyUpdate(doc, made[parent].update);
    const needs = Y.encodeStateVector(doc);
    let update;
    const keep = (bytes) => { update = bytes; };
    doc.on("update", keep);
    doc.transact(() => {
      const text = textOf(doc, unit);
      for (const [at, del, ins] of txn.patches) {
        if (del) text.delete(at, del);
        if (ins) text.insert(at, ins);
      }
    });
    doc.off("update", keep);
    has.add(number);
    made.push({ update, agent: txn.agent, needs: Y.decodeStateVector(needs) });
  }
  const holds = (doc, needs) => [...needs].every(([client, clock]) => Y.getState(doc.store, client) >= clock);
  const send = async (agent) => {
    const { doc } = connected[agent];
    let sent = 0;
    for (const txn of made) {
      if (txn.agent !== agent) continue;
      while (!holds(doc, txn.needs)) await new Promise((resolve) => doc.once("update", resolve));
      Y.applyUpdate(doc, txn.update, "trace");
      if (++sent % 50 === 0) await new Promise(setImmediate);
    }
    return sent;
  };
  return { sent: await Promise.all([send(0), send(1)]) };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, command, ...rest } = JSON.parse(line);
  try {
    say({ id, result: await commands[command](rest) });
  } catch (error) {
    say({ id, error: String(error?.stack ?? error) });
  }
}
process.exit(0);
