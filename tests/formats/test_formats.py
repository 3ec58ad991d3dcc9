"""Endings, contents that are something else, encodings, hidden characters (docs/spec/text.md F1-F9)."""

import io
import json
import zipfile

import pytest

from server.crdt.content import Run
from server.errors import TooLarge, UnsupportedType
from server.formats import formats
from server.formats.source import MAX_BYTES
from server.ids import BlockId
from server.text.numbering import load_scheme
from server.text.tree import AUTO, Cell, Row, Table, Tree, Unit

SCHEME = load_scheme("cabinet")


def docx() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return content.getvalue()


@pytest.mark.parametrize("ending", ["md", "txt", "json"])
@pytest.mark.parametrize(
    "content",
    [docx(), b"%PDF-1.7\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf1 }", b"\x1f\x8b\x08\x00", b"\x89PNG\r\n", b"\x00\x01\x02" * 500],
    ids=["docx", "pdf", "doc", "rtf", "gzip", "png", "binary"],
)
def test_F5_a_file_that_is_not_what_its_ending_says_is_refused_with_a_sentence(ending: str, content: bytes) -> None:
    with pytest.raises(UnsupportedType) as refused:
        formats.read(f"проєкт.{ending}", content)
    assert refused.value.detail.endswith(".")
    assert len(refused.value.detail) > 15


@pytest.mark.parametrize("name", ["акт.docx", "акт.pdf", "акт", "акт.exe", ".md"])
def test_F5_an_ending_that_is_not_read_is_refused_and_the_known_ones_are_named(name: str) -> None:
    with pytest.raises(UnsupportedType, match=r"\.md, \.txt, \.json"):
        formats.read(name, b"text")


def test_F6_a_file_over_the_limit_is_refused() -> None:
    with pytest.raises(TooLarge):
        formats.read("акт.md", b"a" * (MAX_BYTES + 1))


def test_F7_windows_1251_and_utf_16_are_read_and_reported() -> None:
    text = "Стаття 1. Її ґанок – «Київ»"
    for encoding in ("cp1251", "utf-16"):
        imported = formats.read("АКТ.TXT", text.encode(encoding))
        (unit,) = imported.tree.units()
        assert (unit.label, unit.text) == ("Стаття 1.", "Її ґанок – «Київ»")
        assert [warning.code for warning in imported.warnings] == ["encoding"]
    assert formats.read("акт.txt", text.encode("utf-8-sig")).warnings == ()


def test_F8_nul_and_bidirectional_controls_are_reported_where_they_stand() -> None:
    imported = formats.read("акт.md", "Перший рядок.\n\nСума 100\u202e001 грн\x00.".encode())
    assert [(warning.code, warning.line) for warning in imported.warnings] == [("control-character", 3), ("bidi-control", 3)]
    assert "позиція 9" in imported.warnings[1].uk
    text = list(imported.tree.units())[1].text
    assert "\u202e" in text
    assert "\x00" not in text
    assert "\ufffd" in text


def test_F9_an_empty_file_is_an_empty_act() -> None:
    for ending in ("md", "txt"):
        imported = formats.read(f"порожній.{ending}", b"")
        assert imported.tree == Tree()
        assert imported.title == ""
        assert formats.write("html", imported.tree, SCHEME).content.startswith(b"<!DOCTYPE html>")


def test_F45_exports_name_their_media_type_and_an_unknown_one_is_refused() -> None:
    assert {name: formats.write(name, Tree(), SCHEME).media_type for name in formats.MEDIA_TYPES} == formats.MEDIA_TYPES
    with pytest.raises(UnsupportedType):
        formats.write("docx", Tree(), SCHEME)


def test_F46_live_references_footnotes_and_numbers_are_written_as_words() -> None:
    point, foot = BlockId("п"), BlockId("в")
    refers = (
        Run("Згідно з "),
        Run("\ufffc", {"ref": {"target": "п", "form": "instrumental"}}),
        Run("\ufffc", {"footnote": {"target": "в"}}),
        Run("."),
    )
    table = Table(BlockId("т"), (Row(BlockId("р"), (Cell(BlockId("к"), (Run("a|b"),), colspan=2, header=True),)),))
    tree = Tree(
        (
            Unit(point, "point", (Run("Перший"),), AUTO),
            Unit(BlockId("п2"), "point", refers, AUTO),
            Unit(foot, "footnote", (Run("Виноска"),), AUTO),
            table,
        )
    )
    assert formats.write("txt", tree, SCHEME).content.decode() == "1. Перший\n\n2. Згідно з пунктом 11.\n\n1 Виноска\n\na|b\n"
    assert "2. Згідно з пунктом 1<sup>1</sup>." in formats.write("md", tree, SCHEME).content.decode()
    assert "| a\\|b |  |\n| --- | --- |" in formats.write("md", tree, SCHEME).content.decode()
    page = formats.write("html", tree, SCHEME, title="Проєкт <1>").content.decode()
    assert "<title>Проєкт &lt;1&gt;</title>" in page
    assert '<th colspan="2">a|b</th>' in page


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b"{}",
        b'{"format": "zlahoda-tree", "version": 2}',
        b'{"format": "zlahoda-tree", "version": 1, "blocks": [{"bid": 5}]}',
        b'{"format": "zlahoda-tree", "version": 1, "blocks": [{"bid": "a", "script": "x"}]}',
        "не JSON".encode(),
        b"\xff\xfe\x00",
    ],
)
def test_F47_a_json_file_of_another_kind_is_refused(content: bytes) -> None:
    with pytest.raises(UnsupportedType):
        formats.read("акт.json", content)


def test_F48_repeated_ids_in_json_are_repaired() -> None:
    blocks = [{"bid": "а", "kind": "point", "runs": [{"text": "один"}]}, {"bid": "а", "kind": "point", "runs": [{"text": "два"}]}]
    content = json.dumps({"format": "zlahoda-tree", "version": 1, "title": "Ї", "blocks": blocks}).encode()
    imported = formats.read("акт.json", content)
    assert [block.bid == "а" for block in imported.tree.blocks] == [True, False]
    assert imported.title == "Ї"
