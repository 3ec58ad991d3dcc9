from typing import Any

import pycrdt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.crdt.content import Element, Run
from server.crdt.document import ActDocument, PoisonedUpdate, merge, read_state_vector, split, without_held
from server.crdt.lib0 import DecodeError
from server.crdt.seed import SEED_CLIENT, build
from server.crdt.update import describe
from server.ids import ClientId
from tests.crdt.hand import Hand, together

ACT = (
    Element(
        "unit",
        {"bid": "u1", "kind": "title", "level": "1"},
        (
            Run("Про ґрунти 😀 "),
            Run("жирне", {"em": {}, "strong": {}}),
            Run(" похиле", {"em": {}}),
            Run("\ufffc", {"image": {"alt": "герб", "src": "/a.png", "width": 20}}),
        ),
    ),
    Element(
        "table",
        {"bid": "t1"},
        (),
        (
            Element("row", {"bid": "r1"}, (), (Element("cell", {"bid": "c1", "colspan": 2, "colwidth": (10, 20)}, (Run("їжак"),)),)),
            Element("row", {"bid": "r2"}),
        ),
    ),
    Element("unit", {"bid": "u2"}),
)
WORDS = st.text(alphabet="аїґ 😀e\u0301\u202e", max_size=5)
MARKS: st.SearchStrategy[dict[str, dict[str, str]]] = st.dictionaries(st.sampled_from(["strong", "em", "sup"]), st.just({}), max_size=2)


def loaded(*updates: bytes) -> ActDocument:
    document = ActDocument()
    for update in updates:
        document.apply(update)
    return document


def test_a_document_reads_back_what_it_was_built_from() -> None:
    document = loaded(build(ACT))
    assert document.content() == ACT
    assert read_state_vector(document.state_vector()).keys() == {SEED_CLIENT}


def test_equal_content_gives_equal_bytes() -> None:
    assert build(ACT) == build(tuple(ACT))
    assert build(()) == b"\0\0"
    assert build(ACT, ClientId(77)) != build(ACT)


def test_two_people_who_start_in_an_empty_unit_share_its_text() -> None:
    seed = build((Element("unit", {"bid": "u1"}),))
    updates = []
    for client, word in ((5, "тут"), (6, "там")):
        peer: pycrdt.Doc[Any] = pycrdt.Doc(client_id=client)
        peer.apply_update(seed)
        text = peer.get("default", type=pycrdt.XmlFragment).children[0].children[0]
        assert isinstance(text, pycrdt.XmlText)
        before = peer.get_state()
        text.insert(0, word)
        updates.append(peer.get_update(before))
    (unit,) = loaded(seed, *updates).content()
    assert sorted(unit.runs[0].text[i : i + 3] for i in (0, 3)) == ["там", "тут"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.tuples(WORDS, MARKS), max_size=5), max_size=4))
def test_any_runs_come_back_in_the_fewest_pieces(units: list[list[tuple[str, dict[str, dict[str, str]]]]]) -> None:
    elements = tuple(Element("unit", {"bid": str(n)}, tuple(Run(text, marks) for text, marks in runs)) for n, runs in enumerate(units))
    found = loaded(build(elements)).content()
    for unit, runs in zip(found, units, strict=True):
        assert [(letter, run.marks) for run in unit.runs for letter in run.text] == [(c, marks) for text, marks in runs for c in text]
        assert all(one.marks != other.marks for one, other in zip(unit.runs, unit.runs[1:], strict=False))


def test_several_texts_of_a_unit_are_read_in_order() -> None:
    hand = Hand(9)
    unit = hand.element("unit")
    first = hand.text_node(parent=unit)
    second = hand.text_node(origin=first)
    hand.text("друге", parent=second)
    hand.text("перше ", parent=first)
    assert loaded(hand.update()).content() == (Element("unit", {}, (Run("перше друге"),)),)


def test_what_we_do_not_know_is_shown_and_not_dropped() -> None:
    hand = Hand(9)
    other = hand.element("загадка", parent="default")
    text = hand.text_node(parent=other)
    hand.values("x", parent=text, key="дивне")
    letter = hand.text("ї", parent=text)
    embed: pycrdt.Doc[Any] = pycrdt.Doc(client_id=10)
    embed.apply_update(hand.update())
    node = embed.get("default", type=pycrdt.XmlFragment).children[0].children[0]
    assert isinstance(node, pycrdt.XmlText)
    node.insert_embed(2, {"video": 1.5}, {"strong": True, "link--abcdefgh": {"href": "a", "n": None}, "link": {"href": "b"}})
    node.insert(0, "а", {"em": "так", "sup": None})
    hand.mark("strong", "{}", origin=letter)
    (found,) = loaded(embed.get_update()).content()
    assert found.name == "загадка"
    inner = found.children[0]
    assert inner.attributes == {"дивне": "x"}
    assert inner.runs[0] == Run("а", {"em": {"value": '"так"'}})
    assert inner.runs[2].text == "\ufffc"
    assert inner.runs[2].marks["unknown"] == {"value": '{"video": 1.5}'}
    assert inner.runs[2].marks["link--abcdefgh"] == {"href": "a"} or inner.runs[2].marks["link"] == {"href": "a"}
    assert inner.runs[2].marks["strong"] == {}


