"""Every test, in parts, with what each took. Stops at the first part that fails; prints one closing line of totals."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PARTS = (
    ("front end (vitest)", ["npm", "test", "--silent"], ROOT / "web"),
    (
        "pure core, journal, rooms, API",
        [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", "-m", "not browser"],
        ROOT,
    ),
    ("browser", [sys.executable, "-m", "pytest", "-q", "-m", "browser"], ROOT),
)


def main() -> int:
    """Run the parts in order; the exit code is that of the first one that fails."""
    passed = skipped = 0
    for title, command, folder in PARTS:
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
        last = ""
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if re.search(r"\d+ (passed|failed)", line):
                last = line
        code = process.wait()
        print(f"-- {title}: {time.monotonic() - begin:.0f} s", flush=True)
        if code:
            return code
        passed += sum(int(n) for n in re.findall(r"(\d+) passed", last))
        skipped += sum(int(n) for n in re.findall(r"(\d+) skipped", last))
    print(f"{passed} passed, 0 failed, {skipped} skipped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
