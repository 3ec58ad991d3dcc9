"""Texts without the differences that change no word: what counts as typographic, orthographic, or a note (rules C20-C24). Pure."""

import re
import unicodedata

_SAME_LOOK = str.maketrans(
    {
        **dict.fromkeys("“”«»„‟″❝❞", '"'),
        **dict.fromkeys("’ʼ‘‛`´′", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\xad\u200b\u200c\u2060\ufeff\u200e\u200f", ""),
        "№": "N",
        "…": "...",
        **dict(zip("ABCEHIKMOPTXYaceiopxyï", "АВСЕНІКМОРТХУасеіорхуї", strict=True)),
    }
)
_INDEX = re.compile("(?<=[0-9])[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_RAISED = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")
_INDEX_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_BESIDE_SIGNS = re.compile(r"\s+(?=[^\w\s])|(?<=[^\w\s])\s+")
_SPACES = re.compile(r"\s+")
_THOUSANDS = re.compile(r"(?<![0-9])([0-9]{1,3})((?: [0-9]{3})+)(?![0-9])")
_DIGIT_AND_LETTER = re.compile(r"(?<=[0-9]) (?=[^\W\d_])|(?<=[^\W\d_]) (?=[0-9])")

_PREFIX = re.compile(
    r"\b(авіа|авто|аудіо|веб|віце|екс|інтернет|кіно|контр|лейб|максі|медіа|міді|міні|обер|онлайн|прес|супер|топ|ультра|унтер|фото|штабс)-",
    re.IGNORECASE,
)
_SPELLINGS = (
    *((word, word.replace("є", "е")) for word in ("роєкт", "роєкц", "раєкт")),
    *((word, word.replace("Є", "Е")) for word in ("РОЄКТ", "РОЄКЦ", "РАЄКТ")),
    ("священник", "священик"),
    ("'", ""),
)
_BETWEEN_NUMBERS = re.compile("(?<=[0-9]) (?=[0-9])")

_BRACES = re.compile(r"\{[^{}]*\}")
_REGISTRY_ID = r"[a-zа-яіїєґ]{0,3}[0-9]{1,5}[a-zа-яіїєґ]{0,4}(?:[0-9]{1,5})?(?:/[0-9]{1,4})?-(?:[0-9]{2}|вр)(?:-[a-zа-яіїєґ])?"
_REGISTRY = re.compile(rf"\(\s*{_REGISTRY_ID}(?:\s*[,;]\s*{_REGISTRY_ID})*\s*\)", re.IGNORECASE)


def look_alike(text: str) -> str:
    """The text with one sign for those that look the same, spaces as they are."""
    return text.translate(_SAME_LOOK)


def typographic(text: str) -> str:
    """The text without differences of quotes, apostrophes, dashes, spaces, №/N, look-alike letters, raised indices and composition."""
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if not _RAISED.isdisjoint(text):
        text = _INDEX.sub(lambda found: "-" + found[0].translate(_INDEX_DIGITS), text)
    text = _SPACES.sub(" ", _BESIDE_SIGNS.sub("", look_alike(text))).strip()
    return _DIGIT_AND_LETTER.sub("", _THOUSANDS.sub(lambda found: found[0].replace(" ", ""), text))


def orthographic(text: str) -> str:
    """A typographically folded text without differences of spelling rules: проект/проєкт, віце-прем'єр, written as one word or two."""
    if "-" in text:
        text = _PREFIX.sub(r"\1", text)
    for new, old in _SPELLINGS:
        text = text.replace(new, old)
    return _BETWEEN_NUMBERS.sub("_", text).replace(" ", "")


def without_notes(text: str) -> str:
    """The text without editors' notes in braces and without registry ids in brackets: `( 1427-12 )`."""
    if "{" in text:
        text = _BRACES.sub("", text)
    return _REGISTRY.sub("", text) if "(" in text else text
