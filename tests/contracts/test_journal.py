"""What every journal promises, whatever it is made of. Rule numbers are those of docs/spec/journal.md."""

import asyncio
from typing import Any

import pytest

from server.errors import Conflict, NotFound
from server.ids import ActId, ClientId, DocumentId, Epoch, Seq, UserId, new_id
from server.journal.journal import (
    MAX_QUARANTINED,
    Append,
    Appended,
    BindingTaken,
    Checkpoint,
    Entry,
    Fence,
    FenceMoved,
    Head,
    Journal,
    Record,
)

OLENA, TARAS = UserId("0" * 31 + "1"), UserId("0" * 31 + "2")


async def new_document(journal: Journal, *texts: str) -> Head:
    act = ActId(new_id())
    return await journal.create(act, DocumentId(act), 1, entries(*texts))


def entries(*texts: str, author: UserId = OLENA) -> tuple[Entry, ...]:
    return tuple(Entry(text.encode(), author) for text in texts)


def share(head: Head, *texts: str, author: UserId = OLENA, **more: Any) -> Append:
    return Append(head.document, more.pop("fence", head.fence), entries(*texts, author=author), **more)


async def history(journal: Journal, document: DocumentId, after: int = 0) -> list[Record]:
    return [record async for record in journal.read_history(document, Seq(after))]


def texts(records: list[Record]) -> list[str]:
    return [record.update.decode() for record in records]


async def test_J1_a_new_document_has_an_epoch_no_updates_and_an_open_fence(journal: Journal) -> None:
    head = await new_document(journal)
    assert (head.last_seq, head.checkpoint, head.bindings, head.schema_version) == (0, None, {}, 1)
    assert (head.fence.sealed, head.fence.roles_version) == (False, 0)
    assert len(bytes.fromhex(head.fence.epoch)) == 8
    assert await journal.read_head(head.document) == head
    assert (await new_document(journal)).fence.epoch != head.fence.epoch


async def test_J1_a_document_is_made_once(journal: Journal) -> None:
    head = await new_document(journal, "перший текст")
    with pytest.raises(Conflict):
        await journal.create(ActId("a"), head.document, 1, entries("другий"))
    assert texts(await journal.read_after(head.document, Seq(0))) == ["перший текст"]


async def test_J1_a_document_made_with_updates_holds_them_and_the_owners_of_their_clients(journal: Journal) -> None:
    act = ActId(new_id())
    document = DocumentId(f"{act}.note")
    made = await journal.create(act, document, 3, entries("Пояснювальна", "записка 📜"), [(ClientId(2**32 - 1), TARAS)])
    assert (made.last_seq, made.bindings) == (2, {2**32 - 1: TARAS})
    assert await journal.read_head(document) == made
    assert texts(await journal.read_after(document, Seq(0))) == ["Пояснювальна", "записка 📜"]


async def test_J2_updates_get_consecutive_seqs_and_come_back_with_who_when_and_epoch(journal: Journal) -> None:
    head = await new_document(journal)
    batch = Append(
        head.document, head.fence, (*entries("Стаття 1."), *entries("ґанок ’ е\u0301 👩‍⚖️", author=TARAS), *entries("\u202eобернено", ""))
    )
    assert await journal.append([batch]) == [Appended(Seq(1), Seq(4))]
    assert await journal.append([share(head, "Стаття 2.")]) == [Appended(Seq(5), Seq(5))]
    found = await journal.read_after(head.document, Seq(0))
    assert texts(found) == ["Стаття 1.", "ґанок ’ е\u0301 👩‍⚖️", "\u202eобернено", "", "Стаття 2."]
    assert [record.seq for record in found] == [1, 2, 3, 4, 5]
    assert [record.author for record in found] == [OLENA, TARAS, OLENA, OLENA, OLENA]
    assert {record.epoch for record in found} == {head.fence.epoch}
    assert found[0].at == found[3].at < found[4].at
    assert (await journal.read_head(head.document)).last_seq == 5


async def test_J2_every_byte_value_comes_back(journal: Journal) -> None:
    head = await new_document(journal)
    update = bytes(range(256)) * 300
    await journal.append([Append(head.document, head.fence, (Entry(update, OLENA),))])
    assert [record.update for record in await journal.read_after(head.document, Seq(0))] == [update]


