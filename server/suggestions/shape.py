"""What the `change` of a record and an anchor may hold: `schema/suggestion.json`, read strictly. PURE."""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NoReturn

from server.crdt.content import PLACEHOLDER
from server.crdt.schema import Check, load_schema
from server.errors import InvalidInput
from server.resources import read_schema
from server.text.unseen import find_unseen

MAX_ID = 2**53 - 1
RECORD_ID = re.compile(r"[0-9a-f]{32}")

Json = Any
"""JSON as a client sent it, nothing of it believed."""

Reader = Callable[["Reading", str, Json], None]


@cache
def shapes() -> Mapping[str, Any]:
    """`schema/suggestion.json`."""
    loaded: Mapping[str, Any] = json.loads(read_schema("suggestion.json"))
    return loaded


def limit(name: str) -> int:
    """One of the limits that both sides keep."""
    value: int = shapes()["limits"][name]
    return value


def check_change(kind: str, change: Json) -> None:
    """Raises InvalidInput, with the field and the reason, for anything the kind does not name or that says nothing."""
    fields = shapes()["kinds"].get(kind)
    if fields is None:
        _refuse("kind", "Такого виду пропозиції немає.", "There is no such kind of suggestion.")
    Reading().take("change", change, fields)
    telling = shapes()["says_something"].get(kind, ())
    if telling and not any(change[name] for name in telling):
        _refuse("change", "Пропозиція нічого не змінює.", "The suggestion changes nothing.")


def check_anchor(anchor: Json) -> None:
    """Where a comment stands: `{kind: act | unit | range | passage, …}`. Raises InvalidInput."""
    if not isinstance(anchor, dict) or not isinstance(anchor.get("kind"), str) or anchor["kind"] not in shapes()["anchor"]:
        _refuse("anchor.kind", "Такого виду місця немає.", "There is no such kind of place.")
    Reading().take("anchor", {name: value for name, value in anchor.items() if name != "kind"}, shapes()["anchor"][anchor["kind"]])


def blocks_of(anchor: Json) -> list[str]:
    """Ids of the blocks that a checked anchor names, in its order; none for the whole act."""
    stretches = anchor["stretches"] if anchor["kind"] == "passage" else [anchor]
    return [stretch["bid"] for stretch in stretches if "bid" in stretch]


def check_bid(field: str, bid: Json) -> None:
    """The id of a block. Raises InvalidInput."""
    _bid(Reading(), field, bid)


