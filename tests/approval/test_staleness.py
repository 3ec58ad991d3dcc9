"""What a new revision does to positions. Rules T1 to T6 of docs/spec/approval.md, on trees made by hand."""

from collections.abc import Sequence

import pytest

from server.approval.policy_file import default_rules
from server.approval.staleness import Judged, Scope, Validity, Verdict, changes_of, judge, only_endings, places_of
from server.compare.compare import compare
from server.compare.model import Words, side_of
from server.compare.places import called
from server.crdt.content import Run
from server.ids import BlockId
from server.text.numbering import labels, load_scheme
from server.text.tree import Cell, Row, Table, Tree, Unit

POLICY = default_rules().policy
SCHEME = load_scheme("cabinet")


def unit(bid: str, kind: str, text: str, label: str = "auto") -> Unit:
    return Unit(BlockId(bid), kind, (Run(text),), label)


def act(**changed: str | None) -> Tree:
    """Two points with subpoints and a table; `changed` gives other words by block id, None takes a unit away."""
    units: list[Unit | Table] = [
        unit("title", "title", "Про державні веб-портали", ""),
        unit("p1", "point", "Міністерству фінансів передбачити видатки на створення порталу:"),
        unit("s11", "subpoint", "у поточному році шість мільйонів гривень;"),
        unit("s12", "subpoint", "у наступному році вісім мільйонів гривень."),
        unit("p2", "point", "Міністерству внутрішніх справ забезпечити охорону приміщень:"),
        unit("s21", "subpoint", "цілодобово силами територіальних підрозділів;"),
        unit("s22", "subpoint", "за допомогою технічних засобів спостереження."),
        Table(BlockId("t"), (Row(BlockId("r1"), (Cell(BlockId("c1"), (Run(changed.get("r1") or "Їжак"),)),)),)),
        unit("p3", "point", "Ця постанова набирає чинності з дня її опублікування."),
    ]
    kept: list[Unit | Table] = []
    for one in units:
        words = changed.get(one.bid, "")
        if words is not None:
            kept.append(unit(one.bid, one.kind, words, one.label) if isinstance(one, Unit) and words else one)
    return Tree(tuple(kept))


def labels_of(tree: Tree) -> dict[str, str]:
    return {str(bid): label for bid, label in labels(tree, SCHEME).items()}


def verdict(old: Tree, new: Tree, scope: Sequence[str], outcome: str = "AGREED", remarked: Sequence[str] = ()) -> Verdict:
    left, right = (places_of(tree, POLICY.staleness, labels_of(tree)) for tree in (old, new))
    found = changes_of(compare(side_of(old, SCHEME), side_of(new, SCHEME)), left, right, POLICY)
    return judge(Judged(outcome, Scope(frozenset(scope)), frozenset(remarked)), found, left, right)


NEW_SUM = "у поточному році дев'ять мільйонів гривень;"


@pytest.mark.parametrize(
    ("changed", "scope", "state"),
    [
        ({}, [], Validity.VALID),
        ({"s11": NEW_SUM}, [], Validity.STALE),  # T2, the whole package
        ({"s11": NEW_SUM}, ["p1"], Validity.STALE),  # T1, below the scope
        ({"s11": NEW_SUM}, ["s11"], Validity.STALE),
        ({"s11": NEW_SUM}, ["s12"], Validity.LOOK),  # T3, beside it in the same point
        ({"s11": NEW_SUM}, ["p2"], Validity.VALID),  # T4
        ({"p1": "Міністерству освіти передбачити видатки на створення порталу:"}, ["s12"], Validity.STALE),  # T1, the opening words above
        ({"s11": None}, ["p1"], Validity.STALE),
        ({"s11": None}, ["p3"], Validity.VALID),
        ({"p1": None, "s11": None, "s12": None}, ["p2"], Validity.LOOK),  # renumbered: 2 is 1 now
        ({"p3": "Ця постанова набирає чинності з дня її опублікувань."}, [], Validity.LOOK),  # an ending
        ({"title": "Про державні веб–портали"}, [], Validity.VALID),  # typography
        ({"r1": "Єнот"}, ["t"], Validity.STALE),
        ({"r1": "Єнот"}, ["p1"], Validity.VALID),
    ],
)
def test_T_a_position_is_worth_what_changed_in_its_scope(changed: dict[str, str | None], scope: list[str], state: Validity) -> None:
    found = verdict(act(), act(**changed), scope)
    assert found.validity is state, found.reason
    assert found.reason.uk.strip()
    assert found.reason.en.strip()
    assert bool(found.changes) == (state is not Validity.VALID)


