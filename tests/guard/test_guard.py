"""Rules G1 to G14 of docs/spec/guard.md."""

import pytest

from server.access.roles import Scope
from server.crdt.document import ActDocument
from server.crdt.lib0 import AnyValue
from server.crdt.update import describe
from server.guard.guard import Accepted, Foreign, Limits, NeedsResync, Refused, judge, judge_bytes
from server.guard.ledger import Ledger
from tests.crdt.hand import Hand, Id, Parent, together
from tests.guard.acts import (
    ACT,
    CELL,
    CELL_LETTER,
    CELL_TEXT,
    KIND,
    LAST_LETTER,
    LETTER,
    LEVEL,
    MINE,
    OLENA,
    PETRO,
    ROW,
    TABLE,
    TEXT,
    UNIT,
    act,
    hand,
    send,
)  # fmt: skip


def refused_by(verdict: object) -> str:
    assert isinstance(verdict, Refused), verdict
    return verdict.rule


@pytest.mark.parametrize("scope", [Scope.SUGGEST, Scope.READ, Scope.NONE])
def test_G1_bytes_of_those_who_may_not_write_are_refused_unread(scope: Scope) -> None:
    typed = hand()
    typed.text("ї", origin=LAST_LETTER)
    assert refused_by(send(act(), typed, scope=scope)) == "G1"
    assert refused_by(send(act(), b"\xff" * 10_000_000, scope=scope)) == "G1"
    assert refused_by(judge(describe(typed.update()), OLENA, scope, act())) == "G1"


@pytest.mark.parametrize("scope", list(Scope))
def test_G1_the_empty_update_is_fine_from_everyone(scope: Scope) -> None:
    assert isinstance(send(act(), b"\0\0", scope=scope), Accepted)
    assert isinstance(judge(describe(b"\0\0"), OLENA, scope, act()), Accepted)


def test_G2_what_is_no_update_v1_is_refused() -> None:
    for update in (b"", b"\0\0\0", b"\1\1\1", bytes.fromhex("010001d05a017700")):
        assert refused_by(send(act(), update)) == "G2"


def test_G3_size_of_an_update_its_structs_its_runs_and_the_document_are_bounded() -> None:
    typed = hand()
    first = typed.text("їжаки", origin=LAST_LETTER)
    typed.text("!", origin=first)
    assert refused_by(send(act(), typed, limits=Limits(update_bytes=10))) == "G3"
    assert refused_by(judge(describe(typed.update()), OLENA, Scope.WRITE, act(), Limits(update_bytes=10))) == "G3"
    assert refused_by(send(act(), typed, limits=Limits(structs=1))) == "G3"
    assert refused_by(send(act(), typed, limits=Limits(run_units=4))) == "G3"
    assert refused_by(send(act(), typed, limits=Limits(document_bytes=len(ACT) + 10))) == "G3"
    assert isinstance(send(act(), typed), Accepted)


def test_G3_blocks_are_counted_and_deleted_ones_make_room() -> None:
    ledger = act()
    assert ledger.blocks == 4
    more = hand()
    last = more.element("unit", parent="default")
    more.element("unit", origin=last)
    assert refused_by(send(ledger, more, limits=Limits(blocks=5))) == "G3"
    assert isinstance(send(ledger, together([], [(1, 0, 3), (1, 0, 1), (1, 15, 2)])), Accepted)
    assert ledger.blocks == 3
    assert isinstance(send(ledger, more, limits=Limits(blocks=5)), Accepted)
    assert ledger.blocks == 5
    send(ledger, together([], [(MINE, 0, 2)]))
    assert ledger.blocks == 3


def test_G3_typing_is_bounded_too() -> None:
    ledger = act()
    first = hand()
    first.text("а", origin=LAST_LETTER)
    send(ledger, first)
    more = hand(1)
    more.text("бвг", origin=(MINE, 0))
    assert refused_by(send(ledger, more, limits=Limits(run_units=2))) == "G3"
    assert refused_by(send(ledger, more, limits=Limits(document_bytes=ledger.size_bytes))) == "G3"
    assert isinstance(send(ledger, more), Accepted)


