"""Who wrote which words. The oracle: each drafter of a random session has letters of their own."""

from typing import Any

import pycrdt
import pytest

from server.crdt.content import Run
from server.crdt.document import build
from server.crdt.offsets import utf16_length
from server.ids import BlockId, UserId
from server.text.authorship import Authorship, Passage
from server.text.convert import to_elements
from server.text.tree import Tree, Unit
from tests.crdt.hand import Hand, together
from tests.text.drafters import AUTHOR_OF, Session, reload, said

SEEDS = range(60)
MINUTE = 60_000


def units16(text: str) -> list[str]:
    return [char for char in text for _ in range(utf16_length(char))]


def wrong_letters(session: Session) -> tuple[int, int]:
    """Letters with another author than who typed them, and all letters."""
    wrong = count = 0
    for block, (_, text) in zip(session.authorship().read(), session.blocks(), strict=True):
        letters, at = units16(text), 0
        for passage in block.passages:
            for letter in letters[at : at + passage.length]:
                wrong += AUTHOR_OF[letter] != passage.author
                count += 1
            at += passage.length
    return wrong, count


@pytest.mark.parametrize("seed", SEEDS)
def test_passages_concatenate_to_the_text_of_each_unit_and_cell(seed: int) -> None:
    session = Session(seed).run(70)
    found = session.authorship().read()
    assert [(block.bid, sum(one.length for one in block.passages)) for block in found] == [
        (bid, utf16_length(text)) for bid, text in session.blocks()
    ]
    for block in found:
        for passage in block.passages:
            assert passage.length == sum(count for _, _, count in passage.ids)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_letter_has_its_known_author_after_splits_joins_and_moves(seed: int) -> None:
    assert wrong_letters(Session(seed, live=True).run(60))[0] == 0


def test_after_offline_days_of_moving_merged_into_one_update_all_but_a_few_letters_of_a_thousand_are_right() -> None:
    """An update that holds a day of splits, joins and moves says only where words went and came, not in which order."""
    counts = [wrong_letters(Session(seed).run(70)) for seed in SEEDS]
    wrong, count = sum(one for one, _ in counts), sum(one for _, one in counts)
    assert count > 8_000
    assert wrong / count < 0.007, (wrong, count)


class Table:
    """An act of one article that people change by hand; `journal` as the server would stamp it."""

    def __init__(self, *texts: str) -> None:
        units = [Unit(BlockId(f"u{number}"), "article", (Run(text),)) for number, text in enumerate(texts)]
        self.journal = [(build(to_elements(Tree(tuple(units)))), "server", 0)]
        self.proposed: dict[str, list[str]] = {}

    def doc(self, client: int) -> "pycrdt.Doc[Any]":
        return reload(client, [update for update, _, _ in self.journal])

    def say(self, doc: "pycrdt.Doc[Any]", before: bytes, who: str, at: int) -> None:
        self.journal.append((doc.get_update(before), who, at))

    def read(self) -> list[list[tuple[str, str]]]:
        """Every unit as (words, author and, behind a slash, the suggestion)."""
        return [self.words(passages) for passages in self.passages()]

    def passages(self) -> list[tuple[Passage, ...]]:
        found = Authorship()
        for update, who, at in self.journal:
            found.take(update, UserId(who), at, lambda one: self.proposed.get(one, []))
        return [block.passages for block in found.read()]

    def words(self, passages: tuple[Passage, ...]) -> list[tuple[str, str]]:
        result = []
        text = {unit: said(unit.children[0]) for unit in root(self.doc(1)).children}
        whole = next(value for value in text.values() if utf16_length(value) == sum(one.length for one in passages))
        data, at = whole.encode("utf-16-le"), 0
        for one in passages:
            words = data[2 * at : 2 * (at + one.length)].decode("utf-16-le")
            result.append((words, f"{one.author}/{one.suggestion}" if one.suggestion else one.author))
            at += one.length
        return result


def root(doc: "pycrdt.Doc[Any]") -> Any:  # Any: pycrdt's fragment
    return doc.get("default", type=pycrdt.XmlFragment)


