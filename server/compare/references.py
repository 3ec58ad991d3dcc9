"""Edits that only follow a renumbering: "статті 12" became "статті 13" because article 12 did (rule C25). Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from server.compare.folding import typographic
from server.compare.model import Words
from server.formats.canonical import Line

_CITED = re.compile(
    r"(?:\b(?:статт|стате|ст\.|частин|ч\.|пункт|п\.|підпункт|пп\.|абзац|розділ|глав|параграф|§|додат|книг|підрозділ|приміт)[а-яіїєґ']*"
    r"|\b(?:articles?|arts?\.|sections?|paragraphs?|points?|chapters?|annex(?:es)?|Artikeln?|Abs(?:atz|\.)|articles?))"
    r"[\s0-9IVXLC.,()\"'“”«»а-яіїєґa-z¹²³⁰⁴-⁹-]{0,60}$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[0-9]+(?:[.-][0-9]+)*|[IVXLCІХС]+(?:-[0-9]+)?|(?<![^\W\d_])[а-яґєіїa-z](?![^\W\d_])")
_REACH = 160

Renumbering = Mapping[str, frozenset[str]]
"""Old numbers to the new ones they became."""


def renumbering(pairs: Iterable[tuple[Line, Line]]) -> Renumbering:
    """What the labels of aligned units say about numbers that moved."""
    found: dict[str, set[str]] = defaultdict(set)
    for left, right in pairs:
        if left.label != right.label:
            old, new = _NUMBER.findall(typographic(left.label)), _NUMBER.findall(typographic(right.label))
            if old and new and old[-1] != new[-1]:
                found[old[-1]].add(new[-1])
    return {old: frozenset(new) for old, new in found.items()}


def follow(words: Words, moved: Renumbering) -> bool:
    """Whether every edit replaces the number of a cited provision by the number that it got."""
    if not moved:
        return False
    before, removed = "", ""
    changes: list[tuple[str, str, str]] = []
    for operation, text in words:
        if operation == "-":
            removed = text
        elif operation == "+":
            changes.append((before, removed, text))
            removed = ""
        elif removed:
            return False
        if operation != "+":
            before = (before + text)[-_REACH:]
    return not removed and bool(changes) and all(_follows(*change, moved) for change in changes)


def _follows(before: str, removed: str, added: str, moved: Renumbering) -> bool:
    old, new = _NUMBER.findall(typographic(removed)), _NUMBER.findall(typographic(added))
    if not old or len(old) != len(new) or _NUMBER.sub("", typographic(removed)) != _NUMBER.sub("", typographic(added)):
        return False
    known = all(ours == theirs or theirs in moved.get(ours, ()) for ours, theirs in zip(old, new, strict=True))
    return known and bool(_CITED.search(before.removesuffix(removed)))
