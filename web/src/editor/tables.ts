/** Tables: insert, rows and columns, merge and split of cells, header cells, moving between cells. New cells get their ids from `unit-ids.ts`. */

import type { Node } from "prosemirror-model";
import { type Command, type EditorState, TextSelection } from "prosemirror-state";
import {
  addColumnAfter,
  addColumnBefore,
  addRowAfter,
  addRowBefore,
  CellSelection,
  deleteColumn,
  deleteRow,
  deleteTable,
  goToNextCell,
  isInTable,
  mergeCells,
  selectedRect,
  splitCell,
} from "prosemirror-tables";
import { newBid, PLACEHOLDER, schema } from "./schema.ts";

export { addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, deleteColumn, deleteRow, deleteTable, isInTable };

/** A table behind the unit of the caret, with the caret in its first cell. */
export function insertTable(rows: number, columns: number): Command {
  return (state, dispatch) => {
    const { $from } = state.selection;
    if ($from.depth === 0 || isInTable(state)) return false;
    if (dispatch === undefined) return true;
    const { quoted = "", scope = "" } = $from.node(1).attrs;
    const cell = (header: string) => schema.node("cell", { bid: newBid(), header });
    const row = (index: number) =>
      schema.node(
        "row",
        { bid: newBid() },
        Array.from({ length: columns }, () => cell(index === 0 ? "true" : "")),
      );
    const table = schema.node(
      "table",
      { bid: newBid(), quoted, scope },
      Array.from({ length: rows }, (_, index) => row(index)),
    );
    const at = $from.after(1);
    const blocks = state.doc.maybeChild($from.indexAfter(0)) ? [table] : [table, schema.node("unit", { bid: newBid(), quoted, scope })];
    const tr = state.tr.insert(at, blocks);
    dispatch(tr.setSelection(TextSelection.create(tr.doc, at + 3)).scrollIntoView());
    return true;
  };
}

/** Tab in the last cell adds a row. */
export const nextCell: Command = (state, dispatch, view) => {
  if (!isInTable(state)) return false;
  if (goToNextCell(1)(state, dispatch)) return true;
  if (dispatch === undefined || view === undefined) return true;
  addRowAfter(state, dispatch);
  return goToNextCell(1)(view.state, view.dispatch);
};

export const previousCell: Command = (state, dispatch) => isInTable(state) && (goToNextCell(-1)(state, dispatch) || true);

/** Merges the selected cells; their texts stand on lines of their own, none is lost. */
export const mergeSelectedCells: Command = (state, dispatch) => {
  if (!(state.selection instanceof CellSelection) || !mergeCells(state)) return false;
  if (dispatch === undefined) return true;
  const { tr } = state;
  const filled = cellsOf(state.selection).filter(([cell]) => cell.content.size > 0);
  const separator = schema.text(PLACEHOLDER, [schema.mark("break")]);
  for (const [cell, position] of filled.slice(1).reverse()) tr.insert(position + 1, filled[0]?.[0] === cell ? [] : separator);
  mergeCells(state.apply(tr), (merging) => {
    for (const step of merging.steps) tr.step(step);
    tr.setSelection(TextSelection.near(tr.doc.resolve(merging.selection.from + 1)));
  });
  dispatch(tr);
  return true;
};

function cellsOf(selection: CellSelection): [Node, number][] {
  const cells: [Node, number][] = [];
  selection.forEachCell((cell, position) => {
    cells.push([cell, position]);
  });
  return cells;
}

export const splitSelectedCell: Command = (state, dispatch) => splitCell(state, dispatch);

/** Makes the cells of the caret's row header cells, or ordinary ones again. */
export const toggleHeaderRow: Command = (state, dispatch) => {
  if (!isInTable(state)) return false;
  const { map, tableStart, table, top, bottom } = selectedRect(state);
  const positions = [...new Set(map.cellsInRect({ left: 0, right: map.width, top, bottom }))];
  const all = positions.every((position) => table.nodeAt(position)?.attrs.header);
  const tr = state.tr;
  for (const position of positions) tr.setNodeAttribute(tableStart + position, "header", all ? "" : "true");
  dispatch?.(tr);
  return true;
};

/** True when cells can be merged now. */
export function canMerge(state: EditorState): boolean {
  return state.selection instanceof CellSelection && mergeCells(state);
}

/** True when the caret's cell spans several places. */
export function canSplit(state: EditorState): boolean {
  return isInTable(state) && splitCell(state);
}
