"""The one byte form of a frozen text, and its content hash."""

from dataclasses import replace

import pytest

from server.crdt.content import Run
from server.errors import Damaged
from server.formats import canonical
from server.ids import BlockId
from server.text.numbering import load_scheme
from server.text.tree import Cell, Row, Table, Tree, Unit

LAW, CABINET = load_scheme("law"), load_scheme("cabinet")


def unit(bid: str, kind: str, *runs: Run | str, label: str = "auto") -> Unit:
    return Unit(BlockId(bid), kind, tuple(Run(run) if isinstance(run, str) else run for run in runs), label)


TREE = Tree(
    (
        unit("b0", "title", "Про ґрунти 📜", label=""),
        unit("b1", "article", "Стаття перша"),
        unit("b2", "part", "Площа – 10 м", Run("2", {"sup": {}}), " згідно з ", Run("\ufffc", {"ref": {"target": "b1"}})),
        Table(
            BlockId("t1"),
            (
                Row(
                    BlockId("r1"),
                    (Cell(BlockId("c1"), (Run("МВС", {"strong": {}}),), header=True), Cell(BlockId("c2"), (Run("5\u00a0днів"),), 2, 3)),
                ),
            ),
            scope="додаток",
        ),
        unit("b3", "point", "Вилучено", label="12.10²"),
    )
)


def changed(place: int, **fields: object) -> Tree:
    blocks = list(TREE.blocks)
    blocks[place] = replace(blocks[place], **fields)  # type: ignore[arg-type]
    return Tree(tuple(blocks))


def content(tree: Tree) -> str:
    return canonical.content_hash(tree, LAW)


def test_a_tree_comes_back_from_its_canonical_bytes_exactly() -> None:
    frozen = canonical.freeze(TREE, LAW)
    data = canonical.write(frozen)
    assert canonical.read(data) == frozen
    assert canonical.write(canonical.read(data)) == data
    assert frozen.labels[BlockId("b1")] == "Стаття 1."
    assert (frozen.scheme_id, frozen.scheme_hash) == ("law", LAW.hash)


def test_the_canonical_bytes_are_fixed_for_ever() -> None:
    frozen = canonical.freeze(Tree((unit("b1", "article", Run("ґ", {"em": {}}), '\u0001"’'),)), LAW)
    data = canonical.write(replace(frozen, scheme_hash="0" * 64))
    assert data.decode() == (
        '{"blocks":[{"bid":"b1","kind":"article","label":"auto","level":1,"number":"Стаття 1.","quoted":"",'
        '"runs":[["ґ",{"em":{}}],["\\u0001\\"’",{}]],"scope":""}],"form":1,"scheme":{"hash":"' + "0" * 64 + '","id":"law"}}'
    )


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"form":2}', b'{"form":1,"blocks":[{}],"scheme":{}}', "ґ".encode("cp1251")])
def test_bytes_that_are_not_canonical_are_damage(data: bytes) -> None:
    with pytest.raises(Damaged):
        canonical.read(data)


def test_the_content_hash_sees_every_change_of_words_kinds_and_numbers() -> None:
    changes = [
        changed(0, runs=(Run("Про грунти 📜"),)),
        changed(1, kind="section"),
        changed(1, label="Стаття 1-1."),
        changed(2, runs=(*TREE.blocks[2].runs[:1], Run("2"), *TREE.blocks[2].runs[2:])),  # type: ignore[union-attr]
        changed(2, quoted="q1"),
        changed(3, rows=()),
        changed(4, label="12.10"),
        Tree(TREE.blocks[:-1]),
        Tree((*TREE.blocks[:-2], TREE.blocks[-1], TREE.blocks[-2])),
        Tree((*TREE.blocks, unit("b9", "paragraph", label=""))),
    ]
    hashes = [content(tree) for tree in (TREE, *changes)]
    assert len(set(hashes)) == len(hashes)


def test_the_content_hash_follows_what_a_reference_says_now() -> None:
    moved = Tree((TREE.blocks[0], unit("b8", "article", "Нова"), *TREE.blocks[1:]))
    before, after = ({str(line.bid): line.text for line in canonical.lines(tree, LAW)}["b2"] for tree in (TREE, moved))
    assert (before, after) == ("Площа – 10 м2 згідно з стаття 1", "Площа – 10 м2 згідно з стаття 2")
    assert content(moved) != content(TREE)


def test_the_content_hash_does_not_see_block_ids_bold_and_the_cut_of_runs() -> None:
    same = [
        changed(0, runs=(Run("Про ґ"), Run("рунти 📜"))),
        changed(0, runs=(Run("Про ґрунти 📜", {"strong": {}, "link": {"href": "https://zakon.rada.gov.ua"}}),)),
        changed(0, bid=BlockId("other")),
    ]
    assert {content(tree) for tree in same} == {content(TREE)}


def test_numbers_of_another_scheme_are_another_content() -> None:
    assert canonical.content_hash(Tree((unit("a", "section", "ҐРУНТИ"),)), LAW) == canonical.content_hash(
        Tree((unit("b", "section", "ҐРУНТИ"),)), LAW
    )
    subpoint = Tree((unit("a", "article"), unit("b", "subpoint", "текст")))
    assert canonical.content_hash(subpoint, LAW) != canonical.content_hash(subpoint, CABINET)


def test_lines_read_as_a_person_reads_and_a_table_row_is_a_line() -> None:
    lines = canonical.lines(TREE, LAW)
    assert [(line.bid, line.kind, line.label) for line in lines] == [
        ("b0", "title", ""), ("b1", "article", "Стаття 1."), ("b2", "part", "1."), ("r1", "row", ""), ("b3", "point", "12.10²"),
    ]  # fmt: skip
    assert lines[3].text == "МВС\t5\u00a0днів"
    assert "\ufffc" not in lines[2].text
