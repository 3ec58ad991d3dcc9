"""Nothing of a real act is lost on the way in or out (issue A part 6, docs/spec/text.md F1): every file of the test data."""

from collections import Counter
from pathlib import Path

import pytest

from server.formats import formats, plain
from server.formats.source import Imported, text_of
from server.text.numbering import load_scheme
from server.text.tree import Table, Tree, Unit
from tests.conftest import SHARED
from tests.formats.readers import active_content, letters, of_html, of_json, of_markdown, of_tree

DATA = SHARED / "data"
ACTS = sorted({file.parent for ending in ("md", "xml") for file in DATA.glob(f"laws/*/*/*.{ending}")} | {DATA / "markdown" / "legal"})
SCHEME = load_scheme("cabinet")


def files_of(act: Path) -> list[Path]:
    return sorted(file for file in act.iterdir() if file.suffix in {".md", ".xml"})


@pytest.mark.parametrize("act", ACTS, ids=[act.name for act in ACTS])
@pytest.mark.usefixtures("shared")
def test_F1_every_letter_and_digit_of_a_real_file_is_in_the_tree_and_in_every_export(act: Path) -> None:
    for place, file in enumerate(files_of(act)):
        data = file.read_bytes()
        is_markdown = file.suffix == ".md"
        imported = formats.read("act.md", data) if is_markdown else plain.read(data)
        source = of_markdown(data.decode()) if is_markdown else letters(data.decode())
        found = of_tree(imported.tree)
        assert Counter(found) == Counter(source), file.name
        if not any(isinstance(block, Table) for block in imported.tree.blocks):
            assert found == source, file.name
        if place == 0 or len(data) < 1_000_000:
            _exports_keep(imported.tree, found, file.name)


def _exports_keep(tree: Tree, found: str, name: str) -> None:
    written = {ending: formats.write(ending, tree, SCHEME).content for ending in formats.MEDIA_TYPES}
    assert of_markdown(written["md"].decode()) == found, name
    assert letters(written["txt"].decode()) == found, name
    assert of_html(written["html"]) == found, name
    assert of_json(written["json"]) == found, name
    assert active_content(written["html"]) == [], name
    again = formats.read("act.md", written["md"])
    assert of_tree(again.tree) == found, name
    assert formats.write("md", again.tree, SCHEME).content == written["md"], name
    assert of_tree(formats.read("act.txt", written["txt"]).tree) == found, name
    assert formats.read("act.json", written["json"]).tree == tree, name


@pytest.mark.usefixtures("shared")
def test_F2_every_block_of_an_import_has_its_own_id() -> None:
    for act in ACTS[-6:]:
        tree = formats.read("act.md", files_of(act)[0].read_bytes()).tree
        ids = [block.bid for block in tree.blocks]
        rows = [row for block in tree.blocks if isinstance(block, Table) for row in block.rows]
        ids += [row.bid for row in rows] + [cell.bid for row in rows for cell in row.cells]
        assert len(set(ids)) == len(ids)


@pytest.mark.usefixtures("shared")
def test_F3_ids_are_those_of_the_given_source_and_the_same_each_time() -> None:
    data = files_of(DATA / "laws/uk/rozp-336-2022")[0].read_bytes()

    def numbered() -> Imported:
        numbers = iter(range(10_000))
        return formats.read("act.md", data, lambda: f"б{next(numbers)}")

    assert numbered() == numbered()
    assert all(block.bid.startswith("б") for block in numbered().tree.blocks)


@pytest.mark.usefixtures("shared")
def test_F4_no_mark_or_placeholder_of_the_source_is_left_in_the_text() -> None:
    text, _ = text_of(files_of(DATA / "laws/uk/zu-2939-dostup-do-informatsii")[-1].read_bytes())
    tree = formats.read("act.md", text.encode()).tree
    shown = "\n".join(unit.text for unit in tree.blocks if isinstance(unit, Unit))
    for markup in ("[]{#", ":::", "](/go/", "\\'", "+--", "<div>", "**"):
        assert markup not in shown
