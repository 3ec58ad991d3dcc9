"""Rows and segments give back exactly what was put in, or say that they are damaged."""

import struct
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import Damaged
from server.ids import Epoch, Seq, UserId
from server.journal.journal import Entry
from server.journal.rows import StoredRow, pack, pack_segment, unpack, unpack_segment

EPOCH = Epoch("00ff12ab34cd56ef")
AUTHORS = st.sampled_from([UserId("0" * 32), UserId("f" * 32), UserId("server"), UserId("")])
ENTRIES = st.lists(st.builds(Entry, update=st.binary(max_size=80), author=AUTHORS), max_size=30)


@given(ENTRIES)
def test_a_batch_comes_back_from_its_row(entries: list[Entry]) -> None:
    assert unpack(pack(EPOCH, entries)) == (EPOCH, entries)


def test_a_row_has_fixed_bytes() -> None:
    payload = pack(EPOCH, [Entry("ґ".encode(), UserId("a")), Entry(b"", UserId("bc")), Entry(b"\0", UserId("a"))], 7, 9)
    rest = bytes.fromhex("00ff12ab34cd56ef00020161026263000000000002d29100010000000000000000000100")
    place = struct.pack(">QIQ", 7, 3, 9)
    assert payload == b"\x02" + struct.pack(">I", crc32(place + rest)) + rest


def test_a_row_of_the_first_version_is_still_read() -> None:
    rest = bytes.fromhex("00ff12ab34cd56ef00020161026263000000000002d29100010000000000000000000100")
    epoch, entries = unpack(b"\x01" + struct.pack(">I", crc32(rest)) + rest, 70, 90)
    assert (epoch, entries[0]) == (EPOCH, Entry("ґ".encode(), UserId("a")))


@pytest.mark.parametrize("row", [StoredRow(Seq(6), 1, 1, b""), StoredRow(Seq(5), 1, 2, b"")])
def test_a_row_that_was_moved_or_given_another_time_is_damaged(row: StoredRow) -> None:
    payload = pack(EPOCH, [Entry("слово".encode(), UserId("a"))], 5, 1)
    assert StoredRow(Seq(5), 1, 1, payload).records()[0].seq == 5
    with pytest.raises(Damaged, match="checksum"):
        StoredRow(row.seq, row.count, row.at, payload).records()


@given(ENTRIES, st.data())
def test_one_changed_byte_of_a_row_is_found(entries: list[Entry], data: st.DataObject) -> None:
    payload = bytearray(pack(EPOCH, entries))
    payload[data.draw(st.integers(0, len(payload) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Damaged):
        unpack(bytes(payload))


@given(ENTRIES, st.integers(0, 200))
def test_a_row_cut_short_is_damaged(entries: list[Entry], keep: int) -> None:
    payload = pack(EPOCH, entries)
    with pytest.raises(Damaged):
        unpack(payload[: min(keep, len(payload) - 1)])


@given(st.binary(max_size=60))
def test_a_row_whose_checksum_fits_nonsense_is_damaged_or_read_but_never_breaks(rest: bytes) -> None:
    payload = b"\x01" + struct.pack(">I", crc32(rest)) + rest
    try:
        unpack(payload)
    except Damaged:
        return


def test_a_row_that_holds_another_number_of_updates_is_damaged() -> None:
    row = StoredRow(Seq(5), 2, 1, pack(EPOCH, [Entry("слово".encode(), UserId("a"))], 5, 1))
    with pytest.raises(Damaged, match="holds 1 updates, not 2"):
        row.records()


def test_rows_come_back_from_a_segment_and_a_changed_byte_of_it_is_found() -> None:
    texts = [f"Стаття {seq} 📜".encode() for seq in range(1, 40)]
    rows = [StoredRow(Seq(seq), 1, 1_700_000_000_000 + seq, pack(EPOCH, [Entry(text, UserId("a"))])) for seq, text in enumerate(texts, 1)]
    segment = pack_segment(rows)
    assert unpack_segment(segment) == rows
    assert unpack_segment(pack_segment([])) == []
    for place in range(len(segment)):
        broken = bytearray(segment)
        broken[place] ^= 0x55
        with pytest.raises(Damaged):
            unpack_segment(bytes(broken))
    with pytest.raises(Damaged):
        unpack_segment(segment[:-1])
