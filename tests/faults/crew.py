"""People at work while parts fail: stock Yjs providers and a client in Python, what each was told, and what must be so afterwards."""

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from tests.faults.python_client import PythonClient
from tests.faults.stage import PEOPLE, Stage
from tests.interop.node import Browsers
from tests.interop.test_kill import words
from tests.server_process import wait_for

EVERY_MS = 120
PATIENCE_S = 180
"""A provider notices a frozen server after 30 s; a machine may be slow."""
LEAD, COLLEAGUE = PEOPLE


@dataclass(frozen=True, slots=True)
class Member:
    """One provider: through which door it comes, and in which of the acts it types."""

    name: str
    kind: str
    door: int
    act: int


def everybody(doors: int) -> list[Member]:
    """Two people through the balancer and one past it to each node in the first act; two in the second."""
    past = [Member(f"прямо{door}", "hocuspocus", door, 0) for door in range(1, doors)]
    return [
        Member("олена", "hocuspocus", 0, 0),
        Member("петро", "y-websocket", 0, 0),
        *past,
        Member("степан", "hocuspocus", 0, 1),
        Member("юрко", "hocuspocus", doors - 1, 1),
    ]


def through_the_balancer(_doors: int) -> list[Member]:
    """Everyone takes the front door."""
    return [
        Member("олена", "hocuspocus", 0, 0),
        Member("ганна", "hocuspocus", 0, 0),
        Member("петро", "y-websocket", 0, 0),
        Member("степан", "hocuspocus", 0, 1),
        Member("марко", "y-websocket", 0, 1),
    ]


