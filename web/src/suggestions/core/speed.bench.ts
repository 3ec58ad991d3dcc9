/** `npx vitest bench --run src/suggestions`: a keystroke of a reviewer and what it costs to keep records placed, in an act of 3,000 units. */

import { bench, describe } from "vitest";
import * as Y from "yjs";
import { seed } from "../../editor/testing.ts";
import { Base } from "./base.ts";
import { examine } from "./examine.ts";
import { Places } from "./places.ts";
import { TestDrafter, TestReviewer } from "./testing.ts";

const UNITS = 3000;
const TEXT = "Кабінет Міністрів України затверджує порядок надання документів, що додається, і вводить його в дію. ".repeat(2);

const start = seed(Array.from({ length: UNITS }, (_, index) => [`u${index}`, "point", `${index} ${TEXT}`] as const));
const drafter = new TestDrafter(100, start);
const reviewer = new TestReviewer(drafter.doc);
for (let index = 0; index < 500; index++) {
  reviewer.select(reviewer.at(`u${index * 6}`, 10), reviewer.at(`u${index * 6}`, 17));
  reviewer.dispatch(reviewer.state.tr.insertText("слово 😀"));
}
const records = [...reviewer.sent.values()];
const base = new Base(drafter.doc);
const places = new Places(base, records);
const shown = reviewer.state.doc;
reviewer.caret("u2999", 20);
reviewer.type("нове");
const edited = reviewer.state.doc;

describe(`${UNITS} units, ${records.length} suggestions`, () => {
  bench("derive and check the records of one edited unit", () => {
    examine(base, places.layout(), shown, edited);
  });

  bench("a reviewer's keystroke as a whole: filter, derive, check (without a screen)", () => {
    reviewer.dispatch(reviewer.state.tr.insertText("я"));
    reviewer.backspace();
  });

  let offset = 0;
  bench("a drafter's keystroke as the reviewer's view takes it", () => {
    drafter.dispatch(drafter.state.tr.insertText("ж", drafter.state.doc.content.size - 30 - (offset++ % 50)));
  });

  bench("follow a drafter's keystroke with all records placed", () => {
    places.update();
  });
});

describe("once", () => {
  bench("open a review: place 500 records and build the view", () => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, start);
    const own = new Base(doc);
    new Places(own, records).layout();
    own.destroy();
    doc.destroy();
  });
});
