"""Updates no editor writes, but which stand where the schema allows: for what the guard, the server and browsers make of them."""

import random

from server.guard.ledger import Ledger
from server.guard.order import Order
from server.guard.places import GONE, TEXT, Place
from tests.crdt.hand import Hand, Id, together
from tests.guard.acts import MINE

CLIENTS = (MINE, 78, 5)
"""Smaller and larger than each other, so that rivals for a place stand on both sides."""
INSIDE = {"#default": ("unit", "unit", "table"), "table": ("row",), "row": ("cell",)}


class Forger:
    """Writes struct by struct into the places that a ledger knows, beside neighbours that fit more often than not."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def update(self, ledger: Ledger, *, repeats: bool) -> bytes:
        """An update of one or two clients; with `repeats` some begin with structs that are held, with another content."""
        hands = []
        for client in self.chance.sample(CLIENTS, self.chance.choice((1, 1, 1, 2))):
            back = self.chance.choice((0,) * 8 + (1, 2)) if repeats else 0
            made = Hand(client, max(0, ledger.state.get(client, 0) - back))
            for _ in range(self.chance.randrange(1, 4)):
                self._struct(made, ledger)
            hands.append(made)
        return together(hands, self._deletes(ledger))

    def _deletes(self, ledger: Ledger) -> list[tuple[int, int, int]]:
        if self.chance.random() > 0.3:
            return []
        client = self.chance.choice(list(ledger.state))
        clock = self.chance.randrange(ledger.state[client])
        return [(client, clock, self.chance.randrange(1, 1 + min(3, ledger.state[client] - clock)))]

    def _struct(self, made: Hand, ledger: Ledger) -> None:
        places = {place: None for track in ledger.tracks.values() for place in track.places if place is not GONE}
        wide = [place for place in places if place.key is None and place.type.kind in {TEXT, "#default"}]
        place = self.chance.choice(wide if self.chance.random() < 0.6 else list(places))
        if place.key is not None:
            side = "origin" if self.chance.random() < 0.9 else "right"
            held = [(client, clock) for client, track in ledger.tracks.items() for clock in range(track.end) if track.find(clock) is place]
            made.values(self.chance.choice(("point", "x", "2", "article")), **{side: self.chance.choice(held)})
            return
        where = self._where(made, ledger, place)
        if place.type.kind == TEXT:
            self._letters(made, where)
        else:
            self._node(made, place.type.kind, where)

    def _where(self, made: Hand, ledger: Ledger, place: Place) -> dict[str, Id | str]:
        """Side by side, with something between, behind the last one's own, or anywhere."""
        order: list[Id | None] = [None, *Order.of(place, ledger.tracks).ids(), None]
        draw = self.chance.random()
        at = self.chance.randrange(len(order) - 1)
        left, right = order[at], order[at + 1]
        if 0.5 <= draw < 0.7:
            right = self.chance.choice(order[at + 1 :])
        elif 0.7 <= draw < 0.85 and made.clock:
            left, right = (made.client, made.clock - 1), self.chance.choice(order)
        elif draw >= 0.85:
            left, right = self.chance.choice(order), self.chance.choice(order)
        where: dict[str, Id | str] = {side: found for side, found in (("origin", left), ("right", right)) if found}
        if not where:
            where["parent"] = next((name for name, kind in ledger.types.items() if kind is place.type), "default")
        return where

    def _letters(self, made: Hand, where: dict[str, Id | str]) -> None:
        draw = self.chance.random()
        if draw < 0.6:
            made.text(self.chance.choice(("ї", "ґанок", "😀", "ab", "а😀б")), **where)
        elif draw < 0.75:
            made.mark(self.chance.choice(("strong", "em")), self.chance.choice(("{}", "null")), **where)
        elif draw < 0.9:
            made.deleted(self.chance.randrange(1, 4), **where)
        else:
            made.collected(self.chance.randrange(1, 3))

    def _node(self, made: Hand, kind: str, where: dict[str, Id | str]) -> None:
        draw = self.chance.random()
        if kind not in INSIDE:
            made.text_node(**where)
        elif draw < 0.7:
            node = made.element(self.chance.choice(INSIDE[kind]), **where)
            made.values(f"b{made.clock}", parent=node, key="bid")
            if kind != "table" and self.chance.random() < 0.6:
                made.text("нове", parent=made.text_node(parent=node))
        elif draw < 0.9:
            made.deleted(self.chance.randrange(1, 3), **where)
        else:
            made.collected(1)
