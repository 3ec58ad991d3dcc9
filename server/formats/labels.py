"""The number or word that opens a provision, found at the beginning of a paragraph. Never changed, only cut off.

Rules F20-F32 of `docs/spec/text.md`; the shapes were taken from real acts (Rada editions, Cabinet practice, codes).
"""

import re
from dataclasses import dataclass

_INDEX = r"(?:\s?[-‑]\s?[0-9]+|[⁰¹²³⁴⁵⁶⁷⁸⁹])*"
_NUMBER = rf"[0-9]{{1,4}}{_INDEX}"
_DOTTED = rf"[0-9]{{1,3}}(?:\.[0-9]{{1,3}})+{_INDEX}"
_ROMAN = rf"[IVXLCІХСМM]+{_INDEX}"
_WORD = r"[А-ЯЄІЇҐа-яєіїґ'’]+[аяАЯ]"
_END = r"(?=\s|\ufffc|$)"
_UPPER = "A-ZА-ЯЄІЇҐÀ-ÖØ-Þ"
_QUOTE = '[“"«„]?'

_HEADS = {
    "книга": "book",
    "розділ": "section",
    "підрозділ": "subsection",
    "глава": "chapter",
    "параграф": "clause",
    "§": "clause",
    "стаття": "article",
}
_HEAD = re.compile(
    rf"({_QUOTE}(книга|розділ|підрозділ|глава|параграф|стаття|§)[\s\ufffc]*(?:{_NUMBER}|(?-i:{_ROMAN})|{_WORD})\s?\.?){_END}", re.IGNORECASE
)
_FOREIGN = re.compile(
    rf"((?:Art(?:ikel|icle)?\.?|ARTICLE|§§?)\s*(?:[0-9]+[a-z]?(?:\s?[-–]\s?[0-9]+[a-z]?)?(?:\s(?:bis|ter|quater))?|[IVXLC]+)\.?){_END}"
)
_ANNEX = re.compile(rf"(Додаток|ДОДАТОК)(?:\s+(?:№\s?)?{_NUMBER})?{_END}")
_APPROVAL = re.compile(r"(?:ЗАТВЕРДЖЕНО|ЗАТВЕРДЖЕНІ|ЗАТВЕРДЖЕНИЙ|СХВАЛЕНО|ПОГОДЖЕНО|Затверджено|Схвалено)(?=\s|\ufffc|$)")
_NOTE = re.compile(rf"(?:Примітка|Примітки|ПРИМІТКА|ПРИМІТКИ)(?:\s+{_NUMBER})?\s?[.:]{_END}")
_POINT = re.compile(rf"{_QUOTE}(?:{_DOTTED}|{_NUMBER})\s?\.(?=\s|\ufffc)")
_DOTTED_POINT = re.compile(rf"{_QUOTE}{_DOTTED}(?=\s+[{_UPPER}“\"«])")
_PAREN = re.compile(rf"{_QUOTE}(?:{_DOTTED}|{_NUMBER})\s?\)(?=\s|\ufffc)")
_LETTER = re.compile(rf"{_QUOTE}[а-яґєіїa-zА-ЯЄІЇҐA-Z]{_INDEX}\s?\)(?=\s|\ufffc)")
_BRACKETED_NUMBER = re.compile(rf"\({_NUMBER}[a-z]?\)(?=\s|\ufffc)")
_BRACKETED = re.compile(r"\((?:[a-zа-яґєії]|[ivx]+|[A-Z])\)(?=\s|\ufffc)")
_ROMAN_POINT = re.compile(rf"{_ROMAN}\.(?=\s+[{_UPPER}])")
_DASH = re.compile(r"[-–—•·▪*](?=\s+\S)")
_LONE_MARKER = re.compile(r"[0-9]+[.)]\s*")
_ISSUER = re.compile(r"(?:КАБІНЕТ МІНІСТРІВ УКРАЇНИ|ВЕРХОВНА РАДА УКРАЇНИ|ПРЕЗИДЕНТ УКРАЇНИ|МІНІСТЕРСТВО [А-ЯЄІЇҐ’' ,-]+)\s*$")
_ACT_TYPE = re.compile(
    r"(?:П\s?О\s?С\s?Т\s?А\s?Н\s?О\s?В\s?А|РОЗПОРЯДЖЕННЯ|Р О З П О Р Я Д Ж Е Н Н Я|ЗАКОН УКРАЇНИ|З А К О Н\s+У К Р А Ї Н И|"
    r"УКАЗ|УКАЗ ПРЕЗИДЕНТА УКРАЇНИ|"
    r"НАКАЗ|ДЕКРЕТ|ПРОЄКТ|ПРОЕКТ|[А-ЯЄІЇҐ’' -]*КОДЕКС УКРАЇНИ|КОНСТИТУЦІЯ УКРАЇНИ)\s*$"
)
_DATE_LINE = re.compile(
    r"(?:від\s+)?(?:[0-9]{1,2}\s+[а-яії]+\s+[0-9]{4}|[0-9]{2}\.[0-9]{2}\.[0-9]{4}|[_ ]*_(?:\s+[0-9]{4})?)"
    r"\s*(?:р\.|року)?\s*(?:№|N)\s*[\w/_-]*",
    re.IGNORECASE,
)
_ENACTING = re.compile(r"(?:п\s?о\s?с\s?т\s?а\s?н\s?о\s?в\s?л\s?я\s?[єюєю]|наказую|зобов['’]язую)\s*:?\s*$", re.IGNORECASE)
SIGNATORY = re.compile(
    r"(?:В\.о\. |Перший |Заступник )*"
    r"(?:Прем.єр-міністр|Президент|Голова|Міністр|Віце-прем.єр|Державний секретар|Керівник|Директор)\b[^.;:]*$",
    re.IGNORECASE,
)
_SIGNATORY_OF_A_DRAFT = re.compile(r"Прем.єр-міністр України")
_SIGNED = re.compile(
    r"(?:Прем.єр-міністр|Президент|Міністр|Голова|Державний секретар Кабінету)[^.;:]{0,80}?"
    r"\s+[А-ЯЄІЇҐ]\.\s?(?:[А-ЯЄІЇҐ]\.\s?)?[А-ЯЄІЇҐ][А-ЯЄІЇҐа-яєіїґ’'-]+\s*$"
)
_NAME = re.compile(r"[А-ЯЄІЇҐ]\.\s?(?:[А-ЯЄІЇҐ]\.\s?)?[А-ЯЄІЇҐ][А-ЯЄІЇҐ’'-]+")


