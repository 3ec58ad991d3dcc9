// Reads [[update, …], …] (base64) from standard input, applies each list to a Y.Doc, prints what each shows, as server/crdt/document.py reads it;
// `own` are the updates a document made by itself: Yjs deletes marks that it finds superfluous.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(join(dirname(fileURLToPath(import.meta.url)), "../../web/package.json"));
const Y = require("yjs");

function runs(text, found) {
  for (const { insert, attributes } of text.toDelta()) {
    const marks = Object.keys(attributes ?? {}).filter((key) => attributes[key] !== null).sort();
    const last = found.at(-1);
    if (last !== undefined && JSON.stringify(last[1]) === JSON.stringify(marks)) last[0] += insert;
    else found.push([insert, marks]);
  }
}

function shown(element) {
  const found = { name: element.nodeName, attributes: element.getAttributes(), runs: [], children: [] };
  for (const child of element.toArray()) {
    if (child instanceof Y.XmlText) runs(child, found.runs);
    else found.children.push(shown(child));
  }
  return found;
}

function read(updates) {
  const doc = new Y.Doc();
  const own = [];
  doc.on("update", (update, _origin, _doc, transaction) => {
    if (transaction.local) own.push(Buffer.from(update).toString("base64"));
  });
  try {
    for (const update of updates) Y.applyUpdate(doc, Buffer.from(update, "base64"));
    return {
      content: doc.getXmlFragment("default").toArray().map(shown),
      own,
      pending: doc.store.pendingStructs !== null || doc.store.pendingDs !== null,
      stateVector: Object.fromEntries(Y.decodeStateVector(Y.encodeStateVector(doc))),
    };
  } catch (error) {
    return { own, error: String(error) };
  }
}

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(read)));
