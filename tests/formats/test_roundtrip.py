"""Random trees through every format and back (issue A part 6)."""

from hypothesis import given, settings
from hypothesis import strategies as st

from server.crdt.content import Run
from server.formats import formats, html, json, markdown
from server.ids import BlockId
from server.text.numbering import labels, load_scheme
from server.text.tree import AUTO, Tree, Unit
from tests.formats.readers import active_content, letters, of_html, of_json, of_tree
from tests.text.trees import trees

SCHEME = load_scheme("law")


def final(tree: Tree) -> str:
    numbers = labels(tree, SCHEME)
    parts = [
        numbers[block.bid] + block.text if isinstance(block, Unit) else "".join(c.text for r in block.rows for c in r.cells)
        for block in tree.blocks
    ]
    return letters("".join(parts))


@settings(max_examples=100, deadline=None)
@given(trees())
def test_F50_json_is_without_loss(tree: Tree) -> None:
    assert json.read(json.write(tree, SCHEME)).tree == tree
    assert of_json(json.write(tree, SCHEME)) == final(tree)


@settings(max_examples=100, deadline=None)
@given(trees())
def test_F51_any_tree_keeps_its_letters_and_final_numbers_through_markdown_and_reading_is_stable(tree: Tree) -> None:
    written = markdown.write(tree, SCHEME)
    again = markdown.read(written).tree
    assert of_tree(again) == final(tree)
    assert of_tree(markdown.read(markdown.write(again, SCHEME)).tree) == final(tree)


@settings(max_examples=100, deadline=None)
@given(trees())
def test_F52_any_tree_keeps_its_letters_in_html_and_text_and_nothing_is_active(tree: Tree) -> None:
    page = html.write(tree, SCHEME)
    assert active_content(page) == []
    assert of_html(page) == final(tree)
    assert letters(formats.write("txt", tree, SCHEME).content.decode()) == final(tree)


PLAIN = st.sampled_from(
    ["Затвердити Порядок, що додається", "Міністерству фінансів (за згодою) 🇺🇦", "Її «ґанок» – 100 % * 2_000 < 5", "Виконати до 1 січня"]
)
MARKS: st.SearchStrategy[dict[str, dict[str, str | int]]] = st.sampled_from(
    [
        {},
        {},
        {"strong": {}},
        {"em": {}},
        {"strike": {}},
        {"sup": {}},
        {"underline": {}},
        {"link": {"href": "/go/2939-17"}},
        {"strong": {}, "em": {}},
    ]
)


@st.composite
def natural_acts(draw: st.DrawFn) -> Tree:
    """An act as a drafter would number it: what reading recognises is exactly what was written."""
    units: list[Unit] = []

    def add(kind: str, label: str, *, text: bool = True, level: int = 1) -> None:
        runs = _natural_runs(draw(PLAIN), draw(MARKS), draw(PLAIN)) if text else ()
        units.append(Unit(BlockId(f"б{len(units)}"), kind, runs, label, level))

    add("title", "")
    for article in range(1, draw(st.integers(1, 3)) + 1):
        add("article", draw(st.sampled_from([f"Стаття {article}.", f"Стаття {article}¹.", f"Стаття {article} - 1 ."])))
        for part in range(1, draw(st.integers(0, 3)) + 1):
            add("part", f"{part}.")
            for point in range(1, draw(st.integers(0, 2)) + 1):
                add("point", draw(st.sampled_from([f"{point})", f"{point}-1)"])))
                for letter in "абвгґ"[: draw(st.integers(0, 5))]:
                    add("subpoint", f"{letter})")
            if draw(st.booleans()):
                add("item", draw(st.sampled_from(["–", "-"])))
                add("paragraph", "")
    return Tree(tuple(units))


def _natural_runs(first: str, marks: dict[str, dict[str, str | int]], last: str) -> tuple[Run, ...]:
    return (Run(f"{first} "), Run(last, marks), Run(";")) if marks else (Run(f"{first} {last};"),)


@settings(max_examples=150, deadline=None)
@given(natural_acts())
def test_F53_an_act_comes_back_from_markdown_with_kinds_labels_text_and_marks(tree: Tree) -> None:
    numbers = iter(range(10_000))
    again = markdown.read(markdown.write(tree, SCHEME), lambda: f"б{next(numbers)}")
    assert again.tree == tree


def test_F54_an_automatic_number_is_explicit_after_export() -> None:
    tree = Tree((Unit(BlockId("а"), "article", (Run("Назва"),), AUTO), Unit(BlockId("б"), "part", (Run("Її зміст."),), AUTO)))
    again = markdown.read(markdown.write(tree, SCHEME)).tree
    assert [(unit.kind, unit.label, unit.text) for unit in again.units()] == [
        ("article", "Стаття 1.", "Назва"),
        ("part", "1.", "Її зміст."),
    ]
