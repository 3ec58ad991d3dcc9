"""What one keystroke costs in the pure core: describe, judge, commit, beside applying it; medians, and the ratio of the two."""

import statistics
import time
from collections.abc import Callable

import pycrdt

from server.access.roles import Scope
from server.crdt.content import Element, Run
from server.crdt.document import ActDocument, build
from server.crdt.update import describe
from server.guard.guard import Accepted, Limits, judge
from server.guard.ledger import Ledger
from server.ids import UserId

LETTERS = 2000
ROUNDS = 7
AUTHOR = UserId("a" * 32)


def typing() -> tuple[bytes, list[bytes]]:
    """A unit, and the updates of somebody typing Ukrainian into it."""
    seed = build((Element("unit", {"bid": "u1", "kind": "point"}, (Run("Стаття "),)),))
    document: pycrdt.Doc[pycrdt.XmlFragment] = pycrdt.Doc(client_id=7)
    document.apply_update(seed)
    unit = document.get("default", type=pycrdt.XmlFragment).children[0]
    assert isinstance(unit, pycrdt.XmlElement)
    text = unit.children[0]
    assert isinstance(text, pycrdt.XmlText)
    made: list[bytes] = []
    watching = document.observe(lambda event: made.append(event.update))
    for number in range(LETTERS):
        text.insert(len(text), "абвгґдеєжз"[number % 10])
    document.unobserve(watching)
    return seed, made


def microseconds(work: Callable[[], None]) -> float:
    """Per letter, the median of the rounds."""
    rounds = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        work()
        rounds.append((time.perf_counter() - begin) / LETTERS * 1e6)
    return statistics.median(rounds)


def measure() -> list[str]:
    """Lines of a Markdown table."""
    seed, updates = typing()
    limits = Limits()

    def guard() -> None:
        ledger = Ledger.load(seed)
        for update in updates:
            description = describe(update)
            verdict = judge(description, AUTHOR, Scope.WRITE, ledger, limits)
            assert isinstance(verdict, Accepted), verdict
            ledger.commit(description, AUTHOR)

    def apply() -> None:
        document = ActDocument()
        document.apply(seed)
        for update in updates:
            document.apply(update)

    guarding, applying = microseconds(guard), microseconds(apply)
    return [
        "| one typed letter | µs | of applying it |",
        "|---|---:|---:|",
        f"| decode, judge, remember | {guarding:.1f} | {guarding / applying:.1f} × |",
        f"| apply to the document, one by one | {applying:.1f} | 1.0 × |",
    ]


if __name__ == "__main__":
    print("\n".join(measure()))
