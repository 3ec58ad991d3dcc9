import { EditorState, Plugin, TextSelection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { afterEach, expect, test, vi } from "vitest";
import { letters } from "./letters.ts";
import { schema } from "./schema.ts";
import { typing } from "./typing.ts";

const COMPUTER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const PHONE = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36";

afterEach(() => {
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

/** An editor of one paragraph with the caret at an offset. */
function open(text: string, offset: number, { agent = COMPUTER, plugins = [] as Plugin[] } = {}): EditorView {
  vi.spyOn(navigator, "userAgent", "get").mockReturnValue(agent);
  const doc = schema.node("doc", null, [schema.node("unit", { bid: "о1", kind: "paragraph" }, text === "" ? [] : [schema.text(text)])]);
  const state = EditorState.create({ doc, plugins: [typing(), letters(), ...plugins] });
  const view = new EditorView(document.body.appendChild(document.createElement("div")), { state });
  view.focus();
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 1 + offset)));
  return view;
}

function keyOf(letter: string): KeyboardEvent {
  const event = new KeyboardEvent("keypress", { key: letter, bubbles: true, cancelable: true });
  return Object.defineProperty(event, "charCode", { value: letter.charCodeAt(0) }); // as Chromium says it: half of a long one
}

/** True when the browser has nothing left to do. */
function press(view: EditorView, letter: string): boolean {
  const event = keyOf(letter);
  view.dom.dispatchEvent(event);
  return event.defaultPrevented;
}

test("a letter within words is written into their own text node", () => {
  const view = open("Кабінет", 3);
  const node = view.domAtPos(4).node;
  expect(press(view, "ґ")).toBe(true);
  expect(view.state.doc.textContent).toBe("Кабґінет");
  expect(node.textContent).toBe("Кабґінет");
  expect(view.domAtPos(4).node).toBe(node);
  expect(view.state.selection.head).toBe(5);
});

test.each([
  ["in one key", ["😀"]],
  ["in two halves", ["\ud83d", "\ude00"]],
  ["after a half that came alone", ["\ude00", "\ud83d", "😀"]],
])("a character beyond 0xFFFF is written whole, %s", (_how, keys) => {
  for (const offset of [0, 3]) {
    const view = open("Кабінет", offset);
    for (const key of keys) expect(press(view, key)).toBe(true);
    press(view, "ґ");
    expect(view.state.doc.textContent).toBe(`${"Кабінет".slice(0, offset)}😀ґ${"Кабінет".slice(offset)}`);
  }
});

test("a letter that is refused does not stay on the page", () => {
  const view = open("Кабінет", 3, { plugins: [new Plugin({ filterTransaction: (transaction) => !transaction.docChanged })] });
  expect(press(view, "ґ")).toBe(true);
  expect(view.state.doc.textContent).toBe("Кабінет");
  expect(view.dom.textContent).toBe("Кабінет");
  expect(document.getSelection()?.anchorOffset).toBe(3);
});

test("a letter that another part takes back at once does not stay on the page", () => {
  const back = new Plugin({
    appendTransaction: ([first], before, state) =>
      first?.docChanged === true ? state.tr.replaceWith(0, state.doc.content.size, before.doc.content) : null,
  });
  const view = open("Кабінет", 7, { plugins: [back] });
  press(view, "ґ");
  expect(view.state.doc.textContent).toBe("Кабінет");
  expect(view.dom.textContent).toBe("Кабінет");
});

test("a letter that is set apart behind the words stands once", () => {
  const apart = new Plugin({
    appendTransaction: ([first], _before, state) =>
      first?.docChanged === true && first.getMeta("apart") === undefined
        ? state.tr.addMark(8, 9, schema.mark("strong")).setMeta("apart", true)
        : null,
  });
  const view = open("Кабінет", 7, { plugins: [apart] });
  press(view, " ");
  expect(view.state.doc.textContent).toBe("Кабінет ");
  expect(view.dom.textContent).toBe("Кабінет ");
  expect(view.dom.querySelector("strong, b")?.textContent).toBe(" ");
});

test("a letter never goes to an old caret: one that the editor does not know of is left to the browser", () => {
  const view = open("Кабінет", 2);
  const { node } = view.domAtPos(3);
  document.addEventListener("selectionchange", (event) => event.stopImmediatePropagation(), { capture: true, once: true });
  document.getSelection()?.collapse(node, 6);
  expect(view.state.selection.head).toBe(3);
  expect(press(view, "ґ")).toBe(false);
  expect(view.state.doc.textContent).toBe("Кабінет");
  expect(view.dom.textContent).toBe("Кабінет");
});

test("what makes a point of a paragraph is asked first", () => {
  const view = open("а)", 2);
  expect(press(view, " ")).toBe(true);
  expect(view.state.doc.firstChild?.attrs.kind).toBe("subpoint");
  expect(view.dom.querySelector("[data-bid]")?.textContent ?? view.dom.textContent).not.toContain("а)");
});

test.each([
  ["an empty paragraph", "", 0, COMPUTER],
  ["the head of a line", "Кабінет", 0, COMPUTER],
  ["a phone", "Кабінет", 3, PHONE],
  ["another engine", "Кабінет", 3, "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"],
])("%s is left to the browser", (_where, text, offset, agent) => {
  const view = open(text, offset, { agent });
  expect(press(view, "ґ")).toBe(false);
  expect(view.state.doc.textContent).toBe(text);
});

test("a selection, an asked format and a line end are left to the browser", () => {
  const view = open("Кабінет", 3);
  expect(press(view, "\r")).toBe(false);
  view.dispatch(view.state.tr.setStoredMarks([schema.mark("strong")]));
  expect(press(view, "ґ")).toBe(false);
  view.dispatch(view.state.tr.setStoredMarks(null).setSelection(TextSelection.create(view.state.doc, 2, 4)));
  view.someProp("handleKeyPress", (handle) => expect(handle(view, keyOf("ґ"))).toBeFalsy()); // ProseMirror itself replaces selections
  expect(view.state.doc.textContent).toBe("Кабінет");
});
