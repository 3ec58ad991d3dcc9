"""Numbers and hierarchy (docs/spec/text.md T1-T19): the shared vectors, and what must hold for every list of units."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.errors import NotFound
from server.ids import BlockId
from server.resources import read_schema
from server.text.numbering import hierarchy, labels, load_scheme, number, ranks, scheme_ids
from server.text.numerals import ordinal, read, write
from server.text.tree import AUTO, Table, Tree, Unit

CASES: list[dict[str, Any]] = json.loads(read_schema("vectors/numbering.json"))["cases"]


def tree_of(units: list[dict[str, Any]]) -> Tree:
    return Tree(tuple(Unit(BlockId(u["bid"]), u["kind"], (), u["label"], u["level"], u["quoted"], u["scope"]) for u in units))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_T1_every_shared_vector_has_these_labels_parents_and_containers(case: dict[str, Any]) -> None:
    numbering = number(tree_of(case["units"]), load_scheme(case["scheme"]))
    assert numbering.labels == case["labels"]
    assert numbering.parents == case["parents"]
    assert numbering.containers == case["containers"]


def test_T3_a_table_hangs_where_a_paragraph_would() -> None:
    point, table, after = BlockId("п1"), BlockId("т"), BlockId("а")
    tree = Tree((Unit(point, "point", (), AUTO), Table(table), Unit(after, "paragraph")))
    assert hierarchy(tree) == {point: "", table: point, after: point}
    assert labels(tree, load_scheme("cabinet")) == {point: "1.", after: ""}


@pytest.mark.parametrize(
    ("label", "value", "style", "core", "following"),
    [
        ("12.10²", 10, "arabic", "12.10²", "12.11"),
        ("12.10 -2", 10, "arabic", "12.10 -2", "12.11"),
        ("в)", 3, "letter", "в", "г)"),
        ("9-1", 9, "arabic", "9-1", "10"),
        ("Стаття 111 - 2", 111, "arabic", "111 - 2", "Стаття 112"),
        ("§ 28⁵", 28, "arabic", "28⁵", "§ 29"),
        ("Розділ ІV-1", 4, "roman", "ІV-1", "Розділ V"),
        ("Книга перша", 1, "feminine", "перша", "Книга друга"),
        ("КНИГА П’ЯТА", 5, "upper_feminine", "П’ЯТА", "КНИГА ШОСТА"),
        ("Додаток 3 до Порядку", 3, "arabic", "3", "Додаток 4 до Порядку"),
        ("Art. 12a", 12, "arabic", "12a", "Art. 13"),
        ("1-1)", 1, "arabic", "1-1", "2)"),
        ("г)", 4, "letter", "г", "ґ)"),
        ("І)", 1, "roman", "І", "II)"),
        ("і)", 12, "letter", "і", "ї)"),
    ],
)
def test_T10_a_label_is_read_and_continued_in_its_own_shape(label: str, value: int, style: str, core: str, following: str) -> None:
    numeral = read(label)
    assert numeral is not None
    assert (numeral.value, numeral.style, numeral.core) == (value, style, core)
    assert numeral.following(value + 1) == following


@pytest.mark.parametrize("label", ["", "–", "*", "Примітка.", "ь)", "🙂", "IIX", "Додаток"])
def test_T11_a_label_without_a_number_is_none(label: str) -> None:
    assert read(label) is None


def test_T11_a_hostile_label_is_read_without_trying_every_way_to_cut_it() -> None:
    assert read("а" + "²" * 150 + "5") is not None
    assert read("-" * 200) is None


@pytest.mark.parametrize("style", ["arabic", "roman", "letter", "upper_letter", "feminine", "masculine"])
def test_T12_what_is_written_is_read_back(style: str) -> None:
    for value in range(1, 33):
        numeral = read("Розділ " + write(value, style) if style in {"roman", "feminine", "masculine"} else write(value, style) + ")")
        assert numeral is not None
        assert numeral.value == value or style == "upper_letter"


def test_T13_ordinal_words_agree_in_gender_and_case_and_end_in_digits() -> None:
    assert ordinal(3, "feminine", "genitive") == "третьої"
    assert ordinal(23, "masculine", "locative") == "двадцять третьому"
    assert ordinal(40, "feminine", "instrumental") == "сороковою"
    assert ordinal(51, "masculine", "genitive") == "51"


def test_T18_a_scheme_has_an_id_and_a_hash_and_an_unknown_one_is_refused() -> None:
    assert scheme_ids() == ("cabinet", "law")
    assert {len(load_scheme(name).hash) for name in scheme_ids()} == {64}
    with pytest.raises(NotFound):
        load_scheme("../act")


KINDS = st.sampled_from(sorted(ranks()))
UNITS = st.lists(
    st.tuples(
        KINDS,
        st.integers(0, 4),
        st.sampled_from([AUTO, "", "1.", "в)", "9-1", "–", "Розділ IV", "12.10²"]),
        st.sampled_from(["", "q"]),
        st.sampled_from(["", "0", "3"]),
    ),
    max_size=40,
)


@settings(max_examples=200, deadline=None)
@given(UNITS, st.sampled_from(scheme_ids()))
def test_T19_any_list_of_units_gets_labels_and_an_acyclic_hierarchy(rows: list[tuple[str, int, str, str, str]], scheme: str) -> None:
    units = tuple(
        Unit(BlockId(str(place)), kind, (), label, level, quoted, scope) for place, (kind, level, label, quoted, scope) in enumerate(rows)
    )
    numbering = number(Tree(units), load_scheme(scheme))
    assert list(numbering.labels) == [unit.bid for unit in units]
    for unit in units:
        parent = numbering.parents[unit.bid]
        assert not parent or int(parent) < int(unit.bid)
        assert unit.label == AUTO or numbering.labels[unit.bid] == unit.label