def first(doc: "pycrdt.Doc[Any]") -> Any:  # Any: pycrdt's text
    return root(doc).children[0].children[0]


def test_words_brought_back_by_an_undo_keep_their_author() -> None:
    """Yjs' undo writes them directly before the deleted ones, and names those as the right neighbour."""
    table = Table("Ґудзик 👩‍⚖️ і право")
    client, clock = text_id(table)
    table.journal.append((together([], [(client, clock, 9)]), "олена", MINUTE))
    again = Hand(7)
    again.text("Ґудзик 👩", right=(client, clock))
    table.journal.append((again.update(), "олена", 2 * MINUTE))
    assert table.read() == [[("Ґудзик 👩‍⚖️ і право", "server")]]


def text_id(table: Table) -> tuple[int, int]:
    """The Yjs id of the first letter of the first unit."""
    found = Authorship()
    found.take(table.journal[0][0], UserId("server"), 0, lambda _: ())
    client, clock, _ = found.read()[0].passages[0].ids[0]
    return client, clock


def test_words_cut_in_one_update_and_pasted_in_a_later_one_keep_their_author() -> None:
    table = Table("Кабінет Міністрів України постановляє: ", "Далі. ")
    doc = table.doc(7)
    before = doc.get_state()
    del first(doc)[0 : len("Кабінет Міністрів ".encode())]
    table.say(doc, before, "олена", MINUTE)
    before = doc.get_state()
    root(doc).children[1].children[0].insert(0, "Кабінет Міністрів ")
    table.say(doc, before, "олена", 2 * MINUTE)
    assert table.read()[1] == [("Кабінет Міністрів Далі. ", "server")]


def test_typing_the_same_letters_again_is_writing() -> None:
    table = Table("будинок")
    doc = table.doc(7)
    before = doc.get_state()
    del first(doc)[0:14]
    table.say(doc, before, "олена", MINUTE)
    for number, letter in enumerate("будинок"):
        before = doc.get_state()
        first(doc).insert(2 * number, letter)
        table.say(doc, before, "олена", MINUTE + number)
    assert table.read() == [[("будинок", "олена")]]


def test_words_of_an_accepted_suggestion_carry_its_id_and_the_drafter_who_accepted() -> None:
    table = Table("поряд із будинком")
    sid = "a" * 32
    table.proposed[sid] = ["будівлею 🏛"]
    doc = table.doc(7)
    before = doc.get_state()
    with doc.transaction():
        start = len("поряд із ".encode())
        first(doc).insert(0, "НЕ ")  # the drafter's own word, in the same update
        del first(doc)[start + 5 : start + 5 + len("будинком".encode())]
        first(doc).insert(start + 5, "будівлею 🏛")
        doc.get("resolutions", type=pycrdt.Map)[sid] = {"v": 1, "a": "accept"}
    table.say(doc, before, "олена", MINUTE)
    assert table.read() == [[("НЕ ", "олена"), ("поряд із ", "server"), ("будівлею 🏛", f"олена/{sid}")]]


def test_what_a_client_writes_about_authors_is_not_looked_at() -> None:
    table = Table("Стаття")
    doc = table.doc(7)
    before = doc.get_state()
    with doc.transaction():
        first(doc).insert(0, "моя ", {"author": {"id": "олена"}})
        root(doc).children[0].attributes["author"] = "олена"
        doc.get("resolutions", type=pycrdt.Map)["b" * 32] = {"v": 1, "a": "accept", "author": "олена"}
    table.say(doc, before, "villain", MINUTE)
    assert table.read() == [[("моя ", "villain"), ("Стаття", "server")]]


def test_a_passage_goes_on_for_ten_minutes_and_then_another_begins() -> None:
    table = Table("")
    doc = table.doc(7)
    for at in (1, 2, 3, 40):
        before = doc.get_state()
        first(doc).insert(len(said(first(doc)).encode()), "ї")
        table.say(doc, before, "олена", at * MINUTE)
    assert [(one.length, one.since, one.at) for one in table.passages()[0]] == [
        (3, MINUTE, 3 * MINUTE),
        (1, 40 * MINUTE, 40 * MINUTE),
    ]
