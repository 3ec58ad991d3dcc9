"""Comparison on every real pair of editions (docs/spec/compare.md C1-C4, C10, C20-C27), against what the sources say themselves."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from server.compare import report
from server.compare.compare import compare
from server.compare.model import Comparison, Kind
from tests.compare.corpus import ACTS, QUIET, Pair, act, against_anchors, pair, pairs_of, reported, side
from tests.compare.mutations import Scores, mutate
from tests.compare.notes import against_notes
from tests.conftest import needs_shared
from tests.formats.readers import letters, of_markdown

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _shared() -> None:
    needs_shared()


def compared(found: Pair) -> Comparison:
    return compare(side(found.old), side(found.new))


def _source_letters(file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    return of_markdown(text) if file.suffix == ".md" else letters(text)


def _check_side(data: dict[str, Any], name: str, sign: str, file: Path) -> None:
    """An outside reader of the JSON: every unit once, words rebuild it, and nothing of the file is missing."""
    units, found = data[name]["units"], ""
    for row in data["alignment"]:
        words = "".join(text for operation, text in row.get("words", []) if operation != sign)
        assert row["kind"] == "same" or words == (units[row[name]]["text"] if row[name] is not None else "")
    places = sorted(row[name] for row in data["alignment"] if row[name] is not None)
    assert places == list(range(len(units)))
    found = letters("".join(unit["label"] + unit["text"] for unit in units))
    assert Counter(found) == Counter(_source_letters(file)), file.name


@pytest.mark.parametrize("folder", ACTS, ids=[folder.name for folder in ACTS])
def test_C1_C2_C4_every_pair_rebuilds_both_files_and_loses_no_letter(folder: Path) -> None:
    for found in pairs_of(folder):
        data = json.loads(report.write(compared(found)))
        assert set(data) == {"left", "right", "alignment", "summary"}
        _check_side(data, "left", "+", found.old)
        _check_side(data, "right", "-", found.new)
        assert data["summary"] == {kind.value: sum(row["kind"] == kind for row in data["alignment"]) for kind in Kind}


def test_C31_units_align_as_the_anchors_of_the_sources_say() -> None:
    right, others = 0, list[str]()
    for folder in ACTS:
        for found in pairs_of(folder):
            if found.facts.get("anchors"):
                score = against_anchors(found, compared(found))
                right += score.right
                others += [*score.wrong, *score.apart]
    assert right > 18_000
    assert right / (right + len(others)) >= 0.995, others


def test_C31_added_removed_and_changed_are_exactly_the_sets_of_the_sources() -> None:
    checked = 0
    for folder in ACTS:
        for found in pairs_of(folder):
            if not (known := found.facts.get("anchors")):
                continue
            told = reported(found, compared(found))
            assert told.added == set(known["added"]), found.name
            assert told.removed == set(known["removed"]), found.name
            assert told.changed == set(known["changed"]), found.name
            checked += 1
    assert checked == 44


@pytest.mark.parametrize(("name", "old", "new"), [("konst", 10, 11), ("zu-2114", 1, 2), ("konst", 5, 6), ("tpg", 3, 4), ("ukaz-64", 2, 3)])
def test_C21_C22_a_pair_that_differs_only_in_typesetting_and_notes_shows_nothing_else(name: str, old: int, new: int) -> None:
    assert {row.kind for row in compared(pair(name, old, new)).alignment} <= QUIET


def _changes(comparison: Comparison) -> list[tuple[str, str]]:
    units = comparison.left.units, comparison.right.units
    rows = [row for row in comparison.alignment if row.kind not in QUIET]
    return [(row.kind.value, (units[1][row.right] if row.right is not None else units[0][row.left or 0]).label) for row in rows]


def test_the_one_real_change_is_found_in_a_re_typeset_edition() -> None:
    assert _changes(compared(pair("konst", 4, 5))) == [("replaced", "Стаття 98."), ("inserted", "")]


def test_a_restored_wording_shows_almost_no_change_over_two_editions() -> None:
    assert len(_changes(compared(pair("konst", 1, 3)))) <= 3


def test_known_changes_of_the_constitution_are_exactly_those() -> None:
    assert _changes(compared(pair("konst", 9, 10))) == [("deleted", "Стаття 80."), ("renumbered", "Стаття 80."), ("deleted", "")]
    assert len(_changes(compared(pair("konst", 8, 9)))) == 5


@pytest.mark.parametrize(("old", "new", "sums"), [(1, 2, ("1882000", "1873627,8")), (2, 3, ("1873627,8", "1864145,6"))])
def test_C10_the_known_changed_sum_is_exactly_one_replaced_token(old: int, new: int, sums: tuple[str, str]) -> None:
    rows = [row for row in compared(pair("rozp-336", old, new)).alignment if row.kind not in QUIET]
    assert len(rows) == 1
    assert [piece for piece in rows[0].words if piece[0] != "="] == [("-", sums[0]), ("+", sums[1])]


def test_moved_blocks_are_moved_and_nothing_else() -> None:
    assert compared(pair("dc-code", 5, 6)).summary()[Kind.MOVED] == 27
    assert compared(pair("dc-code", 7, 8)).summary()[Kind.MOVED] == 5
    assert compared(pair("kmu-1236", 8, 9)).summary()[Kind.MOVED] == 7


def test_every_provision_that_a_new_note_names_is_reported_changed() -> None:
    scores = [against_notes(compared(found)) for folder in ACTS if folder.parent.name == "uk" for found in pairs_of(folder) if found.facts]
    assert sum(score.named for score in scores) > 200
    assert [missed for score in scores for missed in score.missed] == []


@pytest.mark.parametrize("name", ["zu-2939", "kmu-1236", "gg-", "zu-3262"])
def test_C23_C27_C28_seeded_edits_are_told_as_what_they_were(name: str) -> None:
    scores, source = Scores(), side(sorted(act(name).glob("*.md"))[1])
    for seed in range(2):
        mutant = mutate(source, seed)
        scores.add(compare(source, mutant.side), mutant)
    for score in (scores.moved, scores.renumbered):
        assert min(score.precision, score.recall) >= 0.98 or score.false + score.missed <= 1, score.examples
    assert min(scores.grouped.precision, scores.grouped.recall) >= 0.85, scores.grouped.examples