@pytest.mark.parametrize("root", ["prosemirror", "#text", "text", "@text", "gone", "unit", "", "Default"])
def test_G4_only_the_two_roots_exist(root: str) -> None:
    ledger = act()
    collected = hand(client=5)
    collected.collected(1)
    send(ledger, collected)
    other = hand()
    other.text("ї", parent=root)
    assert refused_by(send(ledger, other)) == "G4"
    assert set(ledger.roots) == {"default"}


@pytest.mark.parametrize("name", ["script", "p", "Unit", "", "text", "#text", "heading\n"])
def test_G5_unknown_elements_are_refused(name: str) -> None:
    other = hand()
    other.element(name, parent="default")
    assert refused_by(send(act(), other)) == "G5"


@pytest.mark.parametrize("number", [0, 1, 2, 4])
def test_G5_other_shared_types_are_refused(number: int) -> None:
    other = hand()
    other.kind(number, None, parent=UNIT)
    assert refused_by(send(act(), other)) == "G5"


def test_G5_xml_hooks_are_refused() -> None:
    other = hand()
    other.kind(5, "unit", parent="default")
    assert refused_by(send(act(), other)) == "G5"


@pytest.mark.parametrize(
    ("name", "parent", "allowed"),
    [
        ("unit", "default", True),
        ("table", "default", True),
        ("row", TABLE, True),
        ("cell", ROW, True),
        ("unit", UNIT, False),
        ("unit", CELL, False),
        ("table", CELL, False),
        ("row", "default", False),
        ("row", ROW, False),
        ("cell", TABLE, False),
        ("cell", UNIT, False),
        ("unit", TEXT, False),
    ],
)
def test_G6_elements_stand_where_the_schema_says(name: str, parent: Parent, allowed: bool) -> None:
    other = hand()
    other.element(name, parent=parent)
    verdict = send(act(), other)
    assert isinstance(verdict, Accepted) if allowed else refused_by(verdict) == "G6"


@pytest.mark.parametrize(
    ("name", "origin", "allowed"),
    [("unit", UNIT, True), ("table", UNIT, True), ("unit", TABLE, True), ("row", UNIT, False), ("row", ROW, True), ("cell", CELL, True),
     ("cell", ROW, False), ("unit", LETTER, False), ("unit", TEXT, False), ("unit", KIND, False)],
)  # fmt: skip
def test_G6_a_neighbour_tells_the_parent(name: str, origin: Id, allowed: bool) -> None:
    other = hand()
    other.element(name, origin=origin)
    verdict = send(act(), other)
    assert isinstance(verdict, Accepted) if allowed else refused_by(verdict) == "G6"


@pytest.mark.parametrize(
    ("name", "right", "allowed"),
    [("unit", UNIT, True), ("unit", ROW, False), ("row", ROW, True), ("cell", CELL, True), ("unit", LETTER, False), ("unit", TEXT, False)],
)
def test_G6_a_right_neighbour_tells_it_too(name: str, right: Id, allowed: bool) -> None:
    other = hand()
    other.element(name, right=right)
    verdict = send(act(), other)
    assert isinstance(verdict, Accepted) if allowed else refused_by(verdict) == "G6"


@pytest.mark.parametrize(
    ("parent", "allowed"), [(UNIT, True), (CELL, True), (TABLE, False), (ROW, False), (TEXT, False), ("default", False)]
)
def test_G6_texts_stand_in_units_and_cells_only(parent: Parent, allowed: bool) -> None:
    other = hand()
    other.text_node(parent=parent)
    verdict = send(act(), other)
    assert isinstance(verdict, Accepted) if allowed else refused_by(verdict) == "G6"


