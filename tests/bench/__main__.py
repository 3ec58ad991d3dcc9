"""`make bench`: every measurement, one after another, as Markdown."""

import asyncio
import platform

from tests.bench import guard, keystroke, paper, proposals, records, reviewing, transport
from tests.bench.peers.__main__ import main as measure_peers


def main() -> None:
    """Print the tables with the machine they were made on."""
    print(f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}\n")
    print("\n".join(guard.measure()), end="\n\n", flush=True)
    print("\n".join(asyncio.run(paper.measure())), end="\n\n", flush=True)
    print("\n".join(keystroke.measure()), end="\n\n", flush=True)
    print("\n".join(proposals.measure()), end="\n\n", flush=True)
    print("\n".join(records.measure()), end="\n\n", flush=True)
    print("\n".join(reviewing.measure()), end="\n\n", flush=True)
    print("\n".join(asyncio.run(transport.measure())), end="\n\n", flush=True)
    measure_peers([])


if __name__ == "__main__":
    main()