async def test_J3_the_shares_of_many_documents_are_stored_together_each_with_its_own_seqs(journal: Journal) -> None:
    heads = [await new_document(journal) for _ in range(5)]
    batch = [share(head, f"документ {place}", "ще") for place, head in reversed(list(enumerate(heads)))]
    assert await journal.append([*batch, share(heads[2], "третє")]) == [Appended(Seq(1), Seq(2))] * 5 + [Appended(Seq(3), Seq(3))]
    for place, head in enumerate(heads):
        assert texts(await journal.read_after(head.document, Seq(0)))[:2] == [f"документ {place}", "ще"]


async def test_J3_outcomes_stand_in_the_order_of_the_shares_whatever_documents_they_are_of(journal: Journal) -> None:
    a, b, c = sorted([await new_document(journal) for _ in range(3)], key=lambda head: head.document)
    batch = [share(c, "один", "два"), share(a, "три"), share(b, "їжак"), share(c, "чотири"), share(a, "п'ять", "шість")]
    outcomes = await journal.append(batch)
    assert outcomes == [Appended(Seq(first), Seq(last)) for first, last in ((1, 2), (1, 1), (1, 1), (3, 3), (2, 3))]
    assert [record.update for record in await journal.read_after(c.document, Seq(0))] == [
        one.update for one in entries("один", "два", "чотири")
    ]


async def test_J3_an_empty_batch_stores_nothing(journal: Journal) -> None:
    assert await journal.append([]) == []


async def test_J2_under_concurrent_appends_no_seq_is_skipped_and_a_reader_never_sees_a_gap(journal: Journal) -> None:
    heads = [await new_document(journal) for _ in range(3)]
    seen: list[Record] = []
    writing = True

    async def write(name: str) -> None:
        for count in range(8):
            order = heads if count % 2 else heads[::-1]
            await journal.append([share(head, f"{name}{count}", author=TARAS) for head in order])

    async def follow() -> None:
        while writing:
            seen.extend(await journal.read_after(heads[0].document, Seq(len(seen))))
            await asyncio.sleep(0)

    follower = asyncio.ensure_future(follow())
    await asyncio.gather(*(write(name) for name in "абвгґд"))
    writing = False
    await follower
    seen.extend(await journal.read_after(heads[0].document, Seq(len(seen))))
    assert [record.seq for record in seen] == list(range(1, 49))
    for head in heads:
        stored = await journal.read_after(head.document, Seq(0))
        assert sorted(texts(stored)) == sorted(f"{name}{count}" for name in "абвгґд" for count in range(8))
        for name in "абвгґд":
            assert [text for text in texts(stored) if text[0] == name] == [f"{name}{count}" for count in range(8)]


MOVED: dict[str, dict[str, Any]] = {
    "sealed": {"sealed": True},
    "roles": {"roles_changed": True},
    "both": {"sealed": True, "roles_changed": True},
}


@pytest.mark.parametrize("moved", MOVED.values(), ids=MOVED)
async def test_J4_a_moved_fence_refuses_its_document_and_nothing_else(journal: Journal, moved: dict[str, Any]) -> None:
    head, other = await new_document(journal, "до"), await new_document(journal)
    current = await journal.move_fence(head.document, **moved)
    assert current != head.fence
    assert (await journal.read_head(head.document)).fence == current
    assert await journal.append([share(head, "запізно")]) == [FenceMoved(current)]
    assert await journal.append([share(head, "запізно"), share(other, "вчасно")]) == [FenceMoved(current), Appended(Seq(1), Seq(1))]
    assert texts(await journal.read_after(head.document, Seq(0))) == ["до"]


async def test_J4_the_fences_of_many_documents_are_read_at_once(journal: Journal) -> None:
    heads = [await new_document(journal) for _ in range(3)]
    moved = await journal.move_fence(heads[1].document, roles_changed=True)
    nowhere = DocumentId("немає")
    assert await journal.read_fences([*(head.document for head in heads), nowhere]) == {
        heads[0].document: heads[0].fence,
        heads[1].document: moved,
        heads[2].document: heads[2].fence,
    }
    assert await journal.read_fences([]) == {}


