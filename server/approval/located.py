"""JSON that remembers on which line each value stands, so that a mistake in a policy file can be named. Pure."""

import json
import re
from typing import Any

Path = tuple[str | int, ...]

_SPACE = re.compile(r"[ \t\r\n]*")
_SCALARS = json.JSONDecoder()


class FileMistake(ValueError):
    """The text is not what it should be; `line` counts from 1, `rule` is a number of docs/spec/approval.md."""

    def __init__(self, line: int, rule: str, reason: str) -> None:
        super().__init__(f"line {line}: rule {rule}: {reason}")
        self.line = line
        self.rule = rule
        self.reason = reason


class Located:
    """A parsed file: `value`, and the line of the value at each path."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: dict[Path, int] = {}
        self.value, end = self._value(self._skip(0), ())
        if self._skip(end) != len(text):
            raise self._mistake(end, "F1", "something follows the end of the file's value")

    def line_of(self, path: Path) -> int:
        """The line of the value at this path, or of the nearest value around it."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]

    def _value(self, at: int, path: Path) -> tuple[Any, int]:  # Any: JSON
        self._lines[path] = self._text.count("\n", 0, at) + 1
        match self._text[at : at + 1]:
            case "{":
                return self._object(at + 1, path)
            case "[":
                return self._array(at + 1, path)
            case _:
                return self._scalar(at)

    def _scalar(self, at: int) -> tuple[Any, int]:  # Any: JSON
        try:
            return _SCALARS.raw_decode(self._text, at)
        except ValueError:
            raise self._mistake(at, "F1", "here a value is expected") from None

    def _object(self, at: int, path: Path) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        at = self._skip(at)
        while self._text[at : at + 1] != "}":
            if found:
                at = self._expect(",", at)
            if self._text[at : at + 1] != '"':
                raise self._mistake(at, "F1", "here a name in quotes is expected")
            start = at
            name, at = self._scalar(at)
            if name in found:
                raise self._mistake(start, "F1", f'"{name}" stands here a second time')
            found[name], at = self._value(self._expect(":", self._skip(at)), (*path, name))
            at = self._skip(at)
        return found, at + 1

    def _array(self, at: int, path: Path) -> tuple[list[Any], int]:
        found: list[Any] = []
        at = self._skip(at)
        while self._text[at : at + 1] != "]":
            if found:
                at = self._expect(",", at)
            value, at = self._value(at, (*path, len(found)))
            found.append(value)
            at = self._skip(at)
        return found, at + 1

    def _expect(self, sign: str, at: int) -> int:
        if self._text[at : at + 1] != sign:
            raise self._mistake(at, "F1", f'here "{sign}" is expected')
        return self._skip(at + 1)

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at

    def _mistake(self, at: int, rule: str, reason: str) -> FileMistake:
        return FileMistake(self._text.count("\n", 0, at) + 1, rule, reason)