class Reading:
    """One record on its way through the checks: what it has used up of its limits, and the block ids it makes."""

    def __init__(self) -> None:
        self.left = {name: limit(name) for name in ("text", "runs", "ranges", "blocks", "cells", "stretches")}
        self.made: set[str] = set()

    def take(self, path: str, value: Json, fields: Mapping[str, str]) -> None:
        """An object with exactly these fields."""
        if not isinstance(value, dict):
            _refuse(path, "Тут має бути об'єкт.", "This must be an object.")
        for name in value:
            if name not in fields:
                _refuse(f"{path}.{_shown(name)}", "Такого поля немає.", "There is no such field.")
        for name, reader in fields.items():
            if name not in value:
                _refuse(f"{path}.{name}", "Потрібно заповнити.", "This is required.")
            _READERS[reader](self, f"{path}.{name}", value[name])

    def spend(self, path: str, name: str, count: int = 1) -> None:
        """Count towards a limit of the whole record."""
        self.left[name] -= count
        if self.left[name] < 0:
            _refuse(path, f"Забагато: межа {limit(name)}.", f"Too much: the limit is {limit(name)}.")

    def read_list(self, path: str, value: Json, name: str) -> list[Json]:
        """A list whose items count towards a limit."""
        if not isinstance(value, list):
            _refuse(path, "Тут має бути список.", "This must be a list.")
        self.spend(path, name, len(value))
        return value

    # -- text ------------------------------------------------------------------------------------------------------

    def runs(self, path: str, value: Json) -> None:
        for place, run in enumerate(self.read_list(path, value, "runs")):
            self._run(f"{path}.{place}", run)

    def _run(self, path: str, run: Json) -> None:
        if not isinstance(run, dict) or run.keys() != {"t", "m"}:
            _refuse(path, "Тут має бути {t, m}.", "This must be {t, m}.")
        text = run["t"]
        if not isinstance(text, str) or not text:
            _refuse(f"{path}.t", "Тут має бути текст.", "This must be text.")
        self.spend(f"{path}.t", "text", len(text))
        _refuse_unseen(f"{path}.t", text)
        self.marks(f"{path}.m", run["m"])
        if PLACEHOLDER in text and not _placeholder_marks() & run["m"].keys():
            _refuse(f"{path}.t", "Знак-замінник без позначки.", "A placeholder without the mark it stands for.")

    def marks(self, path: str, value: Json, *, removable: bool = False) -> None:
        """Marks by name, with the attributes that `schema/act.json` gives them."""
        if not isinstance(value, dict):
            _refuse(path, "Тут має бути об'єкт.", "This must be an object.")
        rules = load_schema().marks
        for name, attributes in value.items():
            rule = rules.get(name)
            if rule is None:
                _refuse(f"{path}.{_shown(name)}", "Такої позначки немає.", "There is no such mark.")
            if attributes is None and removable:
                continue
            if not isinstance(attributes, dict) or not rule.required <= attributes.keys():
                _refuse(f"{path}.{name}", "У позначки бракує значення.", "The mark lacks a value.")
            self._attributes(f"{path}.{name}", attributes, rule.attributes)

    def _attributes(self, path: str, value: Mapping[str, Json], checks: Mapping[str, Check]) -> None:
        for name, entry in value.items():
            check = checks.get(name)
            if check is None:
                _refuse(f"{path}.{_shown(name)}", "Такої властивості немає.", "There is no such attribute.")
            if not check(entry):
                _refuse(f"{path}.{name}", "Неприйнятне значення.", "This value cannot be accepted.")
            if isinstance(entry, str):
                self.spend(f"{path}.{name}", "text", len(entry))
                _refuse_unseen(f"{path}.{name}", entry)

    # -- blocks ----------------------------------------------------------------------------------------------------

    def blocks(self, path: str, value: Json, inside: str = "") -> None:
        """Units and tables; below a table rows, below a row cells."""
        for place, block in enumerate(self.read_list(path, value, "blocks")):
            self._block(f"{path}.{place}", block, inside or load_schema().fragment)

    def _block(self, path: str, block: Json, inside: str) -> None:
        name = block.get("name") if isinstance(block, dict) else None
        rule = load_schema().nodes.get(name) if isinstance(name, str) else None
        if rule is None or inside not in rule.parents:
            _refuse(f"{path}.name", "Такого блока тут не може бути.", "There can be no such block here.")
        content = "runs" if rule.holds_text else "children"
        if block.keys() != {"name", "attributes", content} or not isinstance(block["attributes"], dict):
            _refuse(path, f"Тут має бути {{name, attributes, {content}}}.", f"This must be {{name, attributes, {content}}}.")
        self._attributes(f"{path}.attributes", block["attributes"], rule.attributes)
        bid = block["attributes"].get("bid")
        if not bid or bid in self.made or (name == "unit" and not block["attributes"].get("kind")):
            _refuse(
                f"{path}.attributes", "Блок має мати власний bid, а одиниця і вид.", "A block needs a bid of its own, a unit a kind too."
            )
        self.made.add(bid)
        if rule.holds_text:
            self.runs(f"{path}.runs", block["runs"])
        else:
            self.blocks(f"{path}.children", block["children"], str(name))

    def cells(self, path: str, value: Json) -> None:
        for place, cell in enumerate(self.read_list(path, value, "cells")):
            self.runs(f"{path}.{place}", cell)

    def ranges(self, path: str, value: Json) -> None:
        for place, found in enumerate(self.read_list(path, value, "ranges")):
            if not isinstance(found, list) or len(found) != 3 or not all(_is_count(part) for part in found) or not found[2]:
                _refuse(f"{path}.{place}", "Тут має бути [client, clock, length].", "This must be [client, clock, length].")

    def stretches(self, path: str, value: Json) -> None:
        """Words of several blocks, each as the anchor of one."""
        stretches = self.read_list(path, value, "stretches")
        if len(stretches) < 2:
            _refuse(path, "Тут мають бути щонайменше два блоки.", "There must be at least two blocks.")
        for place, stretch in enumerate(stretches):
            self.take(f"{path}.{place}", stretch, shapes()["anchor"]["range"])
            self.spend(f"{path}.{place}.quote", "text", len(stretch["quote"]))

    def unit_set(self, path: str, value: Json) -> None:
        if not isinstance(value, dict):
            _refuse(path, "Тут має бути об'єкт.", "This must be an object.")
        known = load_schema().nodes["unit"].attributes
        self._attributes(path, value, {name: known[name] for name in shapes()["unit_set"]})