async def test_J4_another_epoch_is_refused(journal: Journal) -> None:
    head = await new_document(journal)
    old = Fence(Epoch("00" * 8), sealed=False, roles_version=0)
    assert await journal.append([share(head, "з іншої історії", fence=old)]) == [FenceMoved(head.fence)]


async def test_J4_a_sealed_document_takes_nothing_even_with_its_own_fence(journal: Journal) -> None:
    head = await new_document(journal)
    sealed = await journal.move_fence(head.document, sealed=True)
    assert await journal.append([share(head, "кома", fence=sealed)]) == [FenceMoved(sealed)]
    opened = await journal.move_fence(head.document, sealed=False)
    assert await journal.append([share(head, "кома", fence=opened)]) == [Appended(Seq(1), Seq(1))]


async def test_J4_a_document_that_does_not_exist_is_an_outcome_for_append_and_an_error_for_the_rest(journal: Journal) -> None:
    head = await new_document(journal)
    nowhere = DocumentId("немає")
    outcomes = await journal.append([Append(nowhere, head.fence, entries("у нікуди")), share(head, "сюди")])
    assert outcomes == [FenceMoved(Fence(Epoch(""), sealed=True, roles_version=0)), Appended(Seq(1), Seq(1))]
    with pytest.raises(NotFound):
        await journal.read_head(nowhere)
    with pytest.raises(NotFound):
        await journal.read_after(nowhere, Seq(0))
    with pytest.raises(NotFound):
        await journal.move_fence(nowhere, sealed=True)
    with pytest.raises(NotFound):
        await journal.quarantine(nowhere, OLENA, "G1", b"")
    with pytest.raises(NotFound):
        await journal.write_checkpoint(nowhere, head.fence.epoch, Checkpoint(Seq(1), b""))
    with pytest.raises(NotFound):
        await history(journal, nowhere)


async def test_J5_a_client_id_belongs_to_the_person_who_first_brings_it(journal: Journal) -> None:
    head = await new_document(journal)
    one, two = ClientId(7), ClientId(2**53 - 1)
    assert await journal.append([share(head, "а", bindings=((one, OLENA), (two, OLENA)))]) == [Appended(Seq(1), Seq(1))]
    assert await journal.append([share(head, "б", bindings=((one, OLENA),))]) == [Appended(Seq(2), Seq(2))]
    taken = share(head, "в", author=TARAS, bindings=((ClientId(8), TARAS), (two, TARAS)))
    assert await journal.append([taken]) == [BindingTaken(two, OLENA)]
    assert (await journal.read_head(head.document)).bindings == {one: OLENA, two: OLENA}
    assert texts(await journal.read_after(head.document, Seq(0))) == ["а", "б"]


async def test_J5_a_taken_client_id_refuses_its_share_and_no_other(journal: Journal) -> None:
    head, other = await new_document(journal), await new_document(journal)
    outcomes = await journal.append(
        [
            share(head, "а", bindings=((ClientId(7), OLENA),)),
            share(head, "б", author=TARAS, bindings=((ClientId(7), TARAS),)),
            share(head, "в", bindings=((ClientId(7), OLENA),)),
            share(other, "г", author=TARAS, bindings=((ClientId(7), TARAS),)),
        ]
    )
    assert outcomes == [Appended(Seq(1), Seq(1)), BindingTaken(ClientId(7), OLENA), Appended(Seq(2), Seq(2)), Appended(Seq(1), Seq(1))]
    assert texts(await journal.read_after(head.document, Seq(0))) == ["а", "в"]


async def test_J3_plain_shares_beside_others_keep_the_order_of_their_document_and_are_refused_alone(journal: Journal) -> None:
    one, two, moved = [await new_document(journal) for _ in range(3)]
    await journal.move_fence(moved.document, sealed=False, roles_changed=True)
    batch = [
        share(two, "двоє"),
        share(one, "перша", bindings=((ClientId(7), OLENA),)),
        share(moved, "запізно"),
        share(one, "друга", "третя"),
        share(two, "і далі"),
    ]
    outcomes = await journal.append(batch)
    assert outcomes[:2] == [Appended(Seq(1), Seq(1)), Appended(Seq(1), Seq(1))]
    assert isinstance(outcomes[2], FenceMoved)
    assert outcomes[3:] == [Appended(Seq(2), Seq(3)), Appended(Seq(2), Seq(2))]
    assert texts(await journal.read_after(one.document, Seq(0))) == ["перша", "друга", "третя"]
    assert texts(await journal.read_after(two.document, Seq(0))) == ["двоє", "і далі"]
    assert await journal.read_after(moved.document, Seq(0)) == []


