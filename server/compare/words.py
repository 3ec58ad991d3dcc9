"""What changed inside a text, in whole words: never a part of a word, a number, a date or a visible character (rules C10-C16). Pure."""

import re
from collections.abc import Iterable, Sequence

from server.compare.model import Operation, Words
from server.compare.sequence import matches

_JOINED = "\u0300-\u036f\u0483-\u0489\u20d0-\u20f0\ufe00-\ufe0f\u200d\U0001f3fb-\U0001f3ff"
_TOKEN = re.compile(
    rf"[0-9]+(?:[.,/:][0-9]+)*[0-9{_JOINED}⁰¹²³⁴⁵⁶⁷⁸⁹]*"
    rf"|[^\W\d_][\w{_JOINED}]*(?:['’ʼ‑-][^\W\d_][\w{_JOINED}]*)*"
    r"|[ \u00a0]+"
    r"|[\U0001f1e6-\U0001f1ff]{2}"
    rf"|[\s\S][{_JOINED}]*(?:(?<=\u200d)[\s\S][{_JOINED}]*)*"
)
CELL = "\t"
"""Parts the cells of a row; an edit never reaches over it when both rows have as many cells."""

REWRITTEN = 0.3
"""With a smaller share of kept letters between several edits a text counts as rewritten, unless LONG_RUN letters stand together."""

LONG_RUN = 30


_AT_A_TIME = 50_000
"""Characters read in one call: a longer one would hold the interpreter, and with it everybody's edits."""


def tokens(text: str) -> list[str]:
    """The smallest pieces an edit may consist of; they join to the text."""
    if len(text) <= _AT_A_TIME:
        return _TOKEN.findall(text)
    found: list[str] = []
    start = 0
    while start < len(text):
        end = _edge(text, start + _AT_A_TIME)
        found += _TOKEN.findall(text, start, end)
        start = end
    return found


def _edge(text: str, at: int) -> int:
    """The next place before a space with which a piece begins."""
    end = text.find(" ", at)
    while end > 0 and text[end - 1] in " \u00a0\u200d":
        end = text.find(" ", end + 1)
    return end if end > 0 else len(text)


def diff(left: str, right: str) -> Words:
    """The edits that make `right` of `left`. Deletions stand before insertions."""
    if left == right:
        return (("=", left),)
    if CELL in left and left.count(CELL) == right.count(CELL):
        return _by_cells(left.split(CELL), right.split(CELL))
    return _text(left, right)


def _by_cells(left: Sequence[str], right: Sequence[str]) -> Words:
    pieces: list[tuple[Operation, str]] = []
    for place, (ours, theirs) in enumerate(zip(left, right, strict=True)):
        if place:
            pieces.append(("=", CELL))
        pieces += (("=", ours),) if ours == theirs else _text(ours, theirs)
    return _joined(pieces)


def _text(left: str, right: str) -> Words:
    ours, theirs = tokens(left), tokens(right)
    codes: dict[str, int] = {}
    found = matches([codes.setdefault(token, len(codes)) for token in ours], [codes.setdefault(token, len(codes)) for token in theirs])
    kept = _without_confetti(_runs(found), ours)
    if _is_rewritten(kept, ours, theirs):
        return _joined((("-", left), ("+", right)))
    return _joined(_pieces(kept, ours, theirs))


Kept = tuple[int, int, int]
"""A run of equal tokens: index on the left, on the right, length."""


def _runs(found: Iterable[tuple[int, int]]) -> list[Kept]:
    runs: list[Kept] = []
    for i, j in found:
        if runs and runs[-1][0] + runs[-1][2] == i and runs[-1][1] + runs[-1][2] == j:
            runs[-1] = (runs[-1][0], runs[-1][1], runs[-1][2] + 1)
        else:
            runs.append((i, j, 1))
    return runs


def _without_confetti(runs: Sequence[Kept], ours: Sequence[str]) -> list[Kept]:
    """Drops runs between two edits that hold no word, or a short one between longer edits: they only break up a phrase."""
    kept: list[Kept] = []
    for place, (i, j, length) in enumerate(runs):
        before = kept[-1] if kept else (0, 0, 0)
        after = runs[place + 1] if place + 1 < len(runs) else None
        gap_before = max(i - before[0] - before[2], j - before[1] - before[2])
        gap_after = max(after[0] - i, after[1] - j) - length if after else 0
        letters = _letters(ours[i : i + length])
        is_edge = (i == 0 and j == 0) or after is None
        if is_edge or (letters > 0 and (letters > 3 or min(gap_before, gap_after) < 5)):
            kept.append((i, j, length))
    return kept


def _is_rewritten(kept: Sequence[Kept], ours: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether so little is kept between several edits that they are better read as a whole."""
    inner = [(i, j) for i, j, length in kept if (i or j) and (i + length < len(ours) or j + length < len(theirs))]
    if not inner:
        return False
    sizes = [_letters(ours[i : i + length]) for i, _, length in kept]
    if max(sizes) >= LONG_RUN:
        return False
    whole = sorted((_letters(ours), _letters(theirs)))
    is_part = sum(sizes) >= 0.8 * whole[0] and whole[0] > LONG_RUN
    return not is_part and sum(sizes) < REWRITTEN * whole[1]


def _letters(pieces: Iterable[str]) -> int:
    return sum(len(piece) for piece in pieces if piece[0].isalnum())


def _pieces(kept: Sequence[Kept], ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[Operation, str]]:
    pieces: list[tuple[Operation, str]] = []
    low = start = 0
    for i, j, length in (*kept, (len(ours), len(theirs), 0)):
        pieces.append(("-", "".join(ours[low:i])))
        pieces.append(("+", "".join(theirs[start:j])))
        pieces.append(("=", "".join(ours[i : i + length])))
        low, start = i + length, j + length
    return pieces


def _joined(pieces: Iterable[tuple[Operation, str]]) -> Words:
    joined: list[tuple[Operation, str]] = []
    for operation, text in pieces:
        if not text:
            continue
        if joined and joined[-1][0] == operation:
            joined[-1] = (operation, joined[-1][1] + text)
        else:
            joined.append((operation, text))
    return tuple(joined)
