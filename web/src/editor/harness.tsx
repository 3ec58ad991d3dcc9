/** For development only (not in the build): two editors on one document in one page. `?units=3000` for a long act, `?one` for one editor. */

import { useState } from "react";
import { createRoot } from "react-dom/client";
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from "y-protocols/awareness";
import * as Y from "yjs";
import { startI18n } from "../i18n/i18n.ts";
import "../ui/theme.css";
import "../ui/base.css";
import { createElement } from "./elements.ts";
import { ActEditor, type EditorHandle, Outline } from "./index.ts";
import { schema } from "./schema.ts";

const parameters = new URLSearchParams(location.search);
const UNITS: readonly (readonly [string, string])[] = [
  ["issuer", "КАБІНЕТ МІНІСТРІВ УКРАЇНИ"],
  ["act_type", "ПОСТАНОВА"],
  ["title", "Про внесення змін до Правил дорожнього руху"],
  ["preamble", "Кабінет Міністрів України постановляє:"],
  ["section", "Загальні положення"],
  ["point", "Внести до Правил дорожнього руху зміни, що додаються."],
  ["subpoint", "у пункті 1.10 слова «житловим будинком» замінити словами «житловою будівлею»;"],
  ["subpoint", "доповнити пункт абзацом такого змісту:"],
  ["paragraph", "«дорожня станція – об’єкт сервісу, розташований у смузі відведення;»."],
  ["point", "Міністерству внутрішніх справ забезпечити розміщення змін 😀 на офіційному вебсайті."],
  ["article", "Набрання чинності"],
  ["part", "Ця постанова набирає чинності з дня її опублікування."],
  ["signature", "Прем’єр-міністр України"],
];

function seed(): Y.Doc {
  const doc = new Y.Doc({ gc: false });
  const count = Number(parameters.get("units") ?? UNITS.length);
  const units = Array.from({ length: count }, (_, index) => {
    const [kind, text] = UNITS[index < UNITS.length ? index : 5 + (index % 6)] ?? ["paragraph", ""];
    const label = ["section", "point", "subpoint", "article", "part"].includes(kind) ? "auto" : "";
    return createElement(schema.node("unit", { bid: `u${index}`, kind, label }, [schema.text(text)]));
  });
  doc.getXmlFragment("default").insert(0, units);
  return doc;
}

function connect(one: Y.Doc, other: Y.Doc): void {
  one.on("update", (update: Uint8Array, origin: unknown) => origin !== "peer" && Y.applyUpdate(other, update, "peer"));
  other.on("update", (update: Uint8Array, origin: unknown) => origin !== "peer" && Y.applyUpdate(one, update, "peer"));
}

const first = seed();
const second = new Y.Doc({ gc: false });
Y.applyUpdate(second, Y.encodeStateAsUpdate(first));
connect(first, second);
const [here, there] = [new Awareness(first), new Awareness(second)];
here.setLocalStateField("user", { id: "1", name: "Олена Коваль", short: "МВС", body: "mvs", hue: 2 });
there.setLocalStateField("user", { id: "2", name: "Ігор Бойко", short: "Мінфін", body: "minfin", hue: 6 });
const exchange = (from: Awareness, to: Awareness) =>
  from.on("update", (_changes: unknown, origin: unknown) => {
    if (origin !== "peer") applyAwarenessUpdate(to, encodeAwarenessUpdate(from, [from.clientID]), "peer");
  });
exchange(here, there);
exchange(there, here);

declare global {
  interface Window {
    editors: Record<string, EditorHandle>;
    documents: Y.Doc[];
  }
}
window.editors = {};
window.documents = [first, second];

function Side({ name, doc, awareness }: { name: string; doc: Y.Doc; awareness: Awareness }) {
  const [editor, setEditor] = useState<EditorHandle | null>(null);
  const keep = (handle: EditorHandle | null) => {
    if (handle !== null) window.editors[name] = handle;
    setEditor(handle);
  };
  return (
    <div style={{ display: "flex", minWidth: 0, flex: 1, height: "100vh", overflow: "auto" }} className="harness-side">
      {parameters.has("outline") && <aside style={{ width: 240, flex: "none" }}>{editor && <Outline editor={editor} />}</aside>}
      <div style={{ flex: 1, minWidth: 0 }}>
        <ActEditor doc={doc} awareness={awareness} scheme="cabinet" locale="uk" readOnly={false} label="Текст акта" onEditor={keep} />
      </div>
    </div>
  );
}

startI18n("uk");
const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <div style={{ display: "flex" }}>
      <Side name="first" doc={first} awareness={here} />
      {!parameters.has("one") && <Side name="second" doc={second} awareness={there} />}
    </div>,
  );
}
