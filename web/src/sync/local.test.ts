import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { type Change, Keeping } from "./keeping";
import { LocalCopies, type LocalCopy } from "./local";
import { asPlainText, ownWordsOnly, readUnsent } from "./unsentText";

const ACT = "0190f3c2a7b94f6e8d5c4b3a29180706";
const EPOCH = "00112233445566ff";

let name = "";
let count = 0;

beforeEach(() => {
  count += 1;
  name = `test-${count}`;
});

function unit(doc: Y.Doc, bid: string, text: string): Y.XmlText {
  const element = new Y.XmlElement("unit");
  element.setAttribute("bid", bid);
  element.setAttribute("kind", "paragraph");
  const content = new Y.XmlText(text);
  element.insert(0, [content]);
  doc.getXmlFragment("default").push([element]);
  return content;
}

/** Runs `work` on the document; the updates it made, one per transaction. */
function changes(doc: Y.Doc, work: () => void): Uint8Array[] {
  const updates: Uint8Array[] = [];
  const note = (update: Uint8Array) => updates.push(update);
  doc.on("update", note);
  work();
  doc.off("update", note);
  return updates;
}

function texts(doc: Y.Doc): string[] {
  return doc
    .getXmlFragment("default")
    .toArray()
    .map((element) => (element as Y.XmlElement).toArray().join(""));
}

async function reopen(): Promise<{ copy: LocalCopy; doc: Y.Doc; unsent: { id: number; update: Uint8Array }[] }> {
  const copies = await LocalCopies.open("u-1", name);
  const copy = await copies.openCopy(ACT, EPOCH, "write", "Про дороги");
  const doc = new Y.Doc();
  return { copy, doc, unsent: await copy.load(doc) };
}

describe("a copy on this device", () => {
  it("brings back the text and which changes are unsent, after the page was closed", async () => {
    const { copy, doc } = await reopen();
    const [first] = changes(doc, () => unit(doc, "b1", "Стаття 1. Ґрунтові дороги 😀")) as [Uint8Array];
    const [stored] = (await copy.keep([first])) as [number];
    const [second] = changes(doc, () => unit(doc, "b2", "е́ — наголос")) as [Uint8Array];
    await copy.keep([second]);
    await copy.acknowledge([stored]);

    const again = await reopen();
    expect(texts(again.doc)).toEqual(["Стаття 1. Ґрунтові дороги 😀", "е́ — наголос"]);
    expect(again.unsent.map((row) => row.update)).toEqual([second]);
  });

  it("stores what was received before the change that builds on it", async () => {
    const server = new Y.Doc();
    const text = unit(server, "b1", "від сервера");
    const { copy, doc } = await reopen();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(server));
    copy.receive(Y.encodeStateAsUpdate(server));
    const mine = new Y.Doc();
    Y.applyUpdate(mine, Y.encodeStateAsUpdate(server));
    const [typed] = changes(mine, () => ((mine.getXmlFragment("default").get(0) as Y.XmlElement).get(0) as Y.XmlText).insert(0, "Ї")) as [
      Uint8Array,
    ];
    await copy.keep([typed]);
    expect(text.toString()).toBe("від сервера");

    expect(texts((await reopen()).doc)).toEqual(["Ївід сервера"]);
  });

  it("keeps what another tab wrote when one tab compacts", async () => {
    const one = await reopen();
    const other = await reopen();
    for (const letter of "абвгґд") {
      const [update] = changes(one.doc, () => unit(one.doc, letter, letter)) as [Uint8Array];
      await one.copy.keep([update]);
    }
    const [foreign] = changes(other.doc, () => unit(other.doc, "z", "з іншої вкладки")) as [Uint8Array];
    await other.copy.keep([foreign]);
    await one.copy.compact(one.doc);
    expect(one.copy.rowCount).toBe(1);

    const again = await reopen();
    expect([...texts(again.doc)].sort()).toEqual([..."абвгґд", "з іншої вкладки"].sort());
    expect(again.unsent).toHaveLength(7);
  });

  it("is opened for its person alone, and by its epoch", async () => {
    const { copy, doc } = await reopen();
    await copy.keep([changes(doc, () => unit(doc, "b1", "таємне"))[0] as Uint8Array]);

    const someoneElse = await LocalCopies.open("u-2", name);
    expect(await someoneElse.findCopy(ACT)).toBeNull();
    expect(await someoneElse.listUnsent()).toEqual([]);
    const theirs = new Y.Doc();
    await (await someoneElse.openCopy(ACT, EPOCH, "write", "")).load(theirs);
    expect(texts(theirs)).toEqual([]);

    const mine = await LocalCopies.open("u-1", name);
    const later = new Y.Doc();
    await (await mine.openCopy(ACT, "ffffffffffffffff", "write", "")).load(later);
    expect(texts(later)).toEqual([]);
  });

  it("leaves nothing after sign-out, and asks about unsent changes before", async () => {
    const { copy, doc } = await reopen();
    await copy.keep([changes(doc, () => unit(doc, "b1", "ненадіслане"))[0] as Uint8Array]);
    const copies = await LocalCopies.open("u-1", name);
    expect((await copies.listUnsent()).map(({ head, count }) => [head.title, count])).toEqual([["Про дороги", 1]]);

    await copies.removeAll();
    expect(await copies.listUnsent()).toEqual([]);
    expect(texts((await reopen()).doc)).toEqual([]);
  });

  it("keeps what was set aside until it is thrown away", async () => {
    const copies = await LocalCopies.open("u-1", name);
    const aside = await copies.addAside({
      user: "u-1",
      document: ACT,
      epoch: EPOCH,
      title: "Про дороги",
      reason: "epoch",
      rule: "",
      at: 1,
      units: [{ bid: "b1", kind: "article", runs: [{ text: "слова", isUnsent: true }], removed: 0, attributes: [] }],
      update: new Uint8Array([0, 0]),
    });
    expect((await (await LocalCopies.open("u-1", name)).listAsides()).map((kept) => kept.units[0]?.runs[0]?.text)).toEqual(["слова"]);
    expect(await (await LocalCopies.open("u-2", name)).listAsides()).toEqual([]);
    await copies.removeAside(aside.id);
    expect(await copies.listAsides()).toEqual([]);
  });

  it("writes together what the server does not have in a moment, behind what it builds on", async () => {
    const keeping = new Keeping(await LocalCopies.open("u-1", name), ACT, () => undefined);
    const doc = new Y.Doc();
    await keeping.begin(doc, EPOCH, "write", "", []);
    const typed = changes(doc, () => {
      const text = unit(doc, "b1", "Стаття 1. Ґрунтові дороги");
      text.insert(8, "¹");
      text.insert(text.length, " 😀");
    });
    const [saved, ...waiting] = typed.map((update) => keeping.keep(update, doc)) as [Change, ...Change[]];
    expect(keeping.isWriting).toBe(true);
    keeping.acknowledge([saved], doc);
    expect(await saved.stored).toBeNull();
    keeping.keepNow();
    await Promise.all(waiting.map((change) => change.stored));
    expect(keeping.isWriting).toBe(false);

    const crashed = await reopen();
    expect(texts(crashed.doc)).toEqual(["Стаття 1¹. Ґрунтові дороги 😀"]);
    expect(crashed.unsent.map(({ update }) => update)).toEqual(waiting.map(({ update }) => update));

    keeping.acknowledge(waiting, doc);
    await expect.poll(async () => (await reopen()).unsent.length).toBe(0);
    expect(texts((await reopen()).doc)).toEqual(["Стаття 1¹. Ґрунтові дороги 😀"]);
  });

  it("writes without being told to", async () => {
    const keeping = new Keeping(await LocalCopies.open("u-1", name), ACT, () => undefined);
    const doc = new Y.Doc();
    await keeping.begin(doc, EPOCH, "write", "", []);
    const [update] = changes(doc, () => unit(doc, "b1", "без зв’язку"));
    expect(await keeping.keep(update as Uint8Array, doc).stored).not.toBeNull();
    expect((await reopen()).unsent.map((kept) => kept.update)).toEqual([update]);
  });

  it("says when the device does not store, and editing goes on", async () => {
    const copies = await LocalCopies.open("u-1", name);
    const states: string[] = [];
    const keeping = new Keeping(copies, ACT, (state) => states.push(state));
    const doc = new Y.Doc();
    await keeping.begin(doc, EPOCH, "write", "", []);
    expect(states.at(-1)).toBe("kept");
    copies.close();
    const change = keeping.keep(changes(doc, () => unit(doc, "b1", "далі"))[0] as Uint8Array, doc);
    expect(await change.stored).toBeNull();
    expect(states.at(-1)).toBe("failed");
  });
});