async def test_J5_bindings_alone_are_stored_without_taking_a_seq(journal: Journal) -> None:
    head = await new_document(journal)
    assert await journal.append([share(head, bindings=((ClientId(9), TARAS),))]) == [Appended(Seq(1), Seq(0))]
    assert await journal.append([share(head)]) == [Appended(Seq(1), Seq(0))]
    assert (await journal.read_head(head.document)).bindings == {9: TARAS}


async def test_J6_reading_on_gives_every_update_once_whatever_the_page_size(journal: Journal) -> None:
    head = await new_document(journal, "а" * 10, "б" * 2000)
    for count in range(1, 6):
        await journal.append([share(head, *("слово" * count for _ in range(count)))])
    whole = await journal.read_after(head.document, Seq(0))
    assert len(whole) == 17
    for limit in (1, 20, 61, 500, 5000):
        found: list[Record] = []
        while page := await journal.read_after(head.document, Seq(len(found)), limit):
            assert len(page) == 1 or sum(len(record.update) for record in page) <= limit
            found.extend(page)
        assert found == whole
    assert await journal.read_after(head.document, Seq(99)) == []


async def test_J7_a_checkpoint_replaces_the_log_and_the_history_keeps_who_and_when(journal: Journal) -> None:
    head = await new_document(journal, "нуль")
    for text in ("один", "два", "три"):
        await journal.append([share(head, text, text + "!", author=TARAS)])
    before = await history(journal, head.document)
    assert await journal.write_checkpoint(head.document, head.fence.epoch, Checkpoint(Seq(5), b"state"))
    opened = await journal.read_head(head.document)
    assert (opened.checkpoint, opened.last_seq) == (Checkpoint(Seq(5), b"state"), 7)
    assert texts(await journal.read_after(head.document, Seq(5))) == ["три", "три!"]
    with pytest.raises(Conflict):
        await journal.read_after(head.document, Seq(4))
    assert await history(journal, head.document) == before
    assert await history(journal, head.document, 3) == before[3:]
    assert await journal.append([share(head, "чотири")]) == [Appended(Seq(8), Seq(8))]
    assert await journal.write_checkpoint(head.document, head.fence.epoch, Checkpoint(Seq(8), b"state 2"))
    assert (await history(journal, head.document))[:-1] == before
    assert await journal.read_after(head.document, Seq(8)) == []


async def test_J7_a_checkpoint_in_the_middle_of_a_batch_loses_nothing(journal: Journal) -> None:
    head = await new_document(journal)
    await journal.append([share(head, "а", "б", "в")])
    await journal.append([share(head, "г", "ґ", "д")])
    before = await history(journal, head.document)
    for seq in (2, 5, 6):
        assert await journal.write_checkpoint(head.document, head.fence.epoch, Checkpoint(Seq(seq), b"s"))
        assert await journal.read_after(head.document, Seq(seq)) == before[seq:]
        assert await history(journal, head.document) == before
        for after in range(7):
            assert await history(journal, head.document, after) == before[after:]


async def test_J7_a_checkpoint_that_is_late_or_of_another_epoch_changes_nothing(journal: Journal) -> None:
    head = await new_document(journal, "а", "б", "в")
    epoch = head.fence.epoch
    assert not await journal.write_checkpoint(head.document, Epoch("00" * 8), Checkpoint(Seq(2), b"s"))
    assert not await journal.write_checkpoint(head.document, epoch, Checkpoint(Seq(4), b"from the future"))
    assert not await journal.write_checkpoint(head.document, epoch, Checkpoint(Seq(0), b"of nothing"))
    assert await journal.read_head(head.document) == head
    assert await journal.write_checkpoint(head.document, epoch, Checkpoint(Seq(2), b"s2"))
    assert not await journal.write_checkpoint(head.document, epoch, Checkpoint(Seq(2), b"again"))
    assert not await journal.write_checkpoint(head.document, epoch, Checkpoint(Seq(1), b"older"))
    assert (await journal.read_head(head.document)).checkpoint == Checkpoint(Seq(2), b"s2")