@dataclass(frozen=True, slots=True)
class Place:
    """What is open where a paragraph stands; it decides between частина and пункт, пункт and підпункт."""

    in_article: bool = False
    in_numbered_subpoint: bool = False
    depth: int = 0
    heading: int = 0
    marked: bool = False
    cyrillic: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A provision's kind, where its label ends in the text (0: no label), and its level."""

    kind: str
    end: int = 0
    level: int = 1


def find(text: str, place: Place) -> Found | None:
    """The provision a paragraph opens, or None. `text` has U+FFFC for line breaks."""
    return _find_head(text, place) or _find_special(text) or _find_numbered(text, place)


def _find_head(text: str, place: Place) -> Found | None:
    found = _HEAD.match(text)
    if found:
        kind = _HEADS[found[2].lower()]
        if kind == "clause" and place.heading and not place.cyrillic:
            kind = "article"
        if place.heading or _stands_alone(text, found.end(1), found[1], kind):
            return Found(kind, found.end(1))
    foreign = _FOREIGN.match(text)
    return Found("article", foreign.end(1)) if foreign and (place.heading or foreign.end(1) == len(text)) else None


def _stands_alone(text: str, end: int, label: str, kind: str) -> bool:
    """Whether a heading word with a number heads a provision, and is not a sentence such as "Стаття 5 цього Закону…"."""
    rest = text[end:]
    if not rest.strip() or rest.lstrip(" ").startswith("\ufffc") or label.endswith("."):
        return True
    return kind != "article" and bool(re.match(rf"\s+[{_UPPER}“\"«]", rest)) and not re.search(r"[;:.,]\s*$", rest)


def _find_special(text: str) -> Found | None:
    annex = _ANNEX.match(text)
    if annex and re.match(r"\s*(?:\ufffc|$|до\s)", text[annex.end() :]) and len(text) < 300 and not re.search(r"[;:.]\s*$", text):
        return Found("annex", annex.end())
    if _APPROVAL.match(text) and len(text) < 400:
        return Found("approval")
    note = _NOTE.match(text)
    return Found("note", note.end()) if note else None


def _find_numbered(text: str, place: Place) -> Found | None:
    found = _POINT.match(text) or _DOTTED_POINT.match(text)
    if found:
        return _point(found[0], place, found.end())
    if place.marked and _LONE_MARKER.fullmatch(text):
        return _find_numbered(f"{text.rstrip()} .", place)
    depth = max(place.depth, 1)
    shapes = (
        (_PAREN, "point" if place.in_article else "subpoint", depth),
        (_LETTER, "subpoint", 2 if place.in_numbered_subpoint else 1),
        (_BRACKETED_NUMBER, "part" if place.in_article else "point", depth),
        (_BRACKETED, "subpoint", depth),
        (_ROMAN_POINT, "section", 1),
        (_DASH, "item", depth),
    )
    matches = ((pattern.match(text), kind, level) for pattern, kind, level in shapes)
    return next((Found(kind, match.end(), level) for match, kind, level in matches if match), None)


def _point(label: str, place: Place, end: int) -> Found:
    if place.depth > 1:
        return Found("subpoint", end, place.depth - 1)
    level = 1 + len(re.findall(r"\.[0-9]", label))
    return Found("part" if place.in_article and level == 1 else "point", end, level)


def head_kind(text: str) -> str:
    """`issuer`, `act_type` or `date_line` when a line of an act's head is one, else an empty string."""
    if _ISSUER.match(text):
        return "issuer"
    if _ACT_TYPE.match(text):
        return "act_type"
    return "date_line" if _DATE_LINE.match(text) and len(text) < 100 else ""


def is_enacting(text: str) -> bool:
    """Whether a paragraph ends with "постановляє:"."""
    return bool(_ENACTING.search(text))


def is_signature(text: str) -> bool:
    """Whether a paragraph is an office and a name: "Прем'єр-міністр України Д.ШМИГАЛЬ"."""
    return len(text) < 160 and bool(_SIGNED.match(text.replace("\ufffc", " ")) or _SIGNATORY_OF_A_DRAFT.fullmatch(text))


def is_office(text: str) -> bool:
    """Whether a paragraph is nothing but an office that signs: "Президент України"."""
    return len(text) < 60 and "\ufffc" not in text and bool(SIGNATORY.match(text)) and not re.search(r"[.:;,0-9]", text)


def is_name(text: str) -> bool:
    """Whether a paragraph is nothing but a signatory's name: "В. ЗЕЛЕНСЬКИЙ"."""
    return bool(_NAME.fullmatch(text))


def is_capitals(text: str) -> bool:
    """Whether a paragraph is a heading in capitals; digits and sentences are none."""
    letters = [character for character in text if character.isalpha()]
    return 4 <= len(letters) <= 250 and all(character.isupper() for character in letters) and not re.search(r"[;:,]\s*$", text)
