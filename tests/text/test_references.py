"""What a live cross reference shows (docs/spec/text.md T30-T38)."""

import json
from typing import Any

import pytest

from server.crdt.content import Run
from server.ids import BlockId
from server.resources import read_schema
from server.text.numbering import load_scheme, ranks
from server.text.references import Citations
from server.text.tree import AUTO, Table, Tree, Unit

CASES: list[dict[str, Any]] = json.loads(read_schema("vectors/references.json"))["cases"]
CABINET = load_scheme("cabinet")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_T30_every_shared_vector_is_cited_in_these_words(case: dict[str, Any]) -> None:
    units = (Unit(BlockId(u["bid"]), u["kind"], (Run(u["text"]),), u["label"], u["level"], u["quoted"], u["scope"]) for u in case["units"])
    citations = Citations(Tree(tuple(units)), load_scheme(case["scheme"]))
    for wanted in case["references"]:
        assert citations.cite(wanted["target"], wanted["form"], wanted["source"]) == wanted["text"]


def test_T36_a_reference_follows_its_target_when_units_move() -> None:
    first, second = Unit(BlockId("а"), "point", (Run("Перший"),), AUTO), Unit(BlockId("б"), "point", (Run("Другий"),), AUTO)
    assert Citations(Tree((first, second)), CABINET).cite("б", "genitive") == "пункту 2"
    assert Citations(Tree((second, first)), CABINET).cite("б", "genitive") == "пункту 1"


def test_T37_a_lost_target_is_named_in_the_reader_s_language() -> None:
    assert Citations(Tree(), CABINET).cite("ні", language="en") == "[lost reference]"


def test_T38_every_kind_and_a_table_have_their_noun_in_six_cases() -> None:
    nouns = json.loads(read_schema("numbering/references.json"))["nouns"]
    assert set(nouns) == {*ranks(), "table"}
    assert all(len(noun) == 7 for noun in nouns.values())
    assert Citations(Tree((Table(BlockId("т")),)), CABINET).cite("т", "locative") == "таблиці"


def test_T34_the_place_of_a_paragraph_is_told_for_display() -> None:
    tree = Tree((Unit(BlockId("п"), "point", (Run("Установити:"),), AUTO), Unit(BlockId("а"), "paragraph")))
    citations = Citations(tree, CABINET)
    assert (citations.place("п"), citations.place("а")) == (0, 2)