@pytest.mark.parametrize("parent", [UNIT, CELL, TABLE, "default"])
def test_G6_letters_and_marks_stand_in_texts_only(parent: Parent) -> None:
    letter, mark, keyed = hand(), hand(), hand()
    letter.text("ї", parent=parent)
    mark.mark("strong", "{}", parent=parent)
    keyed.element("unit", parent=parent, key="bid")
    assert refused_by(send(act(), letter)) == "G6"
    assert refused_by(send(act(), mark)) == "G6"
    assert refused_by(send(act(), keyed)) in {"G6", "G7"}


def test_G6_nothing_stands_in_the_attributes_of_a_text() -> None:
    for write in ("text", "mark", "text_node"):
        other = hand()
        arguments = {"text": ("ї",), "mark": ("strong", "{}"), "text_node": ()}[write]
        getattr(other, write)(*arguments, parent=TEXT, key="x")
        assert refused_by(send(act(), other)) == "G6"
    other = hand()
    other.values("x", parent=TEXT, key="x")
    assert refused_by(send(act(), other)) == "G7"


ATTRIBUTES: list[tuple[Parent, str, AnyValue, bool]] = [
    (UNIT, "bid", "u-2_3.4:5~", True),
    (UNIT, "bid", "", True),
    (UNIT, "bid", "u 2", False),
    (UNIT, "bid", "u" * 65, False),
    (UNIT, "bid", 5, False),
    (UNIT, "bid", "ї", False),
    (UNIT, "kind", "point", True),
    (UNIT, "kind", "пункт", False),
    (UNIT, "kind", None, False),
    (UNIT, "level", "2", True),
    (UNIT, "level", 2, True),
    (UNIT, "level", "0", False),
    (UNIT, "level", 0, False),
    (UNIT, "level", "100", False),
    (UNIT, "level", True, False),
    (UNIT, "level", 1.5, False),
    (UNIT, "label", "12.10²", True),
    (UNIT, "label", "в)", True),
    (UNIT, "label", "a\0b", False),
    (UNIT, "label", "ї" * 201, False),
    (UNIT, "onclick", "x", False),
    (UNIT, "colspan", 2, False),
    (CELL, "colspan", 2, True),
    (CELL, "colspan", -2, False),
    (CELL, "colspan", "2", False),
    (CELL, "colwidth", [100, 20], True),
    (CELL, "colwidth", ["100"], False),
    (CELL, "colwidth", [1] * 300, False),
    (CELL, "header", "true", True),
    (TABLE, "bid", "t2", True),
    (TABLE, "kind", "point", False),
    ("default", "bid", "x", False),
]


@pytest.mark.parametrize(("parent", "key", "value", "allowed"), ATTRIBUTES)
def test_G7_attributes_have_known_names_and_values(parent: Parent, key: str, value: AnyValue, allowed: bool) -> None:
    other = hand()
    other.values(value, parent=parent, key=key)
    verdict = send(act(), other)
    assert isinstance(verdict, Accepted) if allowed else refused_by(verdict) == "G7"


def test_G7_a_changed_attribute_is_checked_by_the_key_of_its_predecessor() -> None:
    ledger = act()
    for value, allowed in (("point", True), ("зле", False)):
        other = hand(ledger.state.get(MINE, 0))
        other.values(value, origin=KIND)
        verdict = send(ledger, other)
        assert isinstance(verdict, Accepted) if allowed else refused_by(verdict) == "G7"
    again = hand(1)
    again.values("part", origin=(MINE, 0))
    assert isinstance(send(ledger, again), Accepted)


def test_G7_two_clients_may_set_an_attribute_at_once() -> None:
    one, two = hand(client=5), hand(client=6)
    one.values("x1", parent=UNIT, key="scope")
    two.values("x2", parent=UNIT, key="scope")
    ledger = act()
    assert isinstance(send(ledger, together([one, two])), Accepted)
    assert ledger.place_of(5, 0) is ledger.place_of(6, 0)