class Crew:
    """Everyone types from `start` on. `promised` is what somebody was told is saved."""

    def __init__(self, stage: Stage, members: list[Member], chance: random.Random) -> None:
        self.stage = stage
        self.members = members
        self.chance = chance
        self.browsers = Browsers()
        lead = stage.client(LEAD)
        colleague = stage.client(COLLEAGUE).me()
        self.acts = [lead.create_act(f"Про стійкість {number} 🏛️ ґ") for number in (1, 2)]
        for act in self.acts:
            lead.grant(act, colleague, "drafter")
        self.python = PythonClient(
            "пайтон", stage.sync_url(0, "hocuspocus", self.acts[0]), self.acts[0], stage.tokens[COLLEAGUE], EVERY_MS / 1000
        )

    def __enter__(self) -> Self:
        self.browsers.__enter__()
        for number, member in enumerate(self.members):
            self._open(member, [LEAD, COLLEAGUE][number % 2])
            self.browsers.ask("type", name=member.name, every=EVERY_MS)
        self.python.start()
        self.wait_for_saved_anew()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.python.close()
        self.browsers.__exit__(kind, error, traceback)

    def _open(self, member: Member, person: str) -> None:
        act = self.acts[member.act]
        url = self.stage.sync_url(member.door, member.kind, act)
        self.browsers.open(member.name, member.kind, url, act, self.stage.tokens[person])

    # -- what was told -------------------------------------------------------------------------------------------------

    def promised(self) -> list[set[str]]:
        """For each act: the words their authors were told are saved."""
        found: list[set[str]] = [set() for _ in self.acts]
        for name, act, saved in self._saved():
            found[act] |= _words_of(name, saved)
        return found

    def _saved(self) -> list[tuple[str, int, int]]:
        told = [(each.name, each.act, self.browsers.saved.get(each.name, 0)) for each in self.members if each.kind == "hocuspocus"]
        return [*told, (self.python.name, 0, self.python.saved)]

    def count_promised(self) -> int:
        """All words of `promised`."""
        return sum(len(each) for each in self.promised())

    def wait_for_saved_anew(self) -> float:
        """Until everyone who is told anything has been told of something typed after this call; the seconds it took."""
        began = time.monotonic()
        before = {each.name: self.browsers.look(each.name)["typed"] for each in self.members if each.kind == "hocuspocus"}
        before[self.python.name] = self.python.typed

        def waiting() -> list[str]:
            return [name for name, _, saved in self._saved() if saved <= before[name]]

        _wait(lambda: f"an edit of {waiting()} to be saved", lambda: not waiting())
        return time.monotonic() - began

    # -- what must be so -----------------------------------------------------------------------------------------------

    def lost(self, promised: list[set[str]]) -> set[str]:
        """What of it is not on disk, as any node tells."""
        lost: set[str] = set()
        for node in range(len(self.stage.nodes)):
            for act, expected in zip(self.acts, promised, strict=True):
                lost |= expected - words(self.disk(act, node))
        return lost

    def disk(self, act: str, node: int = 0) -> str:
        """The text of an act's first unit in the journal, read by one node."""
        return self.stage.client(LEAD, node).text(act)[0]["text"]

    def finish(self) -> None:
        """Everyone stops typing: each word is on disk once, all clients and a fresh one at every door hold that text, and can write."""
        self.python.rest()
        typed = [set[str]() for _ in self.acts]
        for member in self.members:
            typed[member.act] |= _words_of(member.name, self.browsers.ask("stop", name=member.name)["typed"])
        _wait(lambda: "everything that was typed to be told saved", lambda: self.python.saved == self.python.typed)
        typed[0] |= _words_of(self.python.name, self.python.typed)
        for node in range(len(self.stage.nodes)):
            for number, act in enumerate(self.acts):
                self._wait_for_disk(act, node, typed[number])
        self._newcomers()
        for number, act in enumerate(self.acts):
            holders = [each.name for each in self.members if each.act == number] + self._names_of_newcomers(number)
            self._wait_for_one_text(act, holders, number)

    def _wait_for_disk(self, act: str, node: int, expected: set[str]) -> None:
        _wait(lambda: self._missing(act, expected), lambda: words(self.disk(act, node)) == expected)

    def _wait_for_one_text(self, act: str, holders: list[str], number: int) -> None:
        _wait(lambda: f"{holders} to hold one text", lambda: self._texts(holders, number) == {self.disk(act)})

    def _texts(self, holders: list[str], act: int) -> set[str]:
        python = {self.python.text} if act == 0 else set()
        return {self.browsers.text(name) for name in holders} | python

    def _missing(self, act: str, expected: set[str]) -> str:
        found = words(self.disk(act))
        return f"every word to be on disk; missing {sorted(expected - found)[:5]}, unknown {sorted(found - expected)[:5]}"

    def _names_of_newcomers(self, act: int) -> list[str]:
        return [f"нова{act}-{door}" for door in range(len(self.stage.doors))]

    def _newcomers(self) -> None:
        """A fresh client through every door, in every act: it holds the text, and what it writes is saved (no room is stuck)."""
        for number in range(len(self.acts)):
            for door, name in enumerate(self._names_of_newcomers(number)):
                self._open(Member(name, "hocuspocus", door, number), LEAD)
                self.browsers.ask("insert", name=name, text=f" {name}")
        for number in range(len(self.acts)):
            for name in self._names_of_newcomers(number):
                self._wait_for_saved(name)

    def _wait_for_saved(self, name: str) -> None:
        _wait(lambda: f"the edit of {name} to be saved", lambda: self.browsers.saved.get(name, 0) > 0)

    def visible_errors(self) -> list[str]:
        """What a person would have seen: a refusal for good, or the notice that saving has stopped."""
        found: list[str] = []
        for member in self.members:
            look: dict[str, Any] = self.browsers.look(member.name)
            refusals = [each for each in look["denied"] if not isinstance(each, int) or 4400 <= each < 4500]
            notices = [each for each in look["stateless"] if json.loads(each).get("state") == "stopped"]
            found += [f"{member.name}: {each}" for each in [*refusals, *notices]]
        return found


def _words_of(name: str, count: int) -> set[str]:
    return {f"{name}-{number}" for number in range(1, count + 1)}


def _wait(what: Callable[[], str], is_true: Callable[[], bool]) -> None:
    """Until `is_true()`; `what` is made only when it is needed."""
    try:
        wait_for("", is_true, timeout_s=PATIENCE_S)
    except AssertionError:
        raise AssertionError(f"waited {PATIENCE_S} s for: {what()}") from None
