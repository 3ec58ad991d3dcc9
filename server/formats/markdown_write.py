"""A tree as Markdown that reads back with the same labels and text; nothing in it can become HTML or a script."""

import re

from server.crdt.content import Run
from server.formats.blocks import lines, safe_href
from server.formats.render import Rendering
from server.text.tree import Cell, Table, Unit

_HASHES = {"title": 1, "book": 2, "section": 2, "subsection": 3, "chapter": 3, "clause": 4}
_SPECIAL = re.compile(r"([\\`*_\[\]<~])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LINE_START = re.compile(r"^(\s*)([#>+=-]|:{3})")
_LIST_START = re.compile(r"^(\s*[0-9]{1,9})([.)])(?=\s|$)")
_LINE_ENDS = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_TAGS = {"underline": "u", "sup": "sup", "sub": "sub", "strike": "s", "strong": "strong", "em": "em"}
_SYMBOLS = {"strong": "**", "em": "*", "strike": "~~"}


def write_markdown(rendering: Rendering) -> str:
    """The whole tree; blocks are separated by an empty line."""
    blocks = (_unit(block, rendering) if isinstance(block, Unit) else _table(block, rendering) for block in rendering.tree.blocks)
    return "".join(f"{block}\n\n" for block in blocks if block.strip()).rstrip("\n") + "\n"


def _unit(unit: Unit, rendering: Rendering) -> str:
    label, runs = _label(rendering.labels[unit.bid]), rendering.runs(unit.runs, unit.bid)
    hashes = _hashes(unit)
    text = _inline(runs, "<br>" if hashes else "\\\n", starts_line=bool(label) or not hashes)
    line = f"{label} {text}".strip() if label else text
    if not hashes:
        return line
    return f"{'#' * hashes} {line.replace('#', chr(92) + '#')}" if line else ""


def _hashes(unit: Unit) -> int:
    """How deep a Markdown heading a unit is, 0 for a paragraph."""
    if unit.kind == "heading":
        return min(max(unit.level, 2), 6)
    if unit.kind == "article" and not re.search(r"[.:;,!?…]\s*$", unit.text):
        return 4
    return _HASHES.get(unit.kind, 0)


def _label(label: str) -> str:
    """A label keeps its dots, dashes and brackets bare, as acts are written; a list reads back the same."""
    text = _LINE_ENDS.sub(" ", label).strip()
    if text == "-":
        return text
    return _LINE_START.sub(r"\1\\\2", _ENTITY.sub(r"\\&", _SPECIAL.sub(r"\\\1", text)), count=1)


def _table(table: Table, rendering: Rendering) -> str:
    rows = [[_cell(cell, rendering) for cell in row.cells] for row in table.rows]
    spans = [[cell.colspan for cell in row.cells] for row in table.rows]
    filled = [
        [part for cell, span in zip(row, widths, strict=True) for part in (cell, *[""] * (min(span, 50) - 1))]
        for row, widths in zip(rows, spans, strict=True)
    ]
    width = max((len(row) for row in filled), default=0)
    if not width:
        return ""
    header = filled.pop(0) if any(cell.header for cell in table.rows[0].cells) and any(filled[0]) else []
    padded = [header + [""] * (width - len(header)), ["---"] * width, *(row + [""] * (width - len(row)) for row in filled)]
    return "\n".join(f"| {' | '.join(row)} |" for row in padded)


def _cell(cell: Cell, rendering: Rendering) -> str:
    return _inline(rendering.runs(cell.runs), "<br>", starts_line=False).replace("|", "\\|").strip()


def _inline(runs: tuple[Run, ...], line_break: str, *, starts_line: bool) -> str:
    shown = [_line(line, starts_line or (place > 0 and line_break != "<br>")) for place, line in enumerate(lines(runs))]
    return line_break.join(shown)


def _line(runs: tuple[Run, ...], starts_line: bool) -> str:
    """One line of stripped runs, from its beginning to a break."""
    written: list[str] = []
    for place, run in enumerate(runs):
        text = _escape(run.text, starts_line and place == 0)
        if place + 1 < len(runs) and text.endswith("!"):
            text = f"{text[:-1]}\\!"
        written.append(_marked(text, run, _stands_alone(runs, place)))
    return "".join(written)


def _stands_alone(runs: tuple[Run, ...], place: int) -> bool:
    """Whether no other marked run touches this one, so that `**` cannot be taken for another's."""
    run = runs[place]
    before, after = runs[max(place - 1, 0) : place], runs[place + 1 : place + 2]
    touched_before = any(other.marks and not other.text[-1:].isspace() for other in before) and not run.text[:1].isspace()
    touched_after = any(other.marks and not other.text[:1].isspace() for other in after) and not run.text[-1:].isspace()
    return not touched_before and not touched_after


def _escape(text: str, starts_line: bool) -> str:
    text = _ENTITY.sub(r"\\&", _SPECIAL.sub(r"\\\1", _LINE_ENDS.sub(" ", text)))
    if starts_line:
        text = _LIST_START.sub(r"\1\\\2", _LINE_START.sub(r"\1\\\2", text, count=1), count=1)
    return text


def _marked(text: str, run: Run, alone: bool) -> str:
    core = text.strip()
    if not core or not run.marks:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    marks = [name for name in _TAGS if name in run.marks]
    symbols = alone and core[0].isalnum() and core[-1].isalnum() and (set(marks) <= {"strong", "em"} or marks == ["strike"])
    for name in marks:
        core = f"{_SYMBOLS[name]}{core}{_SYMBOLS[name]}" if symbols else f"<{_TAGS[name]}>{core}</{_TAGS[name]}>"
    href = safe_href(str(run.marks.get("link", {}).get("href", "")))
    if href:
        core = f"[{core}](<{href.replace('<', '%3C').replace('>', '%3E').replace(chr(92), '%5C')}>)"
    return before + core + after
