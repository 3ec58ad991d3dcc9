"""`kill -9` of the real server under load from real providers, again and again: nothing that was told to be saved is lost (P1)."""

import random
import re
import sys
import threading
from pathlib import Path

from tests.interop.conftest import FAST, make_site
from tests.interop.node import Browsers
from tests.server_process import ServerProcess, wait_for

KILLS = 30
WORD = re.compile("⟦([^⟧]+)-([0-9]+)⟧")


class Watch:
    """Counts the "saved" messages of all clients, so that a kill comes in the middle of the work."""

    def __init__(self) -> None:
        self._more = threading.Condition()
        self._count = 0

    def saved(self, _name: str) -> None:
        with self._more:
            self._count += 1
            self._more.notify_all()

    def wait_for_more(self, count: int) -> None:
        """Return as soon as `count` more have come."""
        with self._more:
            target = self._count + count
            assert self._more.wait_for(lambda: self._count >= target, timeout=60), "no edit was saved for a minute"


def words(text: str) -> set[str]:
    found = [f"{name}-{number}" for name, number in WORD.findall(text)]
    assert len(found) == len(set(found)), "a word is there twice"
    return set(found)


def test_P1_thirty_kills_under_load_lose_no_edit_that_was_told_to_be_saved(tmp_path: Path) -> None:
    seed = random.randrange(1_000_000)
    chance = random.Random(seed)
    sys.stdout.write(f"seed {seed}\n")  # shown by pytest when it fails
    server = ServerProcess(tmp_path, environment=FAST)
    server.start()
    watch = Watch()
    with Browsers() as browsers:
        site = make_site(server)
        browsers.on_saved = watch.saved
        names = ["олена", "петро", "ганна"]
        for place, name in enumerate(names):
            token = (site.lead if place % 2 == 0 else site.drafter).token
            browsers.open(name, "hocuspocus", server.sync_url, site.act, token)
        browsers.open("сток", "y-websocket", server.sync_url, site.act, site.drafter.token)
        for name in [*names, "сток"]:
            browsers.ask("type", name=name, every=40)
        for round_number in range(KILLS):
            watch.wait_for_more(chance.randrange(1, 12))
            server.kill()
            promised = {f"{name}-{number}" for name in names for number in range(1, browsers.saved.get(name, 0) + 1)}
            server.start()
            lost = promised - words(site.text())
            assert not lost, f"seed {seed}, kill {round_number}: told to be saved and gone: {sorted(lost)}"
        typed = {name: browsers.ask("stop", name=name)["typed"] for name in [*names, "сток"]}
        everything = {f"{name}-{number}" for name, count in typed.items() for number in range(1, count + 1)}
        wait_for("every word to be on disk", lambda: words(site.text()) == everything, timeout_s=60)
        wait_for("all to hold one text", lambda: len({browsers.text(name) for name in typed} | {site.text()}) == 1)
    assert server.stop() == 0
