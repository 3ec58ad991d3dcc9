"""A reviewer's connection that sends document bytes, in every way there is: the base stays identical (P3), others go on."""

import random
from collections.abc import Callable
from typing import Any

import pycrdt
import pytest

from server.crdt.document import merge
from server.crdt.messages import Message, SyncStep2, Update
from server.ids import DocumentId
from tests.crdt.hand import Hand
from tests.suggestions.cast import Cast, Desk, first_text

OWN: dict[str, Any] = {"insertion": {"id": "u2-1", "author": None}}
Attack = Callable[["pycrdt.Doc[Any]"], None]


def units(doc: "pycrdt.Doc[Any]") -> Any:
    return doc.get("default", type=pycrdt.XmlFragment).children


def mark(name: str, value: Any) -> Attack:
    return lambda doc: first_text(doc).format(0, 4, {name: value})


def insert(words: str, marks: dict[str, Any] | None = None) -> Attack:
    return lambda doc: first_text(doc).insert(2, words, marks)


def attribute(name: str, value: str) -> Attack:
    def change(doc: "pycrdt.Doc[Any]") -> None:
        units(doc)[0].attributes[name] = value

    return change


def erase(start: int, end: int) -> Attack:
    def change(doc: "pycrdt.Doc[Any]") -> None:
        del first_text(doc)[start:end]

    return change


def erase_unit(doc: "pycrdt.Doc[Any]") -> None:
    del units(doc)[0]


def retype(doc: "pycrdt.Doc[Any]") -> None:
    text = first_text(doc)
    words = str(text)
    del text[0 : len(words.encode())]
    text.insert(0, words)


def swap(doc: "pycrdt.Doc[Any]") -> None:
    children = units(doc)[0].children
    words = str(children[0])
    del children[0]
    children.append(pycrdt.XmlText(words))


def resolution(doc: "pycrdt.Doc[Any]") -> None:
    doc.get("resolutions", type=pycrdt.Map)["1" * 32] = {"v": 1, "a": "accept"}


def text_attribute(doc: "pycrdt.Doc[Any]") -> None:
    first_text(doc).attributes["x"] = "y"


def nested(name: str) -> Attack:
    def change(doc: "pycrdt.Doc[Any]") -> None:
        units(doc)[0].children.append(pycrdt.XmlElement(name))

    return change


def accept_own(doc: "pycrdt.Doc[Any]") -> None:
    insert("моє ", OWN)(doc)
    mark("insertion", None)(doc)


def block(doc: "pycrdt.Doc[Any]") -> None:
    units(doc).append(pycrdt.XmlElement("unit", {"bid": "зайва", "kind": "article"}, [pycrdt.XmlText("новий закон")]))


ATTACKS: dict[str, Attack] = {
    "01 delete base text": erase(0, 4),
    "02 insert with no mark": insert("НЕ "),
    "03 forge another author": insert("ж", {"insertion": {"id": "u3-99"}}),
    "04 accept the own by stripping its mark": accept_own,
    "05 remove another's insertion": erase(4, 8),
    "06 another's deletion mark": mark("deletion", {"id": "u3-1"}),
    "07 another level": attribute("level", "1"),
    "08 delete a block": erase_unit,
    "09 an unknown mark": mark("nosuchmark", {"a": 1}),
    "10 the decisions": resolution,
    "11 a giant text": insert("А" * 700_000),
    "12 delete and type the same again": retype,
    "14 a plain block": block,
    "15 an unknown node": nested("script"),
    "16 an embed": lambda doc: first_text(doc).insert_embed(2, {"image": "x"}),
    "17 bold base text": mark("strong", {}),
    "18 wrap base text in an own insertion": mark("insertion", {"id": "u2-904"}),
    "20 an attribute of the text": text_attribute,
    "24 the text replaced by a copy": swap,
}
RAW = ["13 a forged client id", "19 a struct that waits", "21 nobody's client id", "22 a raw delete set", "23 garbage"]


def raw(name: str, doc: "pycrdt.Doc[Any]") -> bytes:
    """The attacks that no library writes."""
    chance = doc.client_id
    match name[:2]:
        case "13":
            forged = Hand(1, 10_000)
            forged.text("ж", parent="default")
            return forged.update()
        case "19":
            waiting = Hand(chance + 1, 5)
            waiting.text("ЗЛО", parent="default")
            return waiting.update()
        case "21":
            nobody = Hand(777, 0)
            nobody.text("ж", parent="default")
            return nobody.update()
        case "22":
            return bytes([0, 1, 1, 1, 0, 50])
        case _:
            return bytes([1, 1, 2, 0, 255, 255, 255])


