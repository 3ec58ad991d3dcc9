"""What the JavaScript editor stack really writes (recorded by record.mjs) goes through decoder, guard and document."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from server.access.roles import Scope
from server.crdt.content import Element, Run
from server.crdt.document import ActDocument, read_state_vector
from server.crdt.replay import compact
from server.crdt.update import describe, read_update
from server.guard.guard import Accepted, judge_bytes
from server.guard.ledger import Ledger
from server.ids import ClientId, UserId

CASES: dict[str, Any] = json.loads((Path(__file__).parent / "editor.json").read_text())


def updates_of(name: str) -> list[tuple[UserId, bytes]]:
    return [(UserId(f"user-{client}"), base64.b64decode(update)) for client, update in CASES[name]["updates"]]


@pytest.mark.parametrize("name", CASES)
def test_what_editors_write_is_accepted_and_reads_as_the_editor_shows_it(name: str) -> None:
    ledger, document = Ledger(), ActDocument()
    for sender, update in updates_of(name):
        verdict = judge_bytes(update, sender, Scope.WRITE, ledger)
        assert isinstance(verdict, Accepted), verdict
        ledger.commit(verdict.description, sender)
        document.apply(update)
    expected = {ClientId(int(client)): clock for client, clock in CASES[name]["stateVector"].items()}
    assert read_state_vector(document.state_vector()) == expected == ledger.state
    assert not document.has_pending()
    assert document.content() == tuple(shown(node) for node in CASES[name]["final"].get("content", ()))


@pytest.mark.parametrize("name", CASES)
def test_a_ledger_loaded_again_before_any_update_gives_the_same_verdicts(name: str) -> None:
    document = ActDocument()
    bindings: dict[ClientId, UserId] = {}
    for sender, update in updates_of(name):
        ledger = Ledger.load(document.state(), bindings)
        verdict = judge_bytes(update, sender, Scope.WRITE, ledger)
        assert isinstance(verdict, Accepted), verdict
        bindings.update(verdict.bindings)
        document.apply(update)


@pytest.mark.parametrize("name", CASES)
def test_the_whole_state_from_javascript_is_accepted_at_once_from_its_authors(name: str) -> None:
    state = base64.b64decode(CASES[name]["state"])
    verdict = judge_bytes(state, UserId("one"), Scope.WRITE, Ledger())
    assert isinstance(verdict, Accepted), verdict
    assert compact([update for _, update in updates_of(name)])
    assert read_update(state) == describe(state)


def shown(node: dict[str, Any]) -> Element:
    """A node of ProseMirror's JSON as an element."""
    attributes = {key: plain(value) for key, value in sorted(node["attrs"].items()) if value is not None}
    if node["type"] in ("unit", "cell"):
        return Element(node["type"], attributes, tuple(run(text) for text in node.get("content", ())))
    return Element(node["type"], attributes, (), tuple(shown(child) for child in node.get("content", ())))


def run(text: dict[str, Any]) -> Run:
    marks = {
        mark["type"]: {key: value for key, value in sorted(mark.get("attrs", {}).items()) if value is not None}
        for mark in sorted(text.get("marks", ()), key=lambda mark: str(mark["type"]))
    }
    return Run(text["text"], marks)


def plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
