"""The names and value types an act may hold, from schema/act.json (the editor reads the same file)."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from server.resources import read_schema

Check = Callable[[object], bool]
"""True when a value may stand where it was found."""

_BID = re.compile(r"[A-Za-z0-9_.:~-]*")
_LEVEL = re.compile(r"[1-9][0-9]?")
_HREF = re.compile(r"(?:https?|mailto|tel):|(?!\\|/[/\\])[^:/?#]*(?:[/?#]|$)", re.IGNORECASE)
_OVERLAP = re.compile(r"--[a-zA-Z0-9+/=]{8}$")
_MAX_INTEGER = 100_000
_MAX_INTEGERS = 256
_MAX_SOURCE = 2000


@dataclass(frozen=True, slots=True)
class NodeRule:
    """An element: where it may stand, its attributes, and whether it holds text."""

    parents: frozenset[str]
    attributes: Mapping[str, Check]
    holds_text: bool


@dataclass(frozen=True, slots=True)
class MarkRule:
    """A mark: its attributes, and those without which an editor could not show it (and would delete the text, D2)."""

    attributes: Mapping[str, Check]
    required: frozenset[str]


@dataclass(frozen=True, slots=True)
class Schema:
    """One version of the act's schema."""

    version: int
    fragment: str
    decisions: str
    nodes: Mapping[str, NodeRule]
    marks: Mapping[str, MarkRule]
    kinds: frozenset[str]

    def find_mark(self, key: str) -> MarkRule | None:
        """The mark behind a format key; overlapping marks carry `--` and eight characters of a hash."""
        return self.marks.get(key) or self.marks.get(_OVERLAP.sub("", key))


@lru_cache(maxsize=1)
def load_schema() -> Schema:
    """The schema this server was built with."""
    return parse_schema(json.loads(read_schema("act.json")))


def parse_schema(raw: Mapping[str, Any]) -> Schema:
    """A schema from its JSON form. Any: JSON of our own file."""
    checks = _checks(raw["limits"], frozenset(raw["kinds"]))
    roots = {kind: name for name, kind in raw["roots"].items()}
    return Schema(
        version=raw["version"],
        fragment=roots["XmlFragment"],
        decisions=roots["Map"],
        nodes={name: _node(rule, checks) for name, rule in raw["nodes"].items()},
        marks={name: _mark(attributes, checks) for name, attributes in raw["marks"].items()},
        kinds=frozenset(raw["kinds"]),
    )


def _node(rule: Mapping[str, Any], checks: Mapping[str, Check]) -> NodeRule:
    attributes = {name: checks[kind] for name, kind in rule["attributes"].items()}
    return NodeRule(frozenset(rule["parents"]), attributes, rule["content"] == "text")


def _mark(attributes: Mapping[str, str], checks: Mapping[str, Check]) -> MarkRule:
    kinds = {name: "source" if name == "src" else kind for name, kind in attributes.items()}
    required = frozenset(name for name, kind in kinds.items() if kind in ("href", "bid"))
    return MarkRule({name: checks[kind] for name, kind in kinds.items()}, required)


def _checks(limits: Mapping[str, int], kinds: frozenset[str]) -> dict[str, Check]:
    return {
        "bid": lambda value: isinstance(value, str) and len(value) <= limits["bid"] and _BID.fullmatch(value) is not None,
        "kind": lambda value: isinstance(value, str) and value in kinds,
        "level": _is_level,
        "string": lambda value: isinstance(value, str) and len(value) <= limits["string"] and _has_no_controls(value),
        "href": lambda value: isinstance(value, str) and len(value) <= limits["href"] and is_href(value),
        "source": _is_source,
        "integer": _is_integer,
        "integers": _is_integers,
    }


def _is_level(value: object) -> bool:
    if isinstance(value, str):
        return _LEVEL.fullmatch(value) is not None
    return _is_integer(value) and 1 <= value <= 99  # type: ignore[operator]  # an int, by _is_integer


def _is_integer(value: object) -> bool:
    return type(value) is int and 0 <= value <= _MAX_INTEGER


def _is_integers(value: object) -> bool:
    return isinstance(value, list) and len(value) <= _MAX_INTEGERS and all(_is_integer(entry) for entry in value)


def is_href(value: str) -> bool:
    """An address to follow: http, https, mailto, tel, or one on this server (path, query, place in the page). No control characters.

    `isSafeHref` of the editor is the same rule: what an import lets in has to be writable again by whoever splits its unit.
    """
    address = value.strip(" ")
    return address != "" and _HREF.match(address) is not None and _has_no_controls(value)


def _is_source(value: object) -> bool:
    """Where an image comes from: empty (none yet) or an address that a page may load."""
    return value == "" or (isinstance(value, str) and len(value) <= _MAX_SOURCE and is_href(value))


def _has_no_controls(value: str) -> bool:
    return not any(letter < " " or "\x7f" <= letter <= "\x9f" for letter in value)