def test_T1_a_provision_that_a_remark_of_the_body_names_belongs_to_its_scope() -> None:
    new = act(s22="за допомогою службових собак.")
    assert verdict(act(), new, ["p1"], "AGREED_WITH_REMARKS", ["s22"]).validity is Validity.STALE
    assert verdict(act(), new, ["p1"], "AGREED_WITH_REMARKS").validity is Validity.VALID


def test_T1_a_unit_that_leaves_the_scope_counts_where_it_stood() -> None:
    old = act()
    moved = [one for one in old.blocks if one.bid != "s12"]
    moved.insert(6, next(one for one in old.blocks if one.bid == "s12"))
    assert verdict(old, Tree(tuple(moved)), ["p1"]).validity is not Validity.VALID


def test_the_reason_names_the_places_as_people_do() -> None:
    found = verdict(act(), act(s11=NEW_SUM, r1="Єнот", title="Про державні вебсайти та їх створення"), [])
    assert found.reason.uk == (
        "змінено положення: «Про державні вебсайти та їх створення»; пункт 1, підпункт 1; пункт 2, підпункт 2 «Єнот»"
    )
    assert [change.place for change in found.changes] == ["", "пункт 1, підпункт 1", "пункт 2, підпункт 2"]


@pytest.mark.parametrize(
    ("kind", "label", "name"),
    [
        ("article", "Стаття 10 - 1 .", "Стаття 10 - 1"),
        ("point", "12.10²", "пункт 12.10²"),
        ("subpoint", "в)", "підпункт в"),
        ("paragraph", "–", ""),
        ("paragraph", "", ""),
        ("section", "IV.", "розділ IV"),
        ("section", "Розділ XVIII", "Розділ XVIII"),
    ],
)
def test_a_unit_is_called_as_one_cites_it(kind: str, label: str, name: str) -> None:
    assert called(kind, label) == name


def test_T5_a_refusal_is_about_the_revision_it_refused() -> None:
    assert verdict(act(), act(r1="Єнот"), ["p1"], "REFUSED").validity is Validity.STALE
    assert verdict(act(), act(), ["p1"], "REFUSED").validity is Validity.VALID
    assert verdict(act(), act(s11=NEW_SUM), ["p1"], "NOT_COMPETENT").validity is Validity.VALID
    assert verdict(act(), act(s11=NEW_SUM), ["p1"], "SILENT").validity is Validity.STALE


@pytest.mark.parametrize(
    ("words", "same"),
    [
        ((("=", "у "), ("-", "підпункт"), ("+", "підпункту"), ("=", " 3")), True),
        ((("-", "забезпечити охорону"), ("+", "забезпечує охорона")), True),
        ((("-", "дозволено"), ("+", "заборонено")), False),
        ((("-", "2021"), ("+", "2022")), False),
        ((("-", "пункт 20215"), ("+", "пункт 20216")), False),
        ((("+", "не "),), False),
        ((("-", "не "),), False),
        ((("-", "закон"), ("+", "закони, постанови")), False),
        ((("-", "суд"), ("+", "суду")), False),
        ((("=", "без змін"),), False),
        ((("-", "органи;"), ("+", "органів.")), False),
    ],
)
def test_T2_words_that_changed_only_their_endings_are_told_from_others(words: Words, same: bool) -> None:
    assert only_endings(words) is same