def test_there_are_the_twenty_four_attacks_of_the_study() -> None:
    assert sorted(name[:2] for name in [*ATTACKS, *RAW]) == [f"{number:02}" for number in range(1, 25)]


def update_of(name: str, doc: "pycrdt.Doc[Any]") -> bytes:
    """What a hostile client that holds the act sends; its own copy does not matter afterwards."""
    if name in RAW:
        return raw(name, doc)
    copy: pycrdt.Doc[Any] = pycrdt.Doc(client_id=doc.client_id)
    copy.apply_update(doc.get_update())
    before = copy.get_state()
    with copy.transaction():
        ATTACKS[name](copy)
    update = copy.get_update(before)
    assert len(update) > 2, f"{name} says nothing"
    return update


async def undisturbed(cast: Cast, drafter: Desk, before: tuple[int, str, str], refusals: int) -> None:
    """The base is what it was, every refusal is counted, and a drafter works on."""
    assert await cast.state() == before
    assert cast.site.parts.registry.counters.refused >= refusals
    drafter.say(Update(drafter.edit(lambda doc: first_text(doc).insert(0, "далі "))))
    assert await drafter.saved()
    assert (await cast.state())[0] == before[0] + 1


@pytest.mark.parametrize("way", ["update", "answer", "merged"])
async def test_R27_none_of_the_attacks_of_a_reviewer_touches_the_base(cast: Cast, way: str) -> None:
    before = await cast.state()
    async with cast.desk("drafter") as drafter, cast.desk("reviewer") as villain:
        updates = {name: update_of(name, villain.doc) for name in [*ATTACKS, *RAW]}
        messages: list[Message] = [SyncStep2(update) if way == "answer" else Update(update) for update in updates.values()]
        if way == "merged":
            honest = [update for name, update in updates.items() if name not in RAW]
            messages = [Update(merge(honest)), Update(b"".join(updates.values()))]
        for message in messages:
            villain.say(message)
            assert not await villain.saved()
        assert {one["rule"] for one in villain.told if one["type"] == "rejected"} <= {"G1", "G2"}
        await undisturbed(cast, drafter, before, len(messages))


async def test_R27_ten_thousand_mutated_updates_of_a_reviewer_change_nothing(cast: Cast) -> None:
    seed = 20_261_122
    chance = random.Random(seed)
    before = await cast.state()
    async with cast.desk("drafter") as drafter, cast.desk("reviewer") as villain:
        models = [update_of(name, villain.doc) for name in ATTACKS if not name.startswith("11")]
        room = villain_room(cast)
        connection = next(one for one in room.connections.values() if one.user == cast["reviewer"].id)
        for _ in range(10_000):
            mutated = bytearray(chance.choice(models))
            for _ in range(chance.randrange(1, 4)):
                mutated[chance.randrange(len(mutated))] = chance.randrange(256)
            data = bytes(mutated)
            room.receive(connection, SyncStep2(data) if chance.random() < 0.3 else Update(data))
            if chance.random() < 0.02:
                room.flush()
        await undisturbed(cast, drafter, before, 100)


def villain_room(cast: Cast) -> Any:  # Any: the room itself, behind the registry
    home = cast.site.parts.registry.homes.find(DocumentId(cast.act))
    assert home is not None
    return home.room


async def test_R28_a_drafter_who_becomes_a_reviewer_in_the_middle_can_send_nothing_more(cast: Cast) -> None:
    async with cast.desk("drafter") as drafter, cast.desk("second") as turned:
        turned.say(Update(turned.edit(lambda doc: first_text(doc).insert(0, "ще можна "))))
        assert await turned.saved()
        await drafter.until(lambda message: isinstance(message, Update))
        before = await cast.state()
        answer = await cast.call("lead", "PUT", f"/members/{cast['second'].id}", {"roles": ["reviewer"]})
        assert answer.status_code == 200
        update = turned.edit(lambda doc: first_text(doc).insert(0, "вже не можна "))
        for message in (Update(update), SyncStep2(turned.doc.get_update())):
            turned.say(message)
            assert not await turned.saved()
        await undisturbed(cast, drafter, before, 2)
