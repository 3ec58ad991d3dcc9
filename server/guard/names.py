"""What may stand in an act, and where: names, value types, kinds of content (D2). Everything else is refused by name."""

from collections.abc import Collection, Mapping

from server.crdt.schema import Schema
from server.crdt.structs import ANY, DELETED, GC, XML_ELEMENT, XML_TEXT, Item
from server.guard.places import GONE, TEXT, Place
from server.guard.verdicts import Refused

MAX_NAME_SHOWN = 40


class Names:
    """The allow-list of one schema."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.fragment = "#" + schema.fragment
        self.decisions = "#" + schema.decisions
        self.roots = frozenset({self.fragment, self.decisions})
        self.holds_text = frozenset(name for name, rule in schema.nodes.items() if rule.holds_text)

    def check(self, item: Item, place: Place, claims: Collection[str]) -> Refused | None:  # noqa: PLR0911 - one arm per kind of content
        """The first rule an item breaks at its place."""
        kind = place.type.kind
        if kind.startswith("#"):
            refused = self._check_root(kind, place, item, claims)
            if refused is not None:
                return refused
        match item.content:
            case 4:
                return None if place.key is None and (kind == TEXT or place is GONE) else Refused("G6", f"text in {_show(kind)}")
            case 6:
                return self._check_mark(item, place)
            case 7:
                return self._check_node(item, place)
            case 8:
                return self._check_value(item, place)
            case 0 | 1:
                return None
            case _:
                return Refused("G9", f"content of kind {item.content}")

    def _check_root(self, kind: str, place: Place, item: Item, claims: Collection[str]) -> Refused | None:
        if kind not in self.roots:
            return Refused("G4", f"root {_show(kind[1:])}")
        if kind == self.fragment:
            return None if place.key is None else Refused("G7", f"attribute {_show(place.key)} of a root")
        if place.key is None:
            return Refused("G6", f"a list in {kind[1:]}")
        if place.key not in claims:
            return Refused("G14", "a decision without a claim")
        if item.content == ANY and isinstance(claims, Mapping) and item.value != (claims[place.key],):
            return Refused("G14", "another decision than the one that was claimed")
        return None if item.content in (ANY, DELETED, GC) else Refused("G9", f"content of kind {item.content} in {kind[1:]}")

    def _check_mark(self, item: Item, place: Place) -> Refused | None:
        if place is not GONE and (place.type.kind != TEXT or place.key is not None):
            return Refused("G6", f"a mark in {_show(place.type.kind)}")
        key, value = item.value
        rule = self.schema.find_mark(key)
        if rule is None:
            return Refused("G8", f"mark {_show(key)}")
        if value is None:
            return None
        if not isinstance(value, dict) or not rule.required <= value.keys():
            return Refused("G8", f"mark {_show(key)} with a value of the wrong shape")
        for name, entry in value.items():
            check = rule.attributes.get(name)
            if check is None or not (check(entry) or (entry is None and name not in rule.required)):
                return Refused("G8", f"mark {_show(key)}, attribute {_show(name)}")
        return None

    def _check_node(self, item: Item, place: Place) -> Refused | None:
        number, name = item.value
        kind, key = place.type.kind, place.key
        if number == XML_TEXT:
            return None if place is GONE or (key is None and kind in self.holds_text) else Refused("G6", f"a text in {_show(kind)}")
        rule = self.schema.nodes.get(name) if number == XML_ELEMENT else None
        if rule is None:
            return Refused("G5", f"element {_show(name)}" if name else f"shared type {number}")
        inside = self.schema.fragment if kind == self.fragment else kind
        return None if place is GONE or (key is None and inside in rule.parents) else Refused("G6", f"{name} in {_show(kind)}")

    def _check_value(self, item: Item, place: Place) -> Refused | None:
        kind, key = place.type.kind, place.key
        if place is GONE or kind == self.decisions:
            return None if len(item.value) == 1 else Refused("G9", "a list of values")
        rule = self.schema.nodes.get(kind)
        if key is None or rule is None:
            return Refused("G7", f"a value in {_show(kind)}")
        check = rule.attributes.get(key)
        if check is None:
            return Refused("G7", f"attribute {_show(key)} of {kind}")
        return None if len(item.value) == 1 and check(item.value[0]) else Refused("G7", f"value of attribute {key} of {kind}")


def _show(name: str) -> str:
    """A client's name for something, short and printable, as it may stand in a log."""
    return ascii(name[:MAX_NAME_SHOWN])