async def test_J7_two_nodes_that_compact_at_once_are_harmless(journal: Journal) -> None:
    head = await new_document(journal)
    for count in range(10):
        await journal.append([share(head, f"слово {count}")])
    before = await history(journal, head.document)
    done = await asyncio.gather(
        *(journal.write_checkpoint(head.document, head.fence.epoch, Checkpoint(Seq(seq), f"стан {seq}".encode())) for seq in (6, 10, 8, 10))
    )
    assert any(done)
    assert await history(journal, head.document) == before
    opened = await journal.read_head(head.document)
    assert opened.checkpoint is not None
    assert opened.checkpoint.state == f"стан {opened.checkpoint.seq}".encode()
    assert await journal.read_after(head.document, opened.checkpoint.seq) == before[opened.checkpoint.seq :]


async def test_J8_what_could_not_be_applied_is_kept_with_its_sender_and_rule_but_not_without_bound(journal: Journal) -> None:
    head, other = await new_document(journal), await new_document(journal)
    await journal.quarantine(other.document, TARAS, "G7", "інший документ".encode())
    for count in range(MAX_QUARANTINED + 3):
        await journal.quarantine(head.document, OLENA, "G2", f"зіпсоване {count}".encode())
    kept = await journal.read_quarantine(head.document)
    assert [item.update.decode() for item in kept] == [f"зіпсоване {count}" for count in range(3, MAX_QUARANTINED + 3)]
    assert {(item.user, item.rule) for item in kept} == {(OLENA, "G2")}
    assert [item.user for item in await journal.read_quarantine(other.document)] == [TARAS]
    assert (await journal.read_head(head.document)).last_seq == 0


async def test_J14_a_replaced_history_keeps_who_and_when_and_no_room_keeps_the_old_one(journal: Journal) -> None:
    head, other = await new_document(journal, "старе", "ще старе"), await new_document(journal, "чуже")
    await journal.append([share(head, "нове", author=TARAS, bindings=((ClientId(7), TARAS),))])
    kept = (await history(journal, head.document))[:2]
    await journal.write_checkpoint(head.document, head.fence.epoch, Checkpoint(Seq(3), b"state"))
    replaced = await journal.replace_history(head.document, kept, [(ClientId(9), OLENA)])
    assert replaced.fence.epoch != head.fence.epoch
    assert (replaced.replaced, replaced.last_seq, replaced.checkpoint, replaced.bindings) == (True, 2, None, {9: OLENA})
    assert await journal.read_head(head.document) == replaced
    assert await history(journal, head.document) == await journal.read_after(head.document, Seq(0)) == kept
    assert await journal.append([share(head, "з минулого")]) == [FenceMoved(replaced.fence)]
    assert await journal.append([share(replaced, "далі")]) == [Appended(Seq(3), Seq(3))]
    assert [record.epoch for record in await history(journal, head.document)] == [head.fence.epoch] * 2 + [replaced.fence.epoch]
    assert not await journal.write_checkpoint(head.document, head.fence.epoch, Checkpoint(Seq(3), b"state"))
    assert (await journal.read_head(other.document)).replaced is False


async def test_J14_a_history_may_be_replaced_by_none_and_by_a_very_long_one(journal: Journal) -> None:
    head = await new_document(journal, "старе")
    assert (await journal.replace_history(head.document, ())).last_seq == 0
    assert await history(journal, head.document) == []
    long = [Record(Seq(seq), str(seq).encode(), TARAS, 1_700_000_000_000 + seq // 1500, head.fence.epoch) for seq in range(1, 3001)]
    assert (await journal.replace_history(head.document, long)).last_seq == 3000
    assert await history(journal, head.document) == long


async def test_J14_only_a_whole_history_replaces_one_and_only_of_a_document_that_exists(journal: Journal) -> None:
    head = await new_document(journal, "а", "б")
    with pytest.raises(ValueError, match="begins at seq 1"):
        await journal.replace_history(head.document, (await history(journal, head.document))[1:])
    with pytest.raises(NotFound):
        await journal.replace_history(DocumentId(ActId(new_id())), ())
    assert await journal.read_head(head.document) == head
