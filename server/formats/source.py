"""What every reader of a file shares: the result, its warnings, and how bytes become clean text.

Rules F1-F9 of `docs/spec/text.md`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from server.errors import TooLarge, UnsupportedType
from server.ids import BlockId
from server.text.tree import Tree

MAX_BYTES = 20 * 1024 * 1024
"""The largest file that is read: ten times the Civil Code."""

MAX_BLOCKS = 60_000
"""The most paragraphs and tables of one file; the Civil Code has 6,500."""

_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffc]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SIGNATURES = (
    (b"PK\x03\x04", "архів ZIP або документ Word, Excel чи ODT"),
    (b"PK\x05\x06", "порожній архів ZIP"),
    (b"%PDF", "документ PDF"),
    (b"\xd0\xcf\x11\xe0", "документ старого формату Word (.doc)"),
    (b"{\\rtf", "документ RTF"),
    (b"\x1f\x8b", "архів gzip"),
    (b"7z\xbc\xaf", "архів 7-Zip"),
    (b"Rar!", "архів RAR"),
    (b"\x89PNG", "зображення PNG"),
    (b"\xff\xd8\xff", "зображення JPEG"),
    (b"GIF8", "зображення GIF"),
    (b"\x7fELF", "програма"),
    (b"MZ\x90", "програма"),
)


@dataclass(frozen=True, slots=True)
class Warning:  # noqa: A001 - the contract's word
    """One thing a person should know about an import. `line` counts from 1, 0 is the whole file."""

    code: str
    uk: str
    en: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Imported:
    """A file that was read. `kind` is a key of `act_kinds`; `anchors` the source's own ids of blocks (Rada: `n248`)."""

    title: str
    kind: str
    tree: Tree
    warnings: tuple[Warning, ...] = ()
    anchors: Mapping[BlockId, str] = field(default_factory=dict)


class Notices:
    """Warnings in order, at most so many of one code; the rest of them is only counted."""

    def __init__(self, warnings: Iterable[Warning] = (), most: int = 20) -> None:
        self._most = most
        self._kept: list[Warning] = []
        self._counts: dict[str, int] = {}
        for warning in warnings:
            self.add(warning)

    def is_full(self, code: str) -> bool:
        """Whether more of this code are only counted."""
        return self._counts.get(code, 0) >= self._most

    def add(self, warning: Warning) -> None:
        """Keeps the warning, or counts it when there are enough of its code."""
        count = self._counts[warning.code] = self._counts.get(warning.code, 0) + 1
        if count <= self._most:
            self._kept.append(warning)

    def all(self) -> tuple[Warning, ...]:
        """What was kept, and a line for each code of which there were more."""
        more = ((code, count - self._most) for code, count in self._counts.items() if count > self._most)
        return (*self._kept, *(Warning(code, f"і ще {rest} таких", f"and {rest} more like this") for code, rest in more))


def text_of(data: bytes) -> tuple[str, Notices]:
    """The text of a text file, with `\\n` line ends, and what was noticed. Raises UnsupportedType and TooLarge.

    UTF-8 (or UTF-16 with a byte order mark); anything else is taken for Windows-1251 and reported. Control characters
    and U+FFFC become U+FFFD; bidirectional controls stay and are reported.
    """
    check(data)
    text, warnings = _decode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    notices = Notices(warnings)
    _report(notices, text, _CONTROLS, Warning("control-character", "керівний символ замінено на �", "a control character became �"))
    _report(notices, text, _BIDI, Warning("bidi-control", "прихований символ напряму тексту", "a hidden text direction character"))
    return _CONTROLS.sub("\ufffd", text), notices


def check(data: bytes) -> None:
    """Refuses what is too large or not text."""
    if len(data) > MAX_BYTES:
        raise TooLarge(f"Файл більший за {MAX_BYTES // 1024 // 1024} МБ.")
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            raise UnsupportedType(f"Вміст файлу не відповідає закінченню його назви: це {name}.")
    head = data[:65536]
    if not head.startswith((b"\xff\xfe", b"\xfe\xff")) and sum(head.count(byte) for byte in _BINARY) * 20 > len(head):
        raise UnsupportedType("Вміст файлу не є текстом.")


_BINARY = tuple(bytes([code]) for code in range(32) if code not in (9, 10, 12, 13, 27))


def _decode(data: bytes) -> tuple[str, list[Warning]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), [Warning("encoding", "файл у кодуванні UTF-16", "the file is in UTF-16")]
        except UnicodeDecodeError as error:
            raise UnsupportedType("Вміст файлу не є текстом.") from error
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        text = data.decode("cp1251", errors="replace")
        return text, [
            Warning("encoding", "файл прочитано в кодуванні Windows-1251; перевірте текст", "read as Windows-1251; check the text")
        ]


def _report(notices: Notices, text: str, pattern: re.Pattern[str], what: Warning) -> None:
    line, position = 1, 0
    for match in pattern.finditer(text):
        if notices.is_full(what.code):
            notices.add(what)
            continue
        start = match.start()
        line, position = line + text.count("\n", position, start), start
        column = start - text.rfind("\n", 0, start)
        uk = f"{what.uk} (U+{ord(match[0]):04X}, рядок {line}, позиція {column})"
        notices.add(Warning(what.code, uk, f"{what.en} (U+{ord(match[0]):04X}, line {line}, column {column})", line))
