"""Every test, in parts, with what each took. Stops at the first part that fails; prints one closing line of totals.

A few tests of real processes and browsers that fail on a busy machine are run once more, alone: what passes only then is named,
so that nobody takes it for sound.
"""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTEST = [sys.executable, "-m", "pytest", "-q"]
FAILED = 1
"""Pytest's exit code when tests failed; any other is no matter of luck."""
FEW = 5
"""More failures than this are no accident."""


@dataclass(frozen=True, slots=True)
class Part:
    """One command; `again` runs only its failures."""

    title: str
    command: list[str]
    folder: Path = ROOT
    again: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command printed at its end."""

    code: int
    passed: int
    failed: tuple[str, ...]
    skipped: int


_AGAIN = [*PYTEST, "--last-failed", "--last-failed-no-failures", "none"]
PARTS = (
    Part("front end (vitest)", ["npm", "test", "--silent"], ROOT / "web"),
    Part(
        "pure core, journal, rooms, API",
        [*PYTEST, "-n", "2", "--dist", "loadfile", "-m", "not browser"],
        again=[*_AGAIN, "-m", "not browser"],
    ),
    Part("browser", [*PYTEST, "-m", "browser"], again=[*_AGAIN, "-m", "browser"]),
)


def run(title: str, command: list[str], folder: Path) -> Outcome:
    """Run one command, passing on what it prints."""
    begin = time.monotonic()
    print(f"-- {title}", flush=True)
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"NO_COLOR": "1"},  # noqa: TID251
    )
    totals, failed = "", []
    for line in process.stdout or ():
        print(line, end="", flush=True)
        if re.search(r"\d+ (passed|failed)", line):
            totals = line
        if named := re.match(r"(?:FAILED|ERROR) (\S+)", line):
            failed.append(named[1])
    code = process.wait()
    print(f"-- {title}: {time.monotonic() - begin:.0f} s", flush=True)
    return Outcome(code, _count("passed", totals), tuple(failed), _count("skipped", totals))


def _count(word: str, totals: str) -> int:
    return sum(int(number) for number in re.findall(rf"(\d+) {word}", totals))


def main() -> int:
    """Run the parts in order; the exit code is that of the first one that fails."""
    passed = skipped = 0
    late: list[str] = []
    for part in PARTS:
        outcome = run(part.title, part.command, part.folder)
        passed += outcome.passed
        skipped += outcome.skipped
        if outcome.code == 0:
            continue
        if part.again is None or outcome.code != FAILED or not 0 < len(outcome.failed) <= FEW:
            return outcome.code
        second = run(f"{part.title}: {len(outcome.failed)} once more", part.again, part.folder)
        if second.code:
            return second.code
        passed += second.passed
        late += outcome.failed
    if late:
        print(f"UNSOUND, passed only at the second try: {', '.join(late)}")
    print(f"{passed} passed, 0 failed, {skipped} skipped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
