import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from server.crdt.lib0 import DecodeError, varuint
from server.crdt.structs import ANY, FORMAT, GC, STRING, TYPE, Kind
from server.crdt.update import ClockRange, DeleteRange, describe, read_update
from server.ids import ClientId
from tests.crdt.hand import Hand, together

NUMBERS = st.integers(min_value=0, max_value=2**33) | st.integers(min_value=0, max_value=300)
TEXTS = st.text(min_size=0, max_size=8) | st.sampled_from(["ї", "😀", "до 😀", "abc", ""])
ONE_RUN = st.tuples(NUMBERS, NUMBERS, st.none() | st.tuples(NUMBERS, NUMBERS), st.none() | st.tuples(NUMBERS, NUMBERS), TEXTS)


@settings(max_examples=1500, deadline=None)
@given(ONE_RUN, st.integers(min_value=-1, max_value=60), st.integers(min_value=0, max_value=255))
@example((5, 9, (5, 8), None, "ї"), -1, 0)
@example((2**32 - 1, 2**20, (2**32 - 1, 2**20 - 1), (7, 127), "слово 😀"), -1, 0)
def test_the_pattern_of_typing_agrees_with_the_general_way(run: tuple[int, int, object, object, str], at: int, byte: int) -> None:
    client, clock, origin, right, text = run
    hand = Hand(client, clock)
    hand.text(text, origin=origin, right=right)  # type: ignore[arg-type]
    update = bytearray(hand.update())
    if 0 <= at < len(update):
        update[at] = byte
    assert outcome(describe, bytes(update)) == outcome(read_update, bytes(update))


@settings(max_examples=500, deadline=None)
@given(NUMBERS, NUMBERS, NUMBERS, st.integers(min_value=-1, max_value=12), st.integers(min_value=0, max_value=255))
def test_the_pattern_of_deleting_agrees_with_the_general_way(client: int, clock: int, length: int, at: int, byte: int) -> None:
    update = bytearray(together([], [(client, clock, length)]))
    if 0 <= at < len(update):
        update[at] = byte
    assert outcome(describe, bytes(update)) == outcome(read_update, bytes(update))


def outcome(read: object, update: bytes) -> object:
    try:
        return read(update)  # type: ignore[operator]
    except DecodeError:
        return "refused"


def test_a_description_says_what_an_update_brings() -> None:
    hand = Hand(9)
    unit = hand.element("unit")
    hand.values("u1", parent=unit, key="bid")
    text = hand.text_node(parent=unit)
    run = hand.text("Ґанок 😀", parent=text)
    hand.mark("strong", "{}", origin=run, right=(3, 4))
    description = describe(hand.update([(3, 1, 2)]))
    assert [item.content for item in description.items] == [TYPE, ANY, TYPE, STRING, FORMAT]
    assert description.ranges == (ClockRange(ClientId(9), 0, 12),)
    assert description.deletes == (DeleteRange(ClientId(3), 1, 2),)
    assert description.clients == {9}
    assert description.references == {unit, text, run, (3, 4)}
    assert description.node_names == {"unit"}
    assert description.attributes == (("bid", "u1"),)
    assert description.marks == (("strong", {}),)
    assert not description.is_empty
    assert description.items[0].value == Kind(3, "unit")


def test_text_is_counted_in_utf16_units() -> None:
    hand = Hand(9)
    hand.text("а😀", parent="default")
    assert describe(hand.update()).ranges[0].end == 3


def test_the_empty_update_says_nothing() -> None:
    assert describe(b"\0\0").is_empty


def test_skips_leave_gaps_and_collected_structs_are_kept() -> None:
    hand = Hand(9, 5)
    hand.collected(3)
    hand.skipped(2)
    hand.deleted(4, origin=(9, 1))
    hand.collected(2)
    description = describe(hand.update())
    assert description.ranges == (ClockRange(ClientId(9), 5, 8), ClockRange(ClientId(9), 10, 16))
    assert [item.content for item in description.items] == [GC, 1, GC]


def payload(content: int, data: str) -> str:
    """An update of client 1 with one struct in root `a`: the content's number and its bytes in hexadecimal."""
    return f"01010100{content:02x}010161{data}00"


@pytest.mark.parametrize(
    "update",
    [
        "",
        "00",
        "000000",
        "01",
        "0101",
        "0101050004",
        payload(4, "00"),
        payload(4, "02c328"),
        payload(1, "00"),
        payload(2, "00"),
        payload(8, "00"),
        payload(8, "ffffff7f"),
        payload(8, "01 00"),
        payload(6, "0161 017b"),
        payload(6, "0161 034e614e"),
        payload(5, "017b"),
        payload(7, "07"),
        payload(7, "03"),
        payload(11, "00"),
        payload(31, "00"),
        "01010100 04 02 0161 0161 00",
        "01010100 80 01 00",
        "01010100 00 00 00",
        "01010100 0a 00 00",
        "02 01 01 00 0001 01 01 00 0001 00",
        "00 02 01 01 00 01 01 01 00 01",
        "00 01 01 01 00 00",
        "00 01 01 01 ffffffff1f 01",
        "01 01 01 ffffffff0f 0001 00",
        "00 8000",
        "01 00 01 d05a 00",
        "01 00 01 d05a 01 77 00",
        "00 01 01 00",
    ],
)
def test_what_is_not_exactly_one_update_is_refused(update: str) -> None:
    with pytest.raises(DecodeError):
        describe(bytes.fromhex(update))


@pytest.mark.parametrize(
    ("update", "value"),
    [
        (payload(2, "02 0131 09756e646566696e6564"), ("1", "undefined")),
        (payload(3, "020102"), b"\1\2"),
        (payload(5, "027b7d"), {}),
        (payload(7, "05 0161"), Kind(5, "a")),
        (payload(7, "01"), Kind(1)),
        (payload(8, "02 7e 7d05"), (None, 5)),
        (payload(9, "0161 7600"), ("a", {})),
        (payload(6, "0161 " + "47" + ("22" + "61" * 69 + "22")), ("a", "a" * 69)),
    ],
)
def test_every_kind_of_content_is_read(update: str, value: object) -> None:
    assert read_update(bytes.fromhex(update)).items[0].value == value


def test_deep_json_is_refused_and_not_a_crash() -> None:
    hand = Hand(1)
    hand.mark("strong", "[" * 100_000, parent=(2, 2))
    with pytest.raises(DecodeError, match="not JSON"):
        describe(hand.update())


def test_a_number_with_thousands_of_digits_is_refused() -> None:
    hand = Hand(1)
    hand.mark("strong", "9" * 5000, parent=(2, 2))
    with pytest.raises(DecodeError, match="not JSON"):
        describe(hand.update())


def test_client_ids_of_53_bits_are_read() -> None:
    hand = Hand(2**53 - 1)
    hand.text("ї", origin=(2**53 - 1, 3))
    assert describe(hand.update()).clients == {2**53 - 1}
    assert varuint(2**53 - 1) in hand.update()
