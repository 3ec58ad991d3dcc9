"""The smallest edit that makes a document read as wanted (rules V30-V33 of docs/spec/versions.md)."""

from dataclasses import replace
from typing import Any

import pycrdt
from hypothesis import given, settings
from hypothesis import strategies as st

from server.crdt.content import Element, MarkValue, Run
from server.crdt.document import EMPTY_UPDATE, ActDocument, build
from server.crdt.rewrite import rewrite
from server.crdt.structs import STRING
from server.crdt.update import describe
from server.ids import ClientId

CLIENT = ClientId(4_000_000_001)
WORDS = st.lists(st.sampled_from(["ґанок", "під’їзд", " ", ",", "📜", "é", "слово ", "👩‍👩‍👧", "ІІ", "\ufffc"]), max_size=8).map("".join)
MARKS: st.SearchStrategy[dict[str, MarkValue]] = st.dictionaries(
    st.sampled_from(["strong", "em", "link"]), st.sampled_from([{}, {"href": "https://zakon.rada.gov.ua"}]), max_size=2
)
RUNS = st.lists(st.builds(Run, WORDS.filter(bool), MARKS), max_size=4)


def unit(bid: str, runs: list[Run], **attributes: str) -> Element:
    return Element("unit", {"bid": bid, "kind": "point", "level": "1", "label": "auto", **attributes}, merged(runs))


def merged(runs: list[Run]) -> tuple[Run, ...]:
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1].marks == run.marks:
            joined[-1] = Run(joined[-1].text + run.text, run.marks)
        else:
            joined.append(run)
    return tuple(joined)


@st.composite
def documents(draw: st.DrawFn) -> tuple[Element, ...]:
    bids = draw(st.lists(st.sampled_from([f"u{n}" for n in range(8)]), unique=True, max_size=7))
    blocks = []
    for bid in bids:
        if draw(st.booleans()):
            blocks.append(unit(bid, draw(RUNS), **draw(st.sampled_from([{}, {"quoted": "q1"}, {"kind": "article"}]))))
        else:
            rows = draw(st.lists(st.sampled_from(["r1", "r2", "r3"]), unique=True, max_size=3))
            cells = {row: draw(st.lists(st.sampled_from(["c1", "c2"]), unique=True, min_size=1)) for row in rows}
            children = tuple(
                Element(
                    "row", {"bid": bid + row}, (), tuple(Element("cell", {"bid": bid + row + c}, merged(draw(RUNS))) for c in cells[row])
                )
                for row in rows
            )
            blocks.append(Element("table", {"bid": f"t{bid}"}, (), children))
    return tuple(blocks)


def after(state: bytes, update: bytes) -> tuple[Element, ...]:
    document = ActDocument()
    document.apply(state)
    document.apply(update)
    return document.content()


def sorted_attributes(elements: tuple[Element, ...]) -> tuple[Element, ...]:
    return tuple(replace(e, attributes=dict(sorted(e.attributes.items())), children=sorted_attributes(e.children)) for e in elements)


@given(documents(), documents())
@settings(max_examples=150, deadline=None)
def test_V30_any_document_becomes_any_other_and_then_needs_no_edit(old: tuple[Element, ...], new: tuple[Element, ...]) -> None:
    state = build(old)
    update = rewrite(state, new, CLIENT)
    assert after(state, update) == sorted_attributes(new)
    document = ActDocument()
    document.apply(state)
    document.apply(update)
    assert rewrite(document.state(), new, ClientId(CLIENT + 1)) == EMPTY_UPDATE


def inserted(update: bytes) -> str:
    return "".join(str(item.value) for item in describe(update).items if item.content == STRING)


def test_V31_only_the_words_that_differ_are_written() -> None:
    old = (unit("a", [Run("Орган відповідає за якість води 📜 і за дощ.")]), unit("b", [Run("Друге.")]), unit("c", [Run("Третє.")]))
    new = (unit("a", [Run("Орган відповідає за чистоту води 📜 і за дощ.")]), unit("c", [Run("Третє.")]), unit("d", [Run("Нове.")]))
    update = rewrite(build(old), new, CLIENT)
    assert inserted(update) == "чистотуНове."
    assert after(build(old), update) == sorted_attributes(new)


def test_V31_a_moved_unit_comes_back_under_its_id_and_the_others_stay() -> None:
    old = tuple(unit(bid, [Run(f"Слово {bid}.")]) for bid in "abcdef")
    new = tuple(unit(bid, [Run(f"Слово {bid}.")]) for bid in "afbcde")
    update = rewrite(build(old), new, CLIENT)
    assert inserted(update) == "Слово f."
    assert [element.attributes["bid"] for element in after(build(old), update)] == list("afbcde")


def test_V32_what_another_person_types_meanwhile_is_kept() -> None:
    old = (unit("a", [Run("Перше слово.")]), unit("b", [Run("Друге.")]))
    state = build(old)
    update = rewrite(state, (unit("a", [Run("Перше речення.")]), unit("b", [Run("Друге.")])), CLIENT)
    theirs: pycrdt.Doc[Any] = pycrdt.Doc(client_id=77)
    theirs.apply_update(state)
    before = theirs.get_state()
    node: Any = theirs.get("default", type=pycrdt.XmlFragment).children[1]
    node.children[0].insert(0, "Зовсім ")
    typed = theirs.get_update(before)
    document = ActDocument()
    for one in (state, typed, update):
        document.apply(one)
    assert [element.runs[0].text for element in document.content()] == ["Перше речення.", "Зовсім Друге."]


def test_V33_what_a_frozen_text_does_not_know_stays() -> None:
    cell = Element("cell", {"bid": "c", "colwidth": (120, 80)}, (Run("МВС"),))
    old = (Element("table", {"bid": "t"}, (), (Element("row", {"bid": "r"}, (), (cell,)),)),)
    new = (Element("table", {"bid": "t"}, (), (Element("row", {"bid": "r"}, (), (replace(cell, attributes={"bid": "c"}),)),)),)
    assert rewrite(build(old), new, CLIENT) == EMPTY_UPDATE


def test_V31_a_huge_rewritten_paragraph_does_not_take_for_ever() -> None:
    old, new = "слово дощ " * 60_000, "вода сніг " * 60_000
    update = rewrite(build((unit("a", [Run(old)]),)), (unit("a", [Run(new)]),), CLIENT)
    assert after(build((unit("a", [Run(old)]),)), update)[0].runs[0].text == new
