"""Every stored v1 fixture ends as stated through decoder, replay, compaction and reload (P2)."""

import base64
import gzip
import hashlib
import json
import random
from pathlib import Path
from typing import Any

import pycrdt
import pytest

from server.crdt.document import is_pending, merge, read_state_vector
from server.crdt.lib0 import DecodeError, Decoder
from server.crdt.pieces import delete_set
from server.crdt.replay import NotProved, Pending, compact, prove, replay
from server.crdt.update import describe, read_update
from tests.crdt.hand import Hand


@pytest.fixture(scope="module")
def yjs(shared: Path) -> Path:
    return shared / "yjs"


def reloaded(state: bytes) -> "pycrdt.Doc[Any]":
    return replay([state])


def text_of(document: "pycrdt.Doc[Any]", root: str) -> str:
    return str(document.get(root, type=pycrdt.Text))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def test_the_thousand_random_sessions_end_as_stated(yjs: Path) -> None:
    decoder = Decoder((yjs / "ycrdt-random-0001-1000.bin").read_bytes())
    for case in range(decoder.varuint()):
        updates = [decoder.var_bytes() for _ in range(decoder.varuint())]
        text, mapping, array = decoder.var_string(), decoder.any(), decoder.any()
        for update in updates:
            assert describe(update) == read_update(update)
        document = reloaded(compact(updates))
        found = (
            text_of(document, "text"),
            document.get("map", type=pycrdt.Map).to_py(),
            document.get("array", type=pycrdt.Array).to_py(),
        )
        assert found == (text, mapping, array), f"case {case}"
    decoder.finish()


def friends(yjs: Path) -> list[bytes]:
    with gzip.open(yjs / "friendsforever.updates.jsonl.gz", "rt") as lines:
        return [base64.b64decode(line["update"]) for line in map(json.loads, lines) if "update" in line]


def test_two_writers_end_in_the_known_text_in_any_order_with_duplicates(yjs: Path) -> None:
    updates = friends(yjs)
    assert len(updates) == 26_078
    final = (yjs / "friendsforever.final-v1.bin").read_bytes()
    shuffled = [*updates, *random.Random(4711).sample(updates, 500)]
    random.Random(4711).shuffle(shuffled)
    for state in (compact(updates), compact([merge(shuffled)]), compact([final])):
        document = reloaded(state)
        text = text_of(document, "text")
        assert (len(text), digest(text)) == (21_362, "4720ec330c91e288")
        assert read_state_vector(document.get_state()) == {1000: 11_439, 1001: 12_281}


def test_the_whole_b4_trace_in_one_update(yjs: Path) -> None:
    update = (yjs / "ycrdt-b4-update.bin").read_bytes()
    assert len(update) == 400_972
    text = text_of(reloaded(compact([update])), "text")
    assert (len(text), digest(text)) == (104_852, "a489e9022976c14e")
    assert [found.end for found in describe(update).ranges] == [182_315]


def test_the_groups_of_y_crdt_end_as_yjs_says(yjs: Path) -> None:
    groups = json.loads((yjs / "ycrdt-updates.json").read_text())["groups"]
    told = 0
    for name, group in groups.items():
        updates = [base64.b64decode(one["update_b64"]) for one in group["updates"] if one["encoding"] == "V1"]
        if not updates:
            continue
        told += 1
        expected = group["after_all_in_order"]
        document = replay(updates)
        pending = is_pending(merge(updates), document.get_state())
        assert pending == expected["pending"], name
        if pending:
            with pytest.raises(Pending):
                compact(updates)
            continue
        document = reloaded(compact(updates))
        vector = {str(client): clock for client, clock in read_state_vector(document.get_state()).items()}
        assert vector == expected["state_vector"], name
        for root, text in expected["texts"].items():
            assert text_of(document, root) == text, name
    assert told == 14


def test_updates_of_yjs_13_2_end_as_stated(yjs: Path) -> None:
    for case in json.loads((yjs / "yjs-v13-compat.json").read_text())["cases"]:
        update = base64.b64decode(case["update_b64"])
        document = reloaded(compact([update]))
        (root,) = case["roots"]
        match root:
            case "array":
                found: Any = document.get(root, type=pycrdt.Array).to_py()
            case "map":
                found = document.get(root, type=pycrdt.Map).to_py()
            case _:
                runs = document.get(root, type=pycrdt.Text).diff()
                found = [{"insert": piece, **({"attributes": marks} if marks else {})} for piece, marks in runs]
        assert found == case["expected"], case["name"]


@pytest.mark.parametrize("name", ["egwalker-C1.yjs.bin", "egwalker-S1.yjs.bin"])
def test_a_v2_update_is_refused_although_it_reads_as_an_empty_v1(yjs: Path, name: str) -> None:
    update = (yjs / name).read_bytes()
    with pytest.raises(DecodeError, match="left over"):
        describe(update)


def test_every_v2_update_of_y_crdt_is_refused(yjs: Path) -> None:
    groups = json.loads((yjs / "ycrdt-updates.json").read_text())["groups"].values()
    updates = [one["update_b64"] for group in groups for one in group["updates"] if one["encoding"] == "V2"]
    assert len(updates) == 5
    for update in updates:
        with pytest.raises(DecodeError):
            describe(base64.b64decode(update))


def typed(clock: int, word: str) -> bytes:
    hand = Hand(9, clock)
    hand.text(word, origin=(9, clock - 1)) if clock else hand.text(word, parent="t")
    return hand.update()


def test_what_is_pending_is_never_compacted_away() -> None:
    with pytest.raises(Pending):
        compact([typed(0, "абв"), typed(6, "жзи")])
    with pytest.raises(Pending):
        compact([typed(0, "абв"), b"\0\1\x09\1\4\1"])
    assert text_of(reloaded(compact([typed(0, "абв"), typed(6, "жзи"), typed(3, "где")])), "t") == "абвгдежзи"


def test_deleted_text_is_gone_from_the_compacted_state_but_its_delete_is_not() -> None:
    updates = [typed(0, "таємниця"), b"\0\1\x09\1\0\x08"]
    state = compact(updates)
    assert "таєм".encode() in merge(updates)
    assert "таєм".encode() not in state
    assert delete_set(read_update(state)) == {9: [(0, 8)]}


@pytest.mark.parametrize(
    ("state", "difference"),
    [
        (typed(0, "аб"), "state vectors"),
        (merge([typed(0, "абв"), b"\0\1\x09\1\0\1"]), "delete sets|contents"),
        (typed(0, "абг"), "contents"),
    ],
)
def test_a_state_that_differs_in_anything_is_not_proved(state: bytes, difference: str) -> None:
    with pytest.raises(NotProved, match=difference):
        prove(replay([typed(0, "абв")]), state)