def test_G7_an_attribute_has_one_value_and_stands_in_an_element() -> None:
    two, loose = hand(), hand()
    two.values("point", "part", parent=UNIT, key="kind")
    loose.values("point", parent=UNIT)
    assert refused_by(send(act(), two)) == "G7"
    assert refused_by(send(act(), loose)) == "G7"


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("strong", "{}", True),
        ("strong", "null", True),
        ("strong--aB3+/=xy", "{}", True),
        ("strong--short", "{}", False),
        ("strong", "true", False),
        ("strong", '{"class":"x"}', False),
        ("suggestion", "{}", False),
        ("ychange", "null", False),
        ("link", '{"href":"https://zakon.rada.gov.ua/laws/show/254к/96-вр"}', True),
        ("link", '{"href":"MAILTO:a@gov.ua"}', True),
        ("link", '{"href":"/acts/1"}', True),
        ("link", '{"href":"#u2"}', True),
        ("link", '{"href":"//evil.example"}', False),
        ("link", '{"href":"javascript:alert(1)"}', False),
        ("link", '{"href":" \\tjavascript:alert(1)"}', False),
        ("link", '{"href":"java\\nscript:alert(1)"}', False),
        ("link", '{"href":"data:text/html,x"}', False),
        ("link", '{"href":5}', False),
        ("link", '{"href":null}', False),
        ("link", "{}", False),
        ("ref", '{"target":"u2","form":"стаття"}', True),
        ("ref", '{"target":"u2","form":null}', True),
        ("ref", '{"form":"x"}', False),
        ("image", '{"src":"","alt":"герб","width":null}', True),
        ("image", '{"src":"/a.png","alt":"герб","width":20}', True),
        ("image", '{"src":"javascript:x"}', False),
        ("image", '{"src":7}', False),
        ("image", '{"width":2.5}', False),
        ("break", "{}", True),
    ],
)
def test_G8_marks_have_known_names_and_attributes(key: str, value: str, allowed: bool) -> None:
    other = hand()
    other.mark(key, value, origin=LETTER)
    verdict = send(act(), other)
    assert isinstance(verdict, Accepted) if allowed else refused_by(verdict) == "G8"


@pytest.mark.parametrize("content", [("02", "01 0131"), ("03", "0101"), ("05", "027b7d"), ("09", "0161 7600")])
def test_G9_embeds_binaries_subdocuments_and_old_json_are_refused(content: tuple[str, str]) -> None:
    number, payload = content
    update = bytes.fromhex(f"0101{MINE:02x}00{0x80 | int(number, 16):02x}01{LETTER[1]:02x}{payload}00")
    assert refused_by(send(act(), update)) == "G9"


def test_G9_collected_and_deleted_structs_are_fine_as_offline_work_brings_them() -> None:
    other = hand()
    other.deleted(3, origin=LAST_LETTER)
    other.collected(4)
    gone = other.text("ї", origin=(MINE, 6))
    other.mark("strong", "{}", origin=gone)
    other.element("unit", origin=gone)
    other.values("x", origin=gone)
    other.text_node(origin=gone)
    other.text("ї", origin=(MINE, 5), right=(MINE, 6))
    assert isinstance(send(act(), other), Accepted)


def test_G9_names_are_checked_even_where_nothing_will_be_seen() -> None:
    for write, arguments in (("element", ("script",)), ("mark", ("зле", "{}")), ("values", ("x", "y"))):
        other = hand()
        gone = other.collected(1)
        getattr(other, write)(*arguments, origin=gone)
        assert refused_by(send(act(), other)) in {"G5", "G8", "G9"}


