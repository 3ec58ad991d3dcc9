import { expect, it } from "vitest";
import { Network, seed } from "./testing.ts";

it("a click just before a colleague's edit keeps the caret where it was put: the next letter goes there", () => {
  const network = new Network(
    seed([
      ["b0", "point", "Стаття перша"],
      ["b1", "point", "Стаття друга 😀"],
      ["b2", "point", "третя"],
    ]),
  );
  const [a, b] = network.pair;
  a.view.focus();
  a.caret("b0", 3);
  const clicked = a.view.domAtPos(a.at("b1", 6));
  // The browser puts the caret there at once and tells of it in a later task.
  const tell = silence();
  document.getSelection()?.collapse(clicked.node, clicked.offset);
  tell();
  expect(a.view.state.selection.head).toBe(a.at("b0", 3));

  b.type("b2", 0, "Ґ");
  network.settle();

  expect(a.view.state.selection.head).toBe(a.at("b1", 6));
  a.view.dispatch(a.view.state.tr.insertText("Є"));
  network.settle();
  expect(b.read().map((row) => row.at(-1))).toEqual(["Стаття перша", "СтаттяЄ друга 😀", "Ґтретя"]);
});

/** Nobody hears of a moved caret until the returned function is called. */
function silence(): () => void {
  const hold = (event: Event) => event.stopImmediatePropagation();
  window.addEventListener("selectionchange", hold, true);
  return () => window.removeEventListener("selectionchange", hold, true);
}