def test_odd_attribute_values_and_fragments_are_shown() -> None:
    hand = Hand(9)
    unit = hand.element("unit")
    hand.values({"a": [1, 2.5]}, parent=unit, key="x")
    hand.values(True, parent=unit, key="y")
    hand.kind(4, None, parent=unit)
    (found,) = loaded(hand.update()).content()
    assert found.attributes == {"x": '{"a": [1, 2.5]}', "y": "true"}
    assert [child.name for child in found.children] == ["fragment"]


def test_resolutions_have_whole_numbers() -> None:
    peer: pycrdt.Doc[Any] = pycrdt.Doc(client_id=3)
    peer.get("resolutions", type=pycrdt.Map)["s1"] = {"a": "accept", "ver": 2, "at": [1.5, 2]}
    assert loaded(peer.get_update()).resolutions() == {"s1": {"a": "accept", "ver": 2, "at": [1.5, 2]}}
    assert ActDocument().resolutions() == {}


def three_steps() -> list[bytes]:
    """Three updates of one client: abc, def, ghi typed one behind the other."""
    updates, last = [], None
    for clock, word in ((1, "абв"), (4, "где"), (7, "жзи")):
        hand = Hand(9, clock)
        if last is None:
            hand = Hand(9)
            hand.text_node(parent="default")
        last = hand.text(word, origin=last, parent=(9, 0)) if last is None else hand.text(word, origin=last)
        updates.append(hand.update())
    return updates


def test_a_gap_is_pending_until_the_missing_update_comes() -> None:
    first, second, third = three_steps()
    document = loaded(first, third)
    assert document.has_pending()
    assert document.has_pending()
    document.apply(second)
    assert not document.has_pending()
    assert document.content()[0].runs[0].text == "абвгдежзи"


def test_a_delete_of_what_has_not_come_is_pending() -> None:
    first, second, _ = three_steps()
    document = loaded(first, b"\0\1\x09\1\4\1")
    assert document.has_pending()
    document.apply(second)
    assert not document.has_pending()
    assert document.content()[0].runs[0].text == "абвде"


def test_pending_is_seen_however_many_updates_came_since() -> None:
    first, second, third = three_steps()
    document = loaded(first, third, *[first] * 400)
    assert document.has_pending()
    document.apply(second)
    assert not document.has_pending()


@pytest.mark.parametrize("update", ["", "ff", "0101010004", "010001d05a017700"])
def test_poison_is_an_error_and_the_document_lives(update: str) -> None:
    document = loaded(build(ACT))
    with pytest.raises(PoisonedUpdate):
        document.apply(bytes.fromhex(update))
    assert document.content() == ACT


def test_a_panic_of_the_library_says_that_the_document_is_damaged() -> None:
    with pytest.raises(PoisonedUpdate) as caught:
        loaded(build(ACT)).apply(bytes.fromhex("010001d05a017700"))
    assert caught.value.damaged


def test_differences_and_merges_lose_nothing() -> None:
    first, second, third = three_steps()
    whole = loaded(first, second, third)
    assert merge([]) == b"\0\0"
    assert loaded(merge([third, first, second])).content() == whole.content()
    half = loaded(first)
    half.apply(whole.update_since(half.state_vector()))
    assert half.content() == whole.content()
    rest = without_held(merge([second, third]), loaded(first, second).state_vector())
    assert describe(rest).ranges[0].start == 7
    with pytest.raises(DecodeError):
        whole.update_since(b"\x05")
    with pytest.raises(PoisonedUpdate):
        merge([b"\xff", b"\xff"])


def test_a_state_is_loaded_whole() -> None:
    document = ActDocument()
    document.load(build(ACT))
    assert document.content() == ACT
    assert not document.has_pending()
    with pytest.raises(PoisonedUpdate):
        document.load(b"\xff")


def test_a_huge_update_is_taken_in_pieces_with_the_same_end() -> None:
    hand, other = Hand(9), Hand(8)
    text = hand.text_node(parent="default")
    last = hand.text("а", parent=text)
    for _ in range(3000):
        last = other.text("б", origin=last)
        last = hand.text("ї", origin=last)
    update = together([other, hand], [(9, 5, 2), (8, 0, 3)])
    pieces = list(split(update, small_bytes=0))
    assert list(split(update)) == [update]
    assert len(pieces) == 5
    document = loaded()
    for piece in pieces:
        document.apply(piece)
        assert not document.has_pending() or piece is not pieces[-1]
    assert document.content() == loaded(update).content()
    assert len(document.content()[0].runs[0].text) == 5996