def _id(_reading: Reading, path: str, value: Json) -> None:
    if not isinstance(value, list) or len(value) != 2 or not all(_is_count(part) for part in value):
        _refuse(path, "Тут має бути [client, clock].", "This must be [client, clock].")


def _id_or_none(reading: Reading, path: str, value: Json) -> None:
    if value is not None:
        _id(reading, path, value)


def _bid(_reading: Reading, path: str, value: Json) -> None:
    if not value or not load_schema().nodes["unit"].attributes["bid"](value):
        _refuse(path, "Такого ідентифікатора блока не буває.", "This is no block id.")


def _place(reading: Reading, path: str, value: Json) -> None:
    """A block to stand behind; empty for the very beginning."""
    if value != "":
        _bid(reading, path, value)


def _count(_reading: Reading, path: str, value: Json) -> None:
    if not _is_count(value) or value > limit("count"):
        _refuse(path, "Тут має бути ціле число.", "This must be a whole number.")


def _index(reading: Reading, path: str, value: Json) -> None:
    """A column to stand behind; -1 for the very beginning."""
    if value != -1 or type(value) is not int:
        _count(reading, path, value)


def _words(longest: str) -> Reader:
    """Words of the text as they are, unseen characters too: a proposal may be about just these."""

    def read(_reading: Reading, path: str, value: Json) -> None:
        if not isinstance(value, str) or len(value) > limit(longest):
            _refuse(path, f"Тут має бути текст до {limit(longest)} знаків.", f"This must be text of up to {limit(longest)} characters.")

    return read


def _set_marks(reading: Reading, path: str, value: Json) -> None:
    reading.marks(path, value, removable=True)
    if placeholders := _placeholder_marks() & value.keys():
        _refuse(f"{path}.{min(placeholders)}", "Таку позначку не ставлять на текст.", "Such a mark is not put on text.")


_READERS: Mapping[str, Reader] = {
    "bid": _bid,
    "place": _place,
    "id": _id,
    "id?": _id_or_none,
    "count": _count,
    "index": _index,
    "quote": _words("quote"),
    "context": _words("context"),
    "ranges": Reading.ranges,
    "runs": Reading.runs,
    "marks": _set_marks,
    "blocks": Reading.blocks,
    "cells": Reading.cells,
    "stretches": Reading.stretches,
    "unit_set": Reading.unit_set,
}


@cache
def _placeholder_marks() -> frozenset[str]:
    return frozenset(json.loads(read_schema("act.json"))["placeholder_marks"])


def _is_count(value: Json) -> bool:
    return type(value) is int and 0 <= value <= MAX_ID


def _refuse_unseen(path: str, text: str) -> None:
    unseen = find_unseen(text)
    if unseen is not None:
        _refuse(path, f"Невидимий або керівний знак {unseen}.", f"An invisible or control character {unseen}.")


def _refuse(path: str, uk: str, en: str) -> NoReturn:
    raise InvalidInput(fields={path: (uk, en)})


def _shown(name: object) -> str:
    """A client's name for something, short and printable."""
    return ascii(str(name)[:40])[1:-1]