def test_G10_a_client_id_is_bound_to_whom_first_writes_under_it() -> None:
    ledger = act()
    typed = hand()
    typed.text("ї", origin=LAST_LETTER)
    verdict = send(ledger, typed)
    assert isinstance(verdict, Accepted)
    assert verdict.bindings == ((MINE, OLENA),)
    more = hand(1)
    more.text("ї", origin=(MINE, 0))
    assert isinstance(send(ledger, more, PETRO), Foreign)
    again = send(ledger, more)
    assert isinstance(again, Accepted)
    assert again.bindings == ()


def test_G10_presence_binds_too_and_cannot_be_taken() -> None:
    ledger = act()
    assert ledger.bind(MINE, OLENA)  # type: ignore[arg-type]
    assert not ledger.bind(MINE, PETRO)  # type: ignore[arg-type]
    assert ledger.bind(MINE, OLENA)  # type: ignore[arg-type]
    typed = hand()
    typed.text("ї", origin=LAST_LETTER)
    assert isinstance(send(ledger, typed, PETRO), Foreign)
    assert send(ledger, typed) == Accepted(describe(typed.update()), ())


def test_G10_one_person_brings_several_ids_after_offline_work() -> None:
    one, two = hand(client=5), hand(client=6)
    last = one.text("а", origin=LAST_LETTER)
    two.text("б", origin=last)
    verdict = send(act(), together([two, one]))
    assert isinstance(verdict, Accepted)
    assert set(verdict.bindings) == {(5, OLENA), (6, OLENA)}


def test_G10_what_the_server_wrote_belongs_to_nobody_else() -> None:
    forged = hand(clock=31, client=1)
    forged.text("ї", origin=LAST_LETTER)
    ledger = act()
    assert ledger.state == {1: 31}
    assert send(ledger, forged) == Foreign(describe(forged.update()).ranges)


def test_G10_held_structs_of_others_are_only_a_repetition() -> None:
    ledger = act()
    assert send(ledger, ACT) == Accepted(describe(ACT), ())


def test_G11_a_gap_asks_for_a_resync() -> None:
    typed = hand(clock=3)
    typed.text("ї", origin=LAST_LETTER)
    assert send(act(), typed) == NeedsResync("structs are missing before these", (MINE, 0))
    skipping = hand()
    skipping.text("ї", origin=LAST_LETTER)
    skipping.skipped(2)
    skipping.text("ї", origin=LAST_LETTER)
    assert send(act(), skipping) == NeedsResync("structs are missing before these", (MINE, 1))


def test_G11_a_skip_over_what_is_held_is_no_gap() -> None:
    ledger = act()
    typed = hand()
    typed.text("їжа", origin=LAST_LETTER)
    send(ledger, typed)
    skipping = hand()
    skipping.text("ї", origin=LAST_LETTER)
    skipping.skipped(1)
    skipping.text("ак", origin=(MINE, 1))
    assert isinstance(send(ledger, skipping), Accepted)
    assert ledger.state[MINE] == 4


@pytest.mark.parametrize("where", [{"origin": (1, 99)}, {"right": (5, 0)}, {"parent": (1, 99)}, {"origin": LETTER, "right": (1, 99)}])
def test_G12_missing_neighbours_and_parents_ask_for_a_resync(where: dict[str, Id]) -> None:
    typed = hand()
    typed.text("ї", **where)
    verdict = send(act(), typed)
    assert isinstance(verdict, NeedsResync)
    assert verdict.missing in where.values()


def test_G12_structs_that_wait_for_each_other_are_refused() -> None:
    one, two = hand(client=5), hand(client=6)
    one.text("а", origin=(6, 0))
    two.text("б", origin=(5, 0))
    assert refused_by(send(act(), together([one, two]))) == "G12"
    later = hand()
    later.text("а", origin=(MINE, 1))
    later.text("б", origin=LETTER)
    assert refused_by(send(act(), later)) == "G12"


