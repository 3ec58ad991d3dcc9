"""Policy files: what is read, what a mistake says, and that the docs draw today's table. Rules F1 to F14 of docs/spec/approval.md."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.app import build_app
from server.approval.drawing import drawn, redraw
from server.approval.located import FileMistake, Located
from server.approval.policy import Need, Verb
from server.approval.policy_file import check_policy, default_rules, load
from server.errors import ConfigurationError
from server.resources import SCHEMA_DIR
from server.settings import Settings
from tests.conftest import ROOT

FOLDER = SCHEMA_DIR / "policies"
TEXT = (FOLDER / "cabinet.json").read_text(encoding="utf-8")
CALENDAR = (FOLDER / "calendar-ukraine.json").read_text(encoding="utf-8")


def line_of(text: str, words: str) -> int:
    """The line on which words stand, counted from 1."""
    return text[: text.index(words)].count("\n") + 1


MISTAKES: list[tuple[str, str, str, str]] = [
    # what stands there, what somebody makes of it, the rule, the first words on the line that is named
    ('"secretariat": "skmu",', '"secretariat": "skmu"', "F1", '"start": "draft"'),
    ('"start": "draft",', '"start": "draft", "start": "draft",', "F1", '"start"'),
    ('"format": 1,', '"format": 2,', "F2", '"format"'),
    ('"working_days": 5,  "when', '"working_days": 0,  "when', "F2", '"days_5":'),
    ('"months": 1,        "when', '"when', "F2", '"month": '),
    ('"verb": "submit", "from": ["ready"]', '"verb": "внести", "from": ["ready"]', "F2", '"внести"'),
    ('"needs": ["no_open_round", ', '"needs": ["печатка", ', "F2", '"печатка"'),
    ('"verb": "rework", "from": ["ready"]', '"verb": "rework", "from": ["redy"]', "F3", '"redy"'),
    ('"from": ["approval"], "to": "reconciliation"', '"from": ["approval"], "to": "recon"', "F3", '"recon"'),
    ('"start": "draft"', '"start": "чернетка"', "F3", '"start"'),
    ('"procedure": "emergency"', '"procedure": "urgent"', "F3", '"urgent"'),
    ('"committee":      {', '"nowhere": { "uk": "ніде", "en": "nowhere" },\n    "committee":      {', "F4", '"nowhere"'),
    ('"sealed": true, "final": true }', '"sealed": true }', "F5", '"published":'),
    ('"verb": "publish", "from": ["signed"]', '"verb": "publish", "from": ["published"]', "F5", '["published"]'),
    ('"verb": "rework", "from": ["ready"]', '"verb": "rework", "from": ["ready", "ready"]', "F6", '["ready", "ready"]'),
    ('"from": ["signed"], "to": "published"', '"from": ["signed"], "to": "draft"', "F7", '"to": "draft"'),
    ('"from": ["submitted", "committee"], "to": "adopted"', '"from": ["submitted"], "to": "signed"', "F7", '"to": "signed"'),
    ('    "SILENT":  ', '    "QUIET":  ', "F8", '"outcomes": {\n'),
    ('"usual": "days_10"', '"usual": "days_11"', "F9", '"days_11"'),
    ('"classes": ["day", "days_5"', '"classes": ["година", "days_5"', "F9", '"година"'),
    ('["AGREED", "AGREED_WITH_REMARKS", "REFUSED", "NOT_COMPETENT"]', '["AGREED", "SILENT"]', "F10", '"SILENT"]'),
    ('"renumbered", "reference", "moved"]', '"renumbered", "reference"]', "F11", '"staleness"'),
    ('"rozporiadzhennia": ["note"]', '"rozporiadzhennia": ["verse"]', "F12", '"verse"'),
    ('"zakonoproiekt":    ["note"]', '"ukaz":    ["note"]', "F12", '"ukaz"'),
    ('{ "shows": "answer",    "uk"', '{ "shows": "old",    "uk"', "F12", '"shows": "old",    "uk"'),
]  # fmt: skip


@pytest.mark.parametrize(("there", "mistaken", "rule", "place"), MISTAKES, ids=[f"{one[2]}-{n}" for n, one in enumerate(MISTAKES)])
def test_F_a_mistake_in_the_file_is_named_by_line_and_rule(there: str, mistaken: str, rule: str, place: str) -> None:
    text = TEXT.replace(there, mistaken, 1)
    assert text != TEXT
    with pytest.raises(FileMistake) as caught:
        check_policy(text)
    assert (caught.value.rule, caught.value.line) == (rule, line_of(text, place)), caught.value


def changed(folder: Path, change: Callable[[str], str], calendar: Callable[[str], str] = str) -> Path:
    file = folder / "policy.json"
    file.write_text(change(TEXT), encoding="utf-8")
    (folder / "calendar-ukraine.json").write_text(calendar(CALENDAR), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("change", "calendar", "said"),
    [
        (lambda text: text.replace("Europe/Kyiv", "Europe/Atlantis"), str, r"rule F13: .*Atlantis"),
        (str, lambda text: text.replace("2021-01-16", "2021-01-15"), r"calendar-ukraine.json, line \d+: rule F14: .*2021-01-15"),
        (str, lambda text: text.replace('"day": "01-01"', '"day": "13-01"'), r"calendar-ukraine.json, line 10: rule F2"),
        (lambda text: text.replace('"start": "draft"', '"start": "x"'), str, r'policy.json, line \d+: rule F3: there is no state "x"'),
        (lambda text: text.replace("calendar-ukraine", "calendar-mars"), str, r"calendar-mars.json: the policy file cannot be read"),
    ],
)
def test_F_a_server_does_not_start_with_a_mistaken_file(
    tmp_path: Path, change: Callable[[str], str], calendar: Callable[[str], str], said: str
) -> None:
    file = changed(tmp_path, change, calendar)
    with pytest.raises(ConfigurationError, match=said):
        build_app(Settings(data_dir=tmp_path / "data", policy_file=str(file)))


def test_another_procedure_than_the_cabinets_is_a_matter_of_the_file(tmp_path: Path) -> None:
    rules = load(
        changed(
            tmp_path, lambda text: text.replace('"working_days": 10, "when_passed": "silent"', '"working_days": 7, "when_passed": "silent"')
        )
    )
    assert rules.policy.deadlines["days_10"].working_days == 7


def test_the_cabinets_file_names_every_verb_and_every_need() -> None:
    policy = default_rules().policy
    lines = [line for procedure in policy.procedures.values() for line in procedure.transitions]
    assert {line.verb for line in lines} == set(Verb)
    assert {need for line in lines for need in line.needs} == set(Need)


def test_the_docs_draw_the_table_of_today() -> None:
    page = (ROOT / "docs" / "spec" / "approval.md").read_text(encoding="utf-8")
    assert redraw(page, default_rules().policy) == page, "run: python -m server.approval.drawing docs/spec/approval.md"
    assert drawn(default_rules().policy).count("-->") > 40
    with pytest.raises(ValueError, match="no marks"):
        redraw("# Approval", default_rules().policy)


@pytest.mark.parametrize("text", ["", "[", '{"a"', '{"a": }', '{"a": 1,}', "{} {}", '{"a": "', "{a: 1}", "[1 2]", "\x00", '{"a": nul}'])
def test_F1_a_file_that_is_no_json_is_named_by_its_line(text: str) -> None:
    with pytest.raises(FileMistake, match="line 1: rule F1"):
        check_policy(text)


def test_F1_the_reader_reads_what_the_library_reads() -> None:
    data: Any = {"a": [1, -2.5, True, None, "ґ\n\"'\u2028😀", {}], "б": {"в": []}}
    for text in (json.dumps(data), json.dumps(data, ensure_ascii=False, indent=3)):
        found = Located(text)
        assert found.value == data
        assert found.line_of(("б", "в")) == (line_of(text, "[]") if "\n" in text else 1)
