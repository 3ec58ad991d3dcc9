"""Block rules for markdown-it that real consolidated acts need: pandoc's anchors, fences, grid and simple tables, front matter."""

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

_ANCHOR = re.compile(r"\[\]\{#([\w-]+)[^}]*\}\s*$")
_BORDER = re.compile(r"\+(?:[-=:]+\+)+\s*$")
_RULED = re.compile(r"\s*-{3,}(?:\s+-+)*\s*$")
_FRONT_LINE = re.compile(r"[\w-]+\s*:|\s|$|#|-")


@cache
def parser() -> MarkdownIt:
    """CommonMark with tables, strikethrough and the rules of this module; inline content is left for the caller."""
    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    markdown.block.ruler.before("table", "front_matter", _front_matter)
    markdown.block.ruler.before("table", "anchor", _anchor, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    markdown.block.ruler.before("table", "fenced_div", _fenced_div, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    markdown.block.ruler.before("table", "grid_table", _grid_table, {"alt": ["paragraph", "reference"]})
    markdown.block.ruler.before("table", "simple_table", _simple_table, {"alt": []})
    markdown.core.ruler.disable("inline")
    return markdown


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _raw_line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] : state.eMarks[line]]


def _push(state: StateBlock, kind: str, start: int, end: int, content: str) -> None:
    state.line = end
    token = state.push(kind, "", 0)
    token.map = [start, end]
    token.content = content


def _front_matter(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`---`, lines of `key: value`, `---` at the very beginning of the file."""
    if start or state.level or _raw_line(state, 0).rstrip() != "---":
        return False
    for line in range(1, min(end, 200)):
        text = _raw_line(state, line)
        if text.rstrip() == "---":
            if not silent:
                _push(state, "front_matter", 0, line + 1, "\n".join(_raw_line(state, inner) for inner in range(1, line)))
            return True
        if not _FRONT_LINE.match(text):
            return False
    return False


def _anchor(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A line `[]{#n248}`: the source's id of the block that follows."""
    if not state.src.startswith("[]{#", state.bMarks[start] + state.tShift[start]):
        return False
    found = _ANCHOR.match(_line(state, start))
    if found is None:
        return False
    if not silent:
        _push(state, "anchor", start, start + 1, found[1])
    return True


def _fenced_div(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A line `::: {#article}` or `:::` opens or closes a division; the content is read as if it were not there."""
    line = _line(state, start)
    if not line.startswith(":::") or not re.match(r":{3,}\s*(?:\{[^}]*\})?\s*$", line):
        return False
    if not silent:
        _push(state, "fenced_div", start, start + 1, "")
    return True


def _grid_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if not state.src.startswith("+", state.bMarks[start] + state.tShift[start]) or not _BORDER.match(_line(state, start)):
        return False
    line = start + 1
    while line < end and _line(state, line).startswith(("|", "+")):
        line += 1
    if line < start + 3 or not _BORDER.match(_line(state, line - 1)):
        return False
    if not silent:
        _push(state, "grid_table", start, line, "\n".join(_line(state, inner) for inner in range(start, line)))
    return True


def _simple_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A pandoc table without a header: rows between two equal lines of dashes, indented by two spaces."""
    if state.level or not 0 < state.sCount[start] < 4 or not _RULED.match(_raw_line(state, start)):
        return False
    ruler = _raw_line(state, start).rstrip()
    line = start + 1
    while line < end and _raw_line(state, line).strip() and _raw_line(state, line).rstrip() != ruler:
        line += 1
    if line >= end or line == start + 1 or _raw_line(state, line).rstrip() != ruler:
        return False
    if not silent:
        _push(state, "simple_table", start, line + 1, "\n".join(_raw_line(state, inner) for inner in range(start, line + 1)))
    return True


def grid_cells(content: str) -> list[list[str]]:
    """The cells of a grid table, each as its Markdown; a cell that spans columns is one cell."""
    table_lines = content.split("\n")
    starts = [place for place, character in enumerate(table_lines[0]) if character == "+"]
    rows: list[list[list[str]]] = [[]]
    for line in table_lines[1:]:
        if line.startswith("+"):
            rows.append([])
        else:
            rows[-1].append(_split(line, starts))
    return [_stack(row) for row in rows if row]


def _split(line: str, starts: list[int]) -> list[str]:
    edges = [start for start in starts[1:-1] if start < len(line) and line[start] == "|"]
    cells = [line[first + 1 : last] for first, last in zip([starts[0], *edges], [*edges, starts[-1]], strict=True)]
    rest = line[starts[-1] :].strip().removeprefix("|")
    return [*cells[:-1], cells[-1] + rest] if rest else cells


def _stack(row: list[list[str]]) -> list[str]:
    width = max(len(line) for line in row)
    return ["\n".join(line[column].strip() if column < len(line) else "" for line in row).strip() for column in range(width)]


def simple_cells(content: str) -> list[list[str]]:
    """The cells of a simple table, each as its Markdown."""
    ruler, *rows = content.split("\n")[:-1]
    starts = [found.start() for found in re.finditer(r"-+", ruler)]
    ends: list[int | None] = [*starts[1:], None]
    return [
        [line[0 if index == 0 else start : end].strip() for index, (start, end) in enumerate(zip(starts, ends, strict=True))]
        for line in rows
    ]
