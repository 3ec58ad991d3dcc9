"""What editors' notes say changed: a note that is new names a provision; the comparison must report a change in it."""

import re
from dataclasses import dataclass

from server.compare.model import Comparison, Kind
from tests.compare.corpus import QUIET

_SAYS_CHANGED = re.compile(r"в редакції|доповнено|виключ|із змінами|змінено|замін|втрати|викладено|відновл", re.IGNORECASE)
_NAMES_UNIT = re.compile(r"\{\s*(?:Стат|Частин|Пункт|Підпункт|Абзац|Речення|Преамбул|Розділ|Главу|Глава|Назв|Параграф)", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:стат[а-яі]+|ст\.)\s+([0-9]+(?:\s?-\s?[0-9]+)?)", re.IGNORECASE)
_POINT = re.compile(r"(?<!під)пункт[а-яі]*\s+([0-9]+(?:\s?-\s?[0-9]+)?)", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+(?:\s?-\s?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class NoteScore:
    """`named` new notes, `found` of them where a change is reported; `changes`: reported units, `unnamed` of them where no note is."""

    named: int
    found: int
    changes: int
    unnamed: int
    missed: list[str]


def against_notes(comparison: Comparison) -> NoteScore:
    """Compares by the number of the article (of the point, where an act has no articles)."""
    by_article = any(unit.kind == "article" for unit in comparison.right.units)
    heads = {"article"} if by_article else {"point"}
    changed: list[str] = []
    named: list[tuple[str, str]] = []
    known = {unit.text for unit in comparison.left.units}  # the Rada once printed an old note twice: nothing new is said by that
    head = ""
    for row in comparison.alignment:
        line = comparison.right.units[row.right] if row.right is not None else comparison.left.units[row.left or 0]
        if line.kind in heads:
            head = _number(line.label)
        is_new = row.kind is Kind.NOTE and row.left is None and line.text not in known
        if is_new and _NAMES_UNIT.match(line.text) and _SAYS_CHANGED.search(line.text):
            found = (_ARTICLE if by_article else _POINT).search(line.text)
            named.append((_bare(found[1]) if found else head, line.text))
        elif row.kind not in QUIET:
            changed.append(head)
    numbers = {number for number, _ in named}
    missed = [text for number, text in named if number not in changed]
    unnamed = sum(number not in numbers for number in changed)
    return NoteScore(len(named), len(named) - len(missed), len(changed), unnamed, missed)


def _number(label: str) -> str:
    found = _NUMBER.search(label)
    return _bare(found[0]) if found else label


def _bare(number: str) -> str:
    return re.sub(r"\s", "", number)