describe("the words in unsent changes", () => {
  it("are shown unit by unit, apart from the text around them", () => {
    const doc = new Y.Doc();
    const first = unit(doc, "b1", "Дорожня станція 🏚️ діє");
    unit(doc, "b2", "Незмінний абзац");
    const updates = changes(doc, () => {
      first.insert(8, "нова ");
      first.delete(0, 2);
      unit(doc, "b3", "Ще один абзац, ґ́");
    });

    const units = readUnsent(doc, updates);
    expect(units.map((shown) => [shown.bid, asPlainText([shown]), shown.removed])).toEqual([
      ["b1", "рожня ⟦нова ⟧станція 🏚️ діє", 2],
      ["b3", "⟦Ще один абзац, ґ́⟧", 0],
    ]);
    expect(asPlainText(ownWordsOnly(units))).toBe("⟦нова ⟧\n\n⟦Ще один абзац, ґ́⟧");
  });

  it("tell a change of kind, and reach into cells of tables", () => {
    const doc = new Y.Doc();
    unit(doc, "b1", "Пункт");
    const table = new Y.XmlElement("table");
    const row = new Y.XmlElement("row");
    const cell = new Y.XmlElement("cell");
    const text = new Y.XmlText("сума");
    cell.insert(0, [text]);
    row.insert(0, [cell]);
    table.insert(0, [row]);
    doc.getXmlFragment("default").push([table]);
    const updates = changes(doc, () => {
      (doc.getXmlFragment("default").get(0) as Y.XmlElement).setAttribute("kind", "article");
      text.insert(4, " грн");
    });

    expect(readUnsent(doc, updates).map((shown) => [shown.kind, shown.attributes, asPlainText([shown])])).toEqual([
      ["article", ["kind"], "Пункт"],
      ["cell", [], "сума⟦ грн⟧"],
    ]);
  });
});
