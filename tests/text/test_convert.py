"""Elements of the CRDT to the tree and back (docs/spec/text.md T20-T27)."""

from hypothesis import given, settings
from hypothesis import strategies as st

from server.crdt.content import Element, MarkValue, Run
from server.ids import BlockId
from server.text.convert import convert, derived_id, from_elements, merge_runs, to_elements
from server.text.tree import AUTO, Cell, Row, Table, Tree, Unit
from tests.text.trees import trees


def text_of(elements: tuple[Element, ...]) -> str:
    return "".join("".join(run.text for run in element.runs) + text_of(element.children) for element in elements)


def all_text(tree: Tree) -> str:
    blocks = (
        block.text if isinstance(block, Unit) else "".join(cell.text for row in block.rows for cell in row.cells) for block in tree.blocks
    )
    return "".join(blocks)


@settings(max_examples=150, deadline=None)
@given(trees())
def test_T20_a_tree_comes_back_equal_from_its_elements(tree: Tree) -> None:
    conversion = convert(to_elements(tree))
    assert conversion.problems == ()
    assert conversion.tree == tree


def test_T20_unit_attributes_are_strings_and_spans_integers() -> None:
    cell = Cell(BlockId("к"), (Run("Київ"),), colspan=2, header=True, colwidth=(120, 80))
    unit = Unit(BlockId("п1"), "subpoint", (Run("їжак "), Run("🦔")), AUTO, 2, "ц", "д")
    elements = to_elements(Tree((unit, Table(BlockId("т"), (Row(BlockId("р"), (cell,)),)))))
    assert elements[0].attributes == {"bid": "п1", "kind": "subpoint", "level": "2", "label": "auto", "quoted": "ц", "scope": "д"}
    assert elements[0].runs == (Run("їжак 🦔"),)
    assert elements[1].children[0].children[0].attributes == {"bid": "к", "colspan": 2, "header": "true", "colwidth": (120, 80)}


def test_T21_equal_neighbours_merge_and_empty_runs_go() -> None:
    strong: dict[str, MarkValue] = {"strong": {}}
    assert merge_runs([Run("а", strong), Run(""), Run("б", strong), Run("в"), Run("г", {"link": {"href": "x"}})]) == (
        Run("аб", strong),
        Run("в"),
        Run("г", {"link": {"href": "x"}}),
    )


def test_T22_the_later_of_two_equal_ids_gets_one_derived_from_its_yjs_id() -> None:
    twins = (
        Element("unit", {"bid": "п1", "kind": "point"}, (Run("перший"),)),
        Element("unit", {"bid": "п1", "kind": "point"}, (Run("другий"),)),
        Element("unit", {"bid": "п2", "kind": "point"}),
    )
    conversion = convert(twins, lambda path: f"7:{path[0]}")
    assert [block.bid for block in conversion.tree.blocks] == ["п1", derived_id("п1", "7:1"), "п2"]
    assert [(problem.code, problem.path) for problem in conversion.problems] == [("repeated-id", (1,))]
    assert from_elements(reversed(twins), lambda path: "7:1").blocks[2].bid == derived_id("п1", "7:1")


def test_T22_without_a_source_repairs_are_deterministic_and_unique() -> None:
    elements = (Element("unit", {"kind": "paragraph"}, (Run("а"),)),) * 3 + (Element("unit", {"bid": "x", "kind": "paragraph"}),) * 3
    tree = from_elements(elements)
    assert len({block.bid for block in tree.blocks}) == 6
    assert tree == from_elements(elements)


def test_T23_an_unknown_kind_is_a_paragraph_and_reported() -> None:
    conversion = convert((Element("unit", {"bid": "а", "kind": "вірш", "level": "-3"}, (Run("Реве та стогне"),)),))
    assert conversion.tree.blocks == (Unit(BlockId("а"), "paragraph", (Run("Реве та стогне"),)),)
    assert [problem.code for problem in conversion.problems] == ["unknown-kind"]


def test_T24_text_where_none_belongs_is_kept_and_reported() -> None:
    odd = (
        Element("paragraph", {}, (Run("чужий вузол"),)),
        Element(
            "table",
            {"bid": "т"},
            (Run("у таблиці"),),
            (Element("row", {"bid": "р"}, (Run("у рядку"),)), Element("cell", {"bid": "к"}, (Run("без рядка"),))),
        ),
        Element("unit", {"bid": "у", "kind": "point"}, (Run("зовні "),), (Element("b", {}, (Run("всередині"),)),)),
        Element("row", {"bid": "р2"}, (), (Element("cell", {"bid": "к2"}, (Run("без таблиці"),)),)),
    )
    conversion = convert(odd)
    assert sorted(all_text(conversion.tree)) == sorted(text_of(odd))
    assert {problem.code for problem in conversion.problems} >= {
        "unknown-element",
        "missing-id",
        "text-in-table",
        "text-in-row",
        "nested-content",
        "unknown-kind",
    }


ELEMENTS = st.recursive(
    st.builds(
        Element,
        st.sampled_from(["unit", "table", "row", "cell", "p"]),
        st.dictionaries(
            st.sampled_from(["bid", "kind", "level", "colspan", "header", "colwidth"]),
            st.sampled_from(["а", "б", "point", "2", 2, 0, (1, 2)]),
        ),
        st.lists(st.builds(Run, st.sampled_from(["", "текст", "é🇺🇦"]), st.sampled_from([{}, {"em": {}}])), max_size=2).map(tuple),
    ),
    lambda inner: st.builds(
        Element,
        st.sampled_from(["unit", "table", "row", "cell"]),
        st.just({"bid": "в"}),
        st.just(()),
        st.lists(inner, max_size=3).map(tuple),
    ),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(ELEMENTS, max_size=4).map(tuple))
def test_T25_no_text_is_lost_and_ids_are_unique_whatever_the_elements(elements: tuple[Element, ...]) -> None:
    tree = from_elements(elements)
    assert sorted(all_text(tree)) == sorted(text_of(elements))
    ids = [block.bid for block in tree.blocks]
    rows = [row for block in tree.blocks if isinstance(block, Table) for row in block.rows]
    ids += [row.bid for row in rows] + [cell.bid for row in rows for cell in row.cells]
    assert len(ids) == len(set(ids))
    assert convert(to_elements(tree)).problems == ()