def test_G12_a_repetition_whose_neighbours_do_not_exist_is_refused_as_browsers_fail_on_it() -> None:
    ledger = act()
    typed = hand()
    typed.text("ї", origin=LAST_LETTER)
    send(ledger, typed)
    for where in ({"right": (MINE, 10)}, {"origin": LETTER, "right": (MINE, 0)}):
        again = hand()
        again.text("ї", **where)
        assert refused_by(send(ledger, again)) == "G12"
    again = hand()
    again.text("ї", origin=(8, 0))
    assert isinstance(send(ledger, again), NeedsResync)


def test_G12_several_clients_may_lean_on_each_other_in_any_order() -> None:
    one, two, three = hand(client=5), hand(client=6), hand(client=7)
    last = one.text("а", origin=LAST_LETTER)
    for _ in range(5):
        last = two.text("б", origin=last)
        last = three.text("в", origin=last)
        last = one.text("г", origin=last)
    for order in ([one, two, three], [three, two, one], [two, one, three]):
        ledger = act()
        assert isinstance(send(ledger, together(order)), Accepted)
        assert ledger.state == {1: 31, 5: 6, 6: 5, 7: 5}
    absent = hand(client=5)
    absent.text("а", origin=(6, 9))
    waiting = hand(client=6)
    waiting.text("б", origin=(5, 0))
    assert isinstance(send(act(), together([absent, waiting])), NeedsResync)


def test_G12_neighbours_in_two_places_are_refused() -> None:
    torn = hand()
    torn.text("ї", origin=LETTER, right=CELL_LETTER)
    assert refused_by(send(act(), torn)) == "G12"
    ledger = act()
    half = hand()
    gone = half.collected(2)
    half.text_node(origin=gone, right=LETTER)
    assert refused_by(send(ledger, half)) == "G12"
    first = hand()
    first.text("ї", origin=LAST_LETTER)
    send(ledger, first)
    second = hand(1)
    second.text("ж", origin=(MINE, 0), right=CELL_LETTER)
    assert refused_by(send(ledger, second)) == "G12"


def test_G12_a_parent_is_a_type_or_was_one() -> None:
    for parent in (LETTER, KIND):
        wrong = hand()
        wrong.text("ї", parent=parent)
        assert refused_by(send(act(), wrong)) == "G12"
    buried = hand()
    grave = buried.deleted(2, parent="default")
    buried.text_node(parent=grave)
    buried.text_node(parent=(MINE, 0))
    deleted_text = buried.deleted(1, origin=LAST_LETTER)
    ledger = act()
    assert isinstance(send(ledger, buried), Accepted)
    wrong = hand(5)
    wrong.text("ї", parent=deleted_text)
    assert refused_by(send(ledger, wrong)) == "G12"
    late = hand(5)
    late.text_node(parent=grave)
    assert isinstance(send(ledger, late), Accepted)


def test_G12_a_neighbour_stands_on_one_side_only() -> None:
    twice = hand()
    twice.text("ї", origin=LETTER, right=LETTER)
    assert refused_by(send(act(), twice)) == "G12"


def test_G12_a_run_is_never_cut_within_a_character() -> None:
    ledger = act()
    first = hand()
    first.text("ї", origin=LAST_LETTER)
    send(ledger, first)
    cut, whole = hand(), hand()
    cut.text("😀", origin=LAST_LETTER)
    whole.text("ї😀", origin=LAST_LETTER)
    assert refused_by(send(ledger, cut)) == "G12"
    assert isinstance(send(ledger, whole), Accepted)


