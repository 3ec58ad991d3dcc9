"""Editors' notes in consolidated texts: `{Пункт 3 доповнено … згідно з Законом …}` is set apart from the norm (gold 2)."""

import re
from collections.abc import Iterator, Sequence

from server.crdt.content import Run
from server.formats.blocks import Paragraph, RawBlock, cut, strip

_OPENING = re.compile(r"\{\s?(?=[A-ZА-ЯЄІЇҐ0-9])")
_BRACKETED = re.compile(
    r"\(\s*(?:Відомості Верховної Ради|Офіційн|Із змінами|"
    r"Стаття|Статтю|Частин|Пункт|Абзац|Розділ|Назва|Преамбул|Конституцію|Положення)[^\n]*\)\s*\.?\s*$"
)
_PAGE_LINE = re.compile(r"\[\s*image\s*\]\s*$|©\s")
LONGEST = 60
"""How many paragraphs one note may span."""


def split(runs: tuple[Run, ...]) -> Iterator[tuple[tuple[Run, ...], bool]]:
    """A paragraph cut into norm text and notes, in order: (runs, is it a note). Notes are whole braces at either end."""
    text = "".join(run.text for run in runs)
    if "{" not in text:
        yield runs, is_note(text)
        return
    braces = _braces(text)
    first, last = 0, len(text)
    leading: list[tuple[int, int]] = []
    trailing: list[tuple[int, int]] = []
    while braces and not text[first : braces[0][0]].strip():
        leading.append(braces.pop(0))
        first = leading[-1][1]
    while braces and not text[braces[-1][1] : last].strip(" ."):
        trailing.insert(0, (braces.pop()[0], last))
        last = trailing[0][0]
    for start, end in leading:
        yield strip(cut(runs, start, end)), True
    if middle := strip(cut(runs, first, last)):
        rest = "".join(run.text for run in middle)
        if leading and not rest.strip(" .,;"):
            yield middle, True
        else:
            yield middle, is_note(rest)
    for start, end in trailing:
        yield strip(cut(runs, start, end)), True


def is_note(text: str) -> bool:
    """A paragraph in round brackets that old editions use for notes, and lines of the Rada's page."""
    return bool(_BRACKETED.match(text) or _PAGE_LINE.match(text))


def spans(blocks: Sequence[RawBlock]) -> set[int]:
    """The indices of paragraphs that lie inside a note which opens in one paragraph and closes in a later one."""
    inside: set[int] = set()
    index = 0
    while index < len(blocks):
        end = _end_of_span(blocks, index)
        inside.update(range(index, end))
        index = max(end, index + 1)
    return inside


def _end_of_span(blocks: Sequence[RawBlock], start: int) -> int:
    """One past the last paragraph of the note opening at `start`; `start` itself when there is none."""
    block = blocks[start]
    if not isinstance(block, Paragraph) or not block.text.startswith("{") or not _OPENING.match(block.text):
        return start
    depth = 0
    for index in range(start, min(start + LONGEST, len(blocks))):
        block = blocks[index]
        if not isinstance(block, Paragraph):
            return start
        depth += block.text.count("{") - block.text.count("}")
        if depth <= 0:
            return index + 1 if index > start else start
    return start


def _braces(text: str) -> list[tuple[int, int]]:
    """The outermost balanced `{…}` that look like notes, as (start, end)."""
    found: list[tuple[int, int]] = []
    depth = start = 0
    for place, character in enumerate(text):
        if character == "{":
            start = start if depth else place
            depth += 1
        elif character == "}" and depth:
            depth -= 1
            if depth == 0 and _OPENING.match(text, start):
                found.append((start, place + 1))
    return found
