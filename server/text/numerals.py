"""Numbers as acts write them: Arabic, Roman, letters, ordinal words; and how they are read back from a label.

Data in `schema/numbering/numerals.json`; rules T10-T16 of `docs/spec/text.md`. `web/src/editor/numbering.ts` is held to
the same vectors, so the regular expressions here use only what both languages understand in the same way.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import TypedDict

from server.resources import read_schema


class _Ordinals(TypedDict):
    stems: list[str]
    soft: str
    endings: dict[str, dict[str, dict[str, str]]]


class _Lookalikes(TypedDict):
    letters: dict[str, str]
    roman: dict[str, str]


class _Numerals(TypedDict):
    letters: str
    latin: str
    lookalikes: _Lookalikes
    ordinals: _Ordinals


@cache
def _data() -> _Numerals:
    data: _Numerals = json.loads(read_schema("numbering/numerals.json"))
    return data


LETTER = "A-Za-zА-Яа-яҐґЄєІіЇї"
INDEX = r"(?:\s*[-‑]\s*[0-9]+|[⁰¹²³⁴⁵⁶⁷⁸⁹])*"
"""What makes 9-1, "9 - 1" and 9¹ a number between 9 and 10."""

_ARABIC = re.compile(rf"((?:[0-9]+\.)*)([0-9]+)(?:[a-zа-яґєії](?![{LETTER}]))?{INDEX}")
_SINGLE = re.compile(rf"^([^{LETTER}0-9]*)([{LETTER}])({INDEX})([^{LETTER}0-9]*)$")
_ROMAN = re.compile(rf"(?<![{LETTER}])([IVXLCDMІХСМ]+)(?![{LETTER}]){INDEX}")
_WORD = re.compile(rf"[{LETTER}'’]+(?: [{LETTER}'’]+)*$")
_ROMAN_DIGITS = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")),
    *((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number found in a label, and what stands around it: `before` + `leading` + number [+ index] + `after`.

    For "12.10²" `leading` is "12." and `value` 10; the index belongs to this label alone and is not kept in the shape.
    `core` is the number as it was written, with leading segments and index: what a citation repeats.
    """

    value: int
    style: str
    before: str
    leading: str
    after: str
    core: str

    def following(self, value: int) -> str:
        """The label of the same shape with another number."""
        return f"{self.before}{self.leading}{write(value, self.style)}{self.after}"


def write(value: int, style: str) -> str:
    """The number (1 or more) in a style; ordinal words beyond the table fall back to digits, letters are doubled after the last."""
    match style:
        case "roman":
            return _roman(value)
        case "letter" | "latin":
            return _letters(value, _data()["letters" if style == "letter" else "latin"])
        case "upper_letter" | "upper_latin":
            return _letters(value, _data()["letters" if style == "upper_letter" else "latin"]).upper()
        case "feminine" | "masculine":
            return ordinal(value, style, "nominative")
        case "upper_feminine" | "upper_masculine":
            return ordinal(value, style.removeprefix("upper_"), "nominative").upper()
        case _:
            return str(value)


def ordinal(value: int, gender: str, case: str) -> str:
    """The ordinal word in a gender and case: "перша", "другого", "третій"; digits beyond the table."""
    ordinals = _data()["ordinals"]
    if not 1 <= value <= len(ordinals["stems"]):
        return str(value)
    stem = ordinals["stems"][value - 1]
    ending = ordinals["endings"]["soft" if stem.endswith(ordinals["soft"]) else "hard"]
    return stem + ending[gender][case]


def read(label: str) -> Numeral | None:
    """The number of an explicit label, or None when it has none ("–", "*", a bare word)."""
    single = _read_single(label)
    if single:
        return single
    arabic, roman = _read_arabic(label), _read_roman(label)
    if arabic and roman:
        return arabic if len(arabic.before) < len(roman.before) else roman
    return arabic or roman or _read_word(label)


def _read_single(label: str) -> Numeral | None:
    found = _SINGLE.match(label)
    if found is None or found[2] in "IVXІХ":
        return None
    letter = found[2].lower()
    for style, alphabet in (("letter", _data()["letters"]), ("latin", _data()["latin"])):
        same = _data()["lookalikes"]["letters"].get(letter, letter) if style == "letter" else letter
        if same in alphabet:
            shape = style if found[2] == letter else f"upper_{style}"
            return Numeral(alphabet.index(same) + 1, shape, found[1], "", found[4], found[2] + found[3])
    return None


def _read_arabic(label: str) -> Numeral | None:
    found = _ARABIC.search(label)
    if found is None:
        return None
    return Numeral(_small(found[2]), "arabic", label[: found.start()], found[1], label[found.end() :], found[0])


def _small(digits: str) -> int:
    """Numbers of acts are small; a longer run of digits is an identifier, of which the last nine count."""
    return int(digits[-9:])


def _read_roman(label: str) -> Numeral | None:
    for found in _ROMAN.finditer(label):
        value = _roman_value("".join(_data()["lookalikes"]["roman"].get(letter, letter) for letter in found[1]))
        if value:
            return Numeral(value, "roman", label[: found.start()], "", label[found.end() :], found[0])
    return None


def _read_word(label: str) -> Numeral | None:
    found = _WORD.search(label)
    words = found[0].split(" ") if found else []
    for count in (2, 1):
        word = " ".join(words[-count:])
        known = _ordinal_words().get(word.lower().replace("’", "'"))
        if known and len(words) >= count:
            value, gender = known
            style = f"upper_{gender}" if word.isupper() else gender
            return Numeral(value, style, label[: len(label) - len(word)], "", "", word)
    return None


@cache
def _ordinal_words() -> dict[str, tuple[int, str]]:
    count = len(_data()["ordinals"]["stems"])
    return {ordinal(value, gender, "nominative"): (value, gender) for gender in ("feminine", "masculine") for value in range(1, count + 1)}


def _letters(value: int, alphabet: str) -> str:
    letters = ""
    while value > 0:
        value, rest = divmod(value - 1, len(alphabet))
        letters = alphabet[rest] + letters
    return letters


def _roman(value: int) -> str:
    if value >= 4000:
        return str(value)
    written = ""
    for size, digits in _ROMAN_DIGITS:
        count, value = divmod(value, size)
        written += digits * count
    return written


def _roman_value(digits: str) -> int:
    """The value of a well-formed Roman number, else 0."""
    value, rest = 0, digits
    for size, letters in _ROMAN_DIGITS:
        while rest.startswith(letters):
            value, rest = value + size, rest.removeprefix(letters)
    return value if not rest and _roman(value) == digits else 0