def test_G12_nothing_comes_between_the_halves_of_a_character() -> None:
    ledger = act()
    first = hand()
    first.text("а😀б😀", origin=LAST_LETTER)
    send(ledger, first)
    more = hand(6)
    more.text("😀", origin=(MINE, 5))
    send(ledger, more)
    assert ledger.halves == {(MINE, 2), (MINE, 5), (MINE, 7)}
    document = ActDocument()
    document.apply(ACT)
    document.apply(first.update())
    document.apply(more.update())
    assert Ledger.load(document.state()).halves == ledger.halves
    for where in ({"origin": (MINE, 1)}, {"right": (MINE, 2)}, {"origin": (MINE, 7), "right": (MINE, 5)}):
        wrong = hand(8)
        wrong.text("ї", **where)
        assert refused_by(send(ledger, wrong)) == "G12"
    for clock, length in ((2, 1), (1, 1), (0, 2), (5, 3)):
        assert refused_by(send(ledger, together([], [(MINE, clock, length)]))) == "G12"
    both = hand(8)
    both.text("😀", origin=(MINE, 7))
    both.text("ї", origin=(MINE, 8))
    assert refused_by(send(ledger, both)) == "G12"
    right = hand(8)
    right.text("ї", origin=(MINE, 7))
    assert isinstance(send(ledger, right.update([(MINE, 1, 2)])), Accepted)


def test_G12_a_run_that_is_half_held_must_continue_where_it_began() -> None:
    ledger = act()
    first = hand()
    first.text("їжа", origin=LAST_LETTER)
    send(ledger, first)
    longer, torn = hand(), hand()
    longer.text("їжак", origin=LAST_LETTER)
    torn.text("їжаки", origin=CELL_LETTER)
    assert refused_by(send(ledger, torn)) == "G12"
    assert isinstance(send(ledger, longer), Accepted)
    assert ledger.state[MINE] == 4


def test_G13_a_delete_of_what_has_not_come_asks_for_a_resync() -> None:
    assert isinstance(send(act(), together([], [(1, 5, 3)])), Accepted)
    assert send(act(), together([], [(1, 29, 3)])) == NeedsResync("deletes what has not come", (1, 31))
    typed = hand()
    typed.text("їж", origin=LAST_LETTER)
    assert isinstance(send(act(), typed.update([(MINE, 0, 2), (1, 5, 1)])), Accepted)
    assert isinstance(send(act(), typed.update([(MINE, 0, 3)])), NeedsResync)


def decision(clock: int = 0, *values: AnyValue, key: str = "s1", origin: Id | None = None) -> Hand:
    entry = hand(clock)
    if origin:
        entry.values(*(values or ({"a": "accept", "ver": 2},)), origin=origin)
    else:
        entry.values(*(values or ({"a": "accept", "ver": 2},)), parent="resolutions", key=key)
    return entry


def test_G14_a_decision_needs_its_claim() -> None:
    assert refused_by(send(act(), decision())) == "G14"
    assert refused_by(send(act(), decision(), claims={"s2"})) == "G14"
    assert isinstance(send(act(), decision(), claims={"s1"}), Accepted)


def test_G14_a_decision_is_changed_or_taken_back_with_a_claim_only() -> None:
    ledger = act()
    send(ledger, decision(), claims={"s1"})
    assert refused_by(send(ledger, decision(1, origin=(MINE, 0)))) == "G14"
    assert refused_by(send(ledger, together([], [(MINE, 0, 1)]))) == "G14"
    assert isinstance(send(ledger, together([], [(1, 5, 1)])), Accepted)
    changed = decision(1, {"a": "reopened"}, origin=(MINE, 0))
    assert isinstance(send(ledger, changed.update([(MINE, 0, 1)]), claims={"s1"}), Accepted)


def test_G14_a_claim_that_names_its_value_lets_no_other_one_in() -> None:
    wanted = {"s1": {"v": 2, "a": "accept"}}
    assert isinstance(send(act(), decision(0, {"v": 2, "a": "accept"}), claims=wanted), Accepted)
    others: list[AnyValue] = [{"v": 1, "a": "accept"}, {"v": 2, "a": "reopen"}, {"v": 2}, "їжак", 7]
    for other in others:
        assert refused_by(send(act(), decision(0, other), claims=wanted)) == "G14"


