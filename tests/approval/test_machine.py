"""Anything in any order: hypothesis plays all the people of an act, and the invariants hold after every step.

The rules call the real server over HTTP; what they are refused must be refused in words, and what they are allowed must
be a line of the table.
"""

import asyncio
import tempfile
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from server.approval.policy_file import default_rules
from server.events.store import find_defect
from server.ids import ActId
from tests.approval.cast import Cast, gather
from tests.site import open_site

T = TypeVar("T")

SIGNATORIES = ("minfin", "infra", "economy", "digital", "minjust")
VERBS = ("start_visas", "rework", "submit", "to_committee", "adopt", "return", "publish", "withdraw", "declare_emergency")
TABLE = default_rules().policy


class Approval(RuleBasedStateMachine):
    """One act and everybody who takes part in it."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.cast: Cast
        self.state = "draft"
        self.revisions: dict[int, str] = {}
        self.positions: dict[tuple[int, str], dict[str, Any]] = {}
        self.sealed_at: int | None = None

    def run(self, work: Awaitable[T]) -> T:
        async def wait() -> T:
            return await work

        return self.loop.run(wait())

    @initialize()
    def begin(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.stack.callback(folder.cleanup)
        site = self.run(self.stack.enter_async_context(open_site(Path(folder.name))))
        self.cast = self.run(gather(site))
        self.run(self.cast.add_note())
        self.frozen(self.call("lead", "/revisions", {}))

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.loop.close()

    # -- what people do ------------------------------------------------------------------------------------------------

    @rule()
    def freeze(self) -> None:
        self.frozen(self.call("lead", "/revisions", {}))

    @rule(words=st.sampled_from(["кома, ", "Їжак ", "🙂 "]))
    def write(self, words: str) -> None:
        try:
            self.run(self.cast.write(words))
        except AssertionError:
            assert self.sealed_at is not None, "only a seal keeps a drafter from writing"

    @rule(
        revision=st.integers(1, 4),
        bodies=st.sets(st.sampled_from(["minfin", "minrozvytku", "mineconomy", "mindigital", "minjust"]), min_size=1),
    )
    def open_round(self, revision: int, bodies: set[str]) -> None:
        self.call("lead", "/rounds", {"revision": revision, "requests": [{"body": body} for body in sorted(bodies)]})

    @rule(revision=st.integers(1, 4))
    def open_full_round(self, revision: int) -> None:
        bodies = ("minfin", "mineconomy", "mindigital")
        self.call("lead", "/rounds", {"revision": revision, "requests": [{"body": body} for body in bodies]})

    @rule(revision=st.integers(1, 4))
    def open_legal(self, revision: int) -> None:
        self.call("lead", "/rounds", {"revision": revision, "kind": "legal", "requests": [{"body": "minjust"}]})

    @rule(
        who=st.sampled_from(SIGNATORIES), outcome=st.sampled_from(["AGREED", "AGREED", "AGREED_WITH_REMARKS", "REFUSED", "NOT_COMPETENT"])
    )
    def state_position(self, who: str, outcome: str) -> None:
        self._state(who, outcome)

    @rule()
    def everybody_agrees(self) -> None:
        for who in SIGNATORIES:
            self._state(who, "AGREED")

    def _state(self, who: str, outcome: str) -> None:
        rounds = self.rounds()
        number = rounds[-1]["number"] if rounds else 1
        revision = rounds[-1]["revision_hash"] if rounds else "0" * 64
        remarks = [{"text": "Зауваження"}] if outcome in {"REFUSED", "AGREED_WITH_REMARKS"} else []
        given = {"body": self.cast[who].body, "outcome": outcome, "revision_hash": revision, "remarks": remarks}
        self.call(who, f"/rounds/{number}/positions", given)

    @rule(who=st.sampled_from(SIGNATORIES))
    def state_on_another_revision(self, who: str) -> None:
        rounds = self.rounds()
        for one in rounds:
            given = {"body": self.cast[who].body, "outcome": "AGREED", "revision_hash": "f" * 64}
            assert self.call(who, f"/rounds/{one['number']}/positions", given) is None

    @rule(days=st.integers(1, 20))
    def time_passes(self, days: int) -> None:
        self.run(self.cast.at(self.cast.site.clock.now + days * 24 * 3600 * 1000))
        self.run(self.cast.engine().tick())

    @rule()
    def answer_remarks(self) -> None:
        for remark in self.run(self.cast.get("lead", "/remarks"))["items"]:
            self.call("lead", f"/remarks/{remark['id']}/answer", {"result": "declined", "reason": "Ні"})

    @rule(verb=st.sampled_from(VERBS), who=st.sampled_from(["lead", "secretariat", "drafter"]))
    def step(self, verb: str, who: str) -> None:
        rare = verb in {"withdraw", "declare_emergency"}
        if not rare or len(self.positions) > 5:
            self.call(who, "/steps", {"verb": verb, "reason": "Підстава"})

    @rule(who=st.sampled_from(["lead", "secretariat"]))
    def go_on(self, who: str) -> None:
        for verb in ("submit", "adopt"):
            self.call(who, "/steps", {"verb": verb, "reason": ""})

    @rule(revision=st.integers(1, 4))
    def seal(self, revision: int) -> None:
        made = self.call("lead", "/seal", {"revision": revision, "revision_hash": self.revisions.get(revision, "0" * 64)})
        if made is not None:
            assert self.revisions[made["revision"]] == made["revision_hash"]
            self.sealed_at = self.seq()

    @rule(steps=st.integers(1, 6))
    def what_comes_next(self, steps: int) -> None:
        """What these people would do on good days, so that the walks get far."""
        for _ in range(steps):
            self._next(max(self.revisions))
            self.the_act_moves_along_the_table_only()

    def _next(self, newest: int) -> None:
        match self.state:
            case "draft" | "internal_visa" | "returned":
                self.open_full_round(newest)
            case "approval" | "legal_review":
                self.everybody_agrees()
            case "reconciliation":
                self.answer_remarks()
                self.open_legal(newest)
            case "adopted":
                self.seal(newest)
            case _:
                self.go_on("lead")

    # -- what must hold ------------------------------------------------------------------------------------------------

    @invariant()
    def I1_revisions_never_change(self) -> None:
        for one in self.run(self.cast.get("lead", "/revisions"))["items"]:
            assert self.revisions.setdefault(one["number"], one["hash"]) == one["hash"]

    @invariant()
    def I2_I5_a_body_has_one_position_in_a_round_on_its_revision_and_it_never_changes(self) -> None:
        rounds = self.rounds()
        assert sum(not one["ended"] for one in rounds) <= 1
        for one in rounds:
            for position in one["positions"]:
                assert position["revision_hash"] == one["revision_hash"] == self.revisions[one["revision"]]
                assert self.positions.setdefault((one["number"], position["body"]), position) == position

    @invariant()
    def the_act_moves_along_the_table_only(self) -> None:
        seen = self.run(self.cast.get("lead", "/approval"))
        reached = {self.state}
        for _ in range(3):  # a round may be opened and complete at once; "go on" makes two steps
            reached |= {line.target for state in tuple(reached) for p in TABLE.procedures.values() for line in p.leaving(state)}
        assert seen["state"] in reached
        self.state = seen["state"]
        event(self.state)
        if self.state in {"submitted", "adopted", "signed"} and seen["procedure"] == "ordinary":
            assert all(remark["answers"] for remark in self.run(self.cast.get("lead", "/remarks"))["items"])  # I6
        assert seen["sealed"] == (self.sealed_at is not None)

    @invariant()
    def I8_nothing_is_written_after_the_seal(self) -> None:
        if self.sealed_at is not None:
            assert self.seq() == self.sealed_at

    @invariant()
    def I13_the_audit_verifies(self) -> None:
        act = ActId(self.cast.act)
        assert self.run(self.cast.site.parts.database.read(lambda connection: find_defect(connection, act))) is None

    # -- details -------------------------------------------------------------------------------------------------------

    def call(self, who: str, path: str, body: Any) -> Any:
        """What is answered; None when it was refused, which is always said in words."""
        answer = self.run(self.cast.call(who, "POST", path, body))
        if answer.status_code in {200, 201}:
            return answer.json()
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.json()["detail"].strip()
        return None

    def frozen(self, made: Any) -> None:
        if made is not None:
            self.revisions[made["number"]] = made["hash"]

    def rounds(self) -> list[Any]:
        found: list[Any] = self.run(self.cast.get("lead", "/rounds"))["items"]
        return found

    def seq(self) -> int:
        return int(self.run(self.cast.get("lead", "/text"))["seq"])


TestApproval = pytest.mark.slow(Approval.TestCase)
TestApproval.settings = settings(max_examples=6, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
