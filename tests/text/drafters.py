"""Random sessions of drafters whose letters tell who typed them: each has an alphabet of their own."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pycrdt

from server.crdt.content import Run
from server.crdt.document import ActDocument, build
from server.crdt.replay import replay
from server.ids import BlockId, UserId
from server.text.authorship import Authorship
from server.text.convert import from_elements, to_elements
from server.text.tree import Cell, Row, Table, Tree, Unit

ALPHABETS = {
    "seed": "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ",
    "олена": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя😀",
    "іван": "αβγδεζηθικλμνξοπρστυφχψω👍",
    "мін'юст": "abcdefghijklmnopqrstuvwxyz№",
    "minfin": "".join(map(chr, range(0x5D0, 0x5EB))) + "\U0001f9d1",
}
AUTHOR_OF = {letter: who for who, letters in ALPHABETS.items() for letter in letters}


def words(chance: random.Random, who: str, most: int = 14) -> str:
    return "".join(chance.choice(ALPHABETS[who]) for _ in range(chance.randrange(1, most)))


def base(chance: random.Random) -> bytes:
    """An imported act: units and a table."""
    units = [Unit(BlockId(f"u{number}"), "paragraph", (Run(words(chance, "seed", 30)),)) for number in range(5)]
    cells = tuple(Cell(BlockId(f"c{number}"), (Run(words(chance, "seed")),)) for number in range(2))
    return build(to_elements(Tree((*units, Table(BlockId("t"), (Row(BlockId("r"), cells),))))))


@dataclass
class Drafter:
    """One browser. What it did since `sent` has not been told."""

    name: str
    doc: "pycrdt.Doc[Any]"
    sent: bytes = b""

    @property
    def units(self) -> list[Any]:
        return [child for child in self.doc.get("default", type=pycrdt.XmlFragment).children if child.tag == "unit"]

    @property
    def texts(self) -> list[Any]:
        return [child for unit in self.units for child in unit.children]


def bytes_at(text: str, index: int) -> int:
    return len(text[:index].encode())


class Session:
    """Drafters, and the journal in which their updates stand with the author the server stamped."""

    def __init__(self, seed: int, *, live: bool = False) -> None:
        self.live = live
        """Everybody tells and hears after each step; else only when they happen to have a network."""
        self.chance = random.Random(seed)
        self.journal: list[tuple[bytes, str]] = [(base(self.chance), "seed")]
        self.count = 0
        names = [name for name in ALPHABETS if name != "seed"]
        self.drafters = [Drafter(name, pycrdt.Doc(client_id=100 + number)) for number, name in enumerate(names)]
        for drafter in self.drafters:
            self.meet(drafter)

    def meet(self, drafter: Drafter) -> None:
        """Tell what is new, then hear everything."""
        if drafter.sent:
            update = drafter.doc.get_update(drafter.sent)
            if len(update) > 2:
                self.journal.append((update, drafter.name))
        drafter.doc = reload(drafter.doc.client_id, [update for update, _ in self.journal])
        drafter.sent = drafter.doc.get_state()

    def step(self) -> None:
        drafter = self.chance.choice(self.drafters)
        if self.chance.random() < 0.35:
            self.meet(drafter)
            return
        doing: list[Callable[[Drafter], None]] = [
            self.type,
            self.type,
            self.type,
            self.erase,
            self.split,
            self.join,
            self.move,
            self.format,
        ]
        with drafter.doc.transaction():
            self.chance.choice(doing)(drafter)
        if self.live:
            for one in [drafter, *self.drafters]:
                self.meet(one)

    def run(self, steps: int) -> "Session":
        for _ in range(steps):
            self.step()
        for drafter in self.drafters:
            self.meet(drafter)
        return self

    # -- what a drafter does, as the editor writes it -----------------------------------------------------------------

    def type(self, drafter: Drafter) -> None:
        if drafter.texts:
            text = self.chance.choice(drafter.texts)
            text.insert(bytes_at(said(text), self.chance.randrange(plain(text) + 1)), words(self.chance, drafter.name))

    def erase(self, drafter: Drafter) -> None:
        if drafter.texts:
            text = self.chance.choice(drafter.texts)
            start = self.chance.randrange(plain(text) + 1)
            end = min(plain(text), start + self.chance.randrange(6))
            del text[bytes_at(said(text), start) : bytes_at(said(text), end)]

    def format(self, drafter: Drafter) -> None:
        if drafter.texts:
            text = self.chance.choice(drafter.texts)
            if plain(text) > 2:
                end = bytes_at(said(text), 2)
                text.format(bytes_at(said(text), 1), end, {"strong": {}})

    def split(self, drafter: Drafter) -> None:
        """The second half goes into a new unit."""
        if not drafter.units:
            return
        unit = self.chance.choice(drafter.units)
        text = unit.children[0]
        at = bytes_at(said(text), self.chance.randrange(plain(text) + 1))
        tail = said(text).encode()[at:].decode()
        del text[at : len(said(text).encode())]
        if len(said(text).encode()) > at:
            return  # pycrdt deletes nothing at some ends of marks; words that stay would be a copy
        self.insert(drafter, drafter.units.index(find(drafter, unit)) + 1, tail)

    def join(self, drafter: Drafter) -> None:
        """A unit's words go to the end of the one before it."""
        if len(drafter.units) < 3:
            return
        at = self.chance.randrange(1, len(drafter.units))
        moved = "".join(said(text) for text in drafter.units[at].children)
        before = drafter.units[at - 1].children[0]
        if not self.remove(drafter, at):
            return
        before.insert(len(said(before).encode()), moved)

    def move(self, drafter: Drafter) -> None:
        """A unit is deleted here and made again there."""
        if len(drafter.units) < 3:
            return
        at = self.chance.randrange(len(drafter.units))
        moved = "".join(said(text) for text in drafter.units[at].children)
        if self.remove(drafter, at):
            self.insert(drafter, self.chance.randrange(len(drafter.units) + 1), moved)

    def remove(self, drafter: Drafter, at: int) -> bool:
        """False where pycrdt removed nothing, as it does now and then: a word that stays must not be written again."""
        count = len(drafter.units)
        del self.fragment(drafter).children[self.index(drafter, at)]
        return len(drafter.units) < count

    def insert(self, drafter: Drafter, at: int, text: str) -> None:
        self.count += 1
        element = pycrdt.XmlElement(
            "unit", {"bid": f"n{self.count}", "kind": "paragraph", "level": "1", "label": ""}, [pycrdt.XmlText(text)]
        )
        self.fragment(drafter).children.insert(self.index(drafter, at), element)

    def fragment(self, drafter: Drafter) -> Any:  # Any: pycrdt's fragment
        return drafter.doc.get("default", type=pycrdt.XmlFragment)

    def index(self, drafter: Drafter, at: int) -> int:
        """The child index of the unit number `at`."""
        tags = [index for index, child in enumerate(self.fragment(drafter).children) if child.tag == "unit"]
        return tags[at] if at < len(tags) else len(self.fragment(drafter).children)

    # -- what is known afterwards -------------------------------------------------------------------------------------

    def authorship(self) -> Authorship:
        found = Authorship()
        for number, (update, who) in enumerate(self.journal):
            found.take(update, UserId(who), 1_000_000 + number * 3_600_000, lambda _: ())
        return found

    def blocks(self) -> list[tuple[str, str]]:
        """Every unit and cell with its text, as the rest of the server reads them."""
        document = ActDocument()
        for update, _ in self.journal:
            document.apply(update)
        found: list[tuple[str, str]] = []
        for block in from_elements(document.content()).blocks:
            match block:
                case Unit():
                    found.append((block.bid, block.text))
                case Table():
                    found += [(cell.bid, cell.text) for row in block.rows for cell in row.cells]
        return found


def said(text: Any) -> str:  # Any: pycrdt's text
    """Its words without marks."""
    return "".join(piece for piece, _ in text.diff())


def plain(text: Any) -> int:  # Any: pycrdt's text
    return len(said(text))


def find(drafter: Drafter, unit: Any) -> Any:  # Any: pycrdt's element
    """The same unit in a fresh list of them."""
    return next(one for one in drafter.units if one.attributes["bid"] == unit.attributes["bid"])


def reload(client: int, updates: list[bytes]) -> "pycrdt.Doc[Any]":
    doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=client)
    doc.apply_update(replay(updates).get_update())
    return doc
