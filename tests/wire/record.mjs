// Records what the JavaScript stack really writes (yjs 13, @tiptap/y-tiptap, ProseMirror) as tests/wire/editor.json.
// Run from web/:  node ../tests/wire/record.mjs   The bytes are committed; run again when the editor stack changes.

import { createRequire } from "node:module";
import { writeFileSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(join(here, "../../web/package.json"));
const Y = require("yjs");
const { Schema, Fragment, Slice } = require("prosemirror-model");
const { Transform } = require("prosemirror-transform");
const { updateYFragment, yXmlFragmentToProseMirrorRootNode } = require("@tiptap/y-tiptap");

const act = JSON.parse(readFileSync(join(here, "../../schema/act.json"), "utf8"));
const DEFAULTS = { bid: "", kind: "paragraph", level: "1", label: "auto", quoted: null, scope: null, colspan: 1, rowspan: 1, colwidth: null, header: null };

function nodeSpec(name, rule) {
  const attrs = Object.fromEntries(Object.keys(rule.attributes).map((key) => [key, { default: DEFAULTS[key] }]));
  return { content: rule.content === "text" ? "text*" : rule.content, attrs, toDOM: () => [name, 0] };
}

const marks = Object.fromEntries(
  Object.entries(act.marks).map(([name, attributes]) => [
    name,
    {
      attrs: Object.fromEntries(Object.entries(attributes).map(([key, type]) => [key, { default: type === "integer" ? null : "" }])),
      ...(name === "strike" ? { excludes: "" } : {}), // one mark that overlaps itself, for the `--hash` keys
    },
  ]),
);
const nodes = Object.fromEntries(Object.entries(act.nodes).map(([name, rule]) => [name, nodeSpec(name, rule)]));
const schema = new Schema({ nodes: { doc: { content: "(unit | table)*" }, ...nodes, text: {} }, marks });

class Editor {
  constructor(client) {
    this.doc = new Y.Doc();
    this.doc.clientID = client;
    this.updates = [];
    this.fragment = this.doc.getXmlFragment("default");
    this.undoManager = new Y.UndoManager(this.fragment, { trackedOrigins: new Set(["local"]), captureTimeout: 0 });
    this.doc.on("update", (update, origin) => origin !== "remote" && this.updates.push(update));
  }

  get node() {
    return yXmlFragmentToProseMirrorRootNode(this.fragment, schema);
  }

  edit(change) {
    const meta = { mapping: new Map(), isOMark: new Map() };
    const before = yXmlFragmentToProseMirrorRootNode(this.fragment, schema);
    const transform = new Transform(before);
    change(transform, before);
    this.doc.transact(() => updateYFragment(this.doc, this.fragment, transform.doc, meta), "local");
  }

  receive(updates) {
    for (const update of updates) Y.applyUpdate(this.doc, update, "remote");
  }
}

const unit = (bid, text, attrs = {}) => schema.node("unit", { bid, ...attrs }, text === "" ? [] : [typeof text === "string" ? schema.text(text) : text].flat());
const append = (...content) => (transform, doc) => transform.insert(doc.content.size, Fragment.from(content));
const type = (editor, position, text) => {
  for (const letter of text) {
    editor.edit((transform) => transform.insertText?.(letter, position) ?? transform.insert(position, schema.text(letter)));
    position += letter.length;
  }
};

const cases = {};
function record(name, run) {
  const editors = [];
  const all = [];
  const open = (client) => {
    const editor = new Editor(client);
    editor.receive(all.map(([, update]) => update));
    editors.push(editor);
    return editor;
  };
  const sync = () => {
    for (const editor of editors) {
      const fresh = editor.updates.splice(0);
      for (const update of fresh) all.push([editor.doc.clientID, update]);
      for (const other of editors) if (other !== editor) other.receive(fresh);
    }
  };
  run(open, sync);
  sync();
  const final = editors[0];
  for (const editor of editors) {
    if (JSON.stringify(editor.node.toJSON()) !== JSON.stringify(final.node.toJSON())) throw new Error(`${name}: not converged`);
  }
  cases[name] = {
    updates: all.map(([client, update]) => [client, Buffer.from(update).toString("base64")]),
    final: final.node.toJSON(),
    stateVector: Object.fromEntries(Y.decodeStateVector(Y.encodeStateVector(final.doc))),
    state: Buffer.from(Y.encodeStateAsUpdate(final.doc)).toString("base64"),
  };
}

record("cyrillic typing", (open) => {
  const a = open(101);
  a.edit(append(unit("u1", "", { kind: "article" })));
  type(a, 1, "Стаття 1. Ґанок і їжак");
});

record("emoji, combining marks and bidi", (open) => {
  const a = open(102);
  a.edit(append(unit("u1", "До ")));
  type(a, 4, "👩‍👩‍👧‍👦 e\u0301 \u05d0\u202eב 😀");
  a.edit((transform) => transform.delete(4, 7));
});

record("split and join", (open, sync) => {
  const a = open(103);
  const b = open(104);
  a.edit(append(unit("u1", "Кабінет Міністрів постановляє затвердити порядок"), unit("u2", "другий")));
  sync();
  a.edit((transform) => transform.split(18, 1, [{ type: schema.nodes.unit, attrs: { bid: "u3", kind: "paragraph" } }]));
  b.edit((transform) => transform.insert(4, schema.text("(новий) ")));
  sync();
  a.edit((transform, doc) => transform.join(doc.child(0).nodeSize));
});

record("marks", (open, sync) => {
  const a = open(105);
  const b = open(106);
  a.edit(append(unit("u1", "шановні колеги, див. статтю")));
  sync();
  a.edit((transform) => transform.addMark(1, 8, schema.mark("strong")));
  b.edit((transform) => transform.addMark(4, 12, schema.mark("em")).addMark(2, 6, schema.mark("link", { href: "https://zakon.rada.gov.ua/" })));
  sync();
  a.edit((transform) => transform.removeMark(2, 5, schema.mark("strong")));
  a.edit((transform) => transform.insert(5, schema.text(act.placeholder, [schema.mark("ref", { target: "u2", form: "short" })])));
  b.edit((transform) => transform.addMark(3, 9, schema.mark("strike")));
  b.edit((transform) => transform.insert(7, schema.text(act.placeholder, [schema.mark("image", { src: "/files/герб.png", alt: "герб" })])));
});

record("attributes and kinds", (open, sync) => {
  const a = open(107);
  const b = open(108);
  a.edit(append(unit("u1", "текст", { kind: "part", level: "1" }), unit("u2", "далі", { label: "12.10²" })));
  sync();
  a.edit((transform) => transform.setNodeAttribute(0, "kind", "point").setNodeAttribute(0, "level", "2"));
  b.edit((transform) => transform.setNodeAttribute(0, "label", "в)"));
  b.edit((transform) => transform.setNodeAttribute(0, "kind", "subpoint"));
  sync();
  a.edit((transform) => transform.setNodeAttribute(0, "scope", "annex-1"));
});

record("tables", (open, sync) => {
  const a = open(109);
  const b = open(110);
  const cell = (bid, text, attrs = {}) => schema.node("cell", { bid, ...attrs }, text === "" ? [] : [schema.text(text)]);
  const row = (bid, ...cells) => schema.node("row", { bid }, cells);
  a.edit(
    append(
      schema.node("table", { bid: "t1" }, [
        row("r1", cell("c1", "Назва", { header: "true", colwidth: [120, 80], colspan: 2 }), cell("c2", "")),
        row("r2", cell("c3", "Значення"), cell("c4", "1 882 000")),
      ]),
      unit("u1", "після"),
    ),
  );
  sync();
  a.edit((transform, doc) => transform.delete(1, 1 + doc.child(0).child(0).nodeSize));
  b.edit((transform) => transform.insert(4, schema.text("ї")));
  sync();
  b.edit((transform, doc) => transform.insert(doc.child(0).nodeSize - 1, row("r3", cell("c5", "новий"))));
  b.edit((transform, doc) => transform.delete(0, doc.child(0).nodeSize));
});

record("move, cut and paste, undo and redo", (open, sync) => {
  const a = open(111);
  const b = open(112);
  a.edit(append(unit("u1", "перший"), unit("u2", "другий"), unit("u3", "третій")));
  sync();
  a.edit((transform, doc) => {
    const moved = doc.child(2);
    transform.delete(doc.content.size - moved.nodeSize, doc.content.size);
    transform.insert(0, moved);
  });
  b.edit((transform) => transform.insert(3, schema.text("ХХ")));
  sync();
  a.undoManager.undo();
  sync();
  a.undoManager.redo();
  a.undoManager.undo();
  b.undoManager.undo();
  sync();
  b.edit((transform, doc) => transform.replace(1, doc.child(0).nodeSize - 1, new Slice(Fragment.from(schema.text("заміна")), 0, 0)));
  b.undoManager.undo();
});

record("offline and back", (open, sync) => {
  const a = open(113);
  a.edit(append(unit("u1", "спільний текст")));
  sync();
  const b = open(114);
  for (let index = 0; index < 12; index++) a.edit((transform) => transform.insert(1 + index, schema.text("а")));
  for (let index = 0; index < 9; index++) b.edit((transform) => transform.insert(8, schema.text("б")));
  b.edit((transform) => transform.delete(2, 6));
  b.edit(append(unit("u9", "офлайн")));
  b.edit((transform, doc) => transform.delete(doc.content.size - 8, doc.content.size));
  const vector = Y.encodeStateVector(a.doc);
  b.updates.splice(0, b.updates.length, Y.encodeStateAsUpdate(b.doc, vector));
});

writeFileSync(join(here, "editor.json"), `${JSON.stringify(cases)}\n`);
console.log(Object.entries(cases).map(([name, found]) => `${name}: ${found.updates.length} updates`).join("\n"));