def test_G14_a_decision_that_was_replaced_or_came_beside_another_one_may_be_deleted_again() -> None:
    ledger = act()
    send(ledger, decision(), claims={"s1"})
    replaced = decision(1, {"a": "reopen"}, origin=(MINE, 0))
    assert isinstance(send(ledger, replaced.update([(MINE, 0, 1)]), claims={"s1"}), Accepted)
    assert isinstance(send(ledger, together([], [(MINE, 0, 1)])), Accepted)
    assert refused_by(send(ledger, together([], [(MINE, 1, 1)]))) == "G14"
    beside = decision(2, {"a": "accept"})
    assert isinstance(send(ledger, beside, claims={"s1"}), Accepted)
    assert isinstance(send(ledger, together([], [(MINE, 1, 1)])), Accepted), "only the text knows which of the two holds"


def test_G14_resolutions_hold_entries_of_one_value_and_nothing_else() -> None:
    listed, typed, nested, marked = hand(), hand(), hand(), hand()
    listed.values("x", parent="resolutions")
    typed.text("ї", parent="resolutions", key="s1")
    nested.element("unit", parent="resolutions", key="s1")
    marked.mark("strong", "{}", parent="resolutions", key="s1")
    assert refused_by(send(act(), listed)) == "G6"
    assert refused_by(send(act(), typed, claims={"s1"})) == "G9"
    assert refused_by(send(act(), nested, claims={"s1"})) == "G9"
    assert refused_by(send(act(), marked, claims={"s1"})) == "G9"
    assert refused_by(send(act(), decision(0, 1, 2), claims={"s1"})) == "G9"
    deleted = hand()
    deleted.deleted(1, parent="resolutions", key="s1")
    assert refused_by(send(act(), deleted)) == "G14"
    assert isinstance(send(act(), deleted, claims={"s1"}), Accepted)


def test_the_way_of_typing_gives_the_same_verdicts_as_the_long_way() -> None:
    ledger = act()
    first = hand()
    first.text("ї", origin=LAST_LETTER, right=None)
    send(ledger, first)
    inside = hand(1)
    inside.text("ж", origin=(MINE, 0))
    send(ledger, inside)
    between = hand(2)
    between.text("а", origin=(MINE, 1))
    assert send(ledger, between) == Accepted(describe(between.update()), ())
    attribute = hand(3)
    attribute.values("part", origin=KIND)
    send(ledger, attribute)
    wrong = hand(4)
    wrong.text("ї", origin=(MINE, 3))
    assert refused_by(send(ledger, wrong)) == "G6"
    new = hand(4)
    new.element("unit", origin=UNIT)
    send(ledger, new)
    wrong = hand(5)
    wrong.text("ї", origin=(MINE, 4))
    assert refused_by(send(ledger, wrong)) == "G6"
    assert isinstance(send(ledger, together([], [(MINE, 0, 1)])), Accepted)


def test_a_refusal_names_names_only_and_never_much_of_them() -> None:
    other = hand()
    other.element("<script>\u202e" + "ї" * 1000, parent="default")
    verdict = send(act(), other)
    assert isinstance(verdict, Refused)
    assert verdict.detail.isascii()
    assert len(verdict.detail) < 400


def test_the_guard_changes_nothing_by_judging() -> None:
    ledger = act()
    other = hand()
    unit = other.element("unit", parent="default")
    other.values("u9", parent=unit, key="bid")
    before = (dict(ledger.state), dict(ledger.owners), ledger.blocks, dict(ledger.types), set(ledger.roots))
    judge_bytes(other.update(), OLENA, Scope.WRITE, ledger)
    assert before == (ledger.state, ledger.owners, ledger.blocks, ledger.types, set(ledger.roots))


def test_an_empty_document_takes_its_first_units() -> None:
    ledger = Ledger()
    other = hand()
    unit = other.element("unit", parent="default")
    text = other.text_node(parent=unit)
    other.text("Ґ", parent=text)
    assert isinstance(send(ledger, other), Accepted)
    assert ledger.blocks == 1
    assert (CELL_TEXT, LEVEL) == ((1, 26), (1, 3))
