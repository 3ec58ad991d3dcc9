"""What a drafter's letters wait for in Chromium with 500 proposals shown in an act of 3,000 units, their cards beside the text."""

import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import CDPSession, sync_playwright

from tests.bench.keystroke import PAUSE_MS, UNITS, act_of, press, watch_keys
from tests.browser.keyboard import Keyboard
from tests.browser.pages import ActPage
from tests.browser.people import Person, launch
from tests.browser.proposals import Cards, change_words, new_id
from tests.server_process import Client, ServerProcess

PROPOSALS = 500
KEYS = 150


@dataclass(frozen=True, slots=True)
class Typed:
    """For each letter milliseconds of script and from the key to the drawn frame; processor milliseconds a letter with all that follows."""

    keys: list[tuple[float, float]]
    cost_ms: float


def measure() -> list[str]:
    """Lines of a Markdown table."""
    with tempfile.TemporaryDirectory() as folder, ServerProcess(Path(folder)) as server, sync_playwright() as playwright:
        browser = launch(playwright)
        lead, colleague = server.sign_in("drafter-mvs"), server.sign_in("drafter2-mvs")
        act = lead.import_act("великий.md", act_of(UNITS), title="Великий акт", kind="other", numbering="automatic")
        lead.grant(act, colleague.me(), "drafter")
        page = ActPage(Person(browser, server, "drafter-mvs"), act).open().wait_state("saved")
        bids = [unit["bid"] for unit in lead.text(act)]
        page.page.set_viewport_size({"width": 1440, "height": 900})
        watch_keys(page.page)
        without = _type(page, bids[len(bids) // 2])
        _propose(colleague, act, lead.text(act))
        page.page.reload()
        page.wait_shown().wait_state("saved")
        Cards(page).open()
        page.page.wait_for_function(f"document.querySelectorAll('.act del[data-sug]').length >= {PROPOSALS}")
        watch_keys(page.page)
        among = _type(page, bids[_unit(PROPOSALS // 2, len(bids))])
        browser.close()
    return [
        f"| a letter in an act of {UNITS} units, Chromium | median | p95 |",
        "|---|---:|---:|",
        *_rows("no proposals", without),
        *_rows(f"{PROPOSALS} proposals shown, typed beside one", among),
    ]


def _unit(number: int, count: int) -> int:
    """The index of a unit with text that a proposal is about; one in six has one."""
    return number * (count // PROPOSALS) + 2


def _propose(author: Client, act: str, units: list[dict[str, str]]) -> None:
    for number in range(PROPOSALS):
        at = _unit(number, len(units))
        words = units[at]["text"].split()[0]
        record = {"id": new_id(), "document": act, "kind": "text", "change": change_words(units, at, words, "Інший 😀"), "version": 0}
        author.post(f"/acts/{act}/suggestions", record)


def _type(page: ActPage, bid: str) -> Typed:
    page.put_caret(bid)
    page.page.evaluate("document.getSelection().anchorNode.parentElement.scrollIntoView({ block: 'center' })")
    page.page.wait_for_timeout(1_000)
    keyboard = Keyboard(page.page)
    session = page.page.context.new_cdp_session(page.page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = _spent_ms(session)
    for number in range(KEYS):
        press(keyboard, number)
        page.page.wait_for_timeout(PAUSE_MS)
    cost = (_spent_ms(session) - before) / KEYS
    return Typed([(script, frame) for script, frame in page.page.evaluate("window.keys")], cost)


def _spent_ms(session: CDPSession) -> float:
    """Processor time of the main thread, which other work on the machine does not lengthen."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return 1000 * float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


def _rows(what: str, typed: Typed) -> list[str]:
    def row(name: str, values: list[float]) -> str:
        return f"| {what}: {name} | {statistics.median(values):.1f} | {statistics.quantiles(values, n=20)[-1]:.1f} |"

    return [
        row("script, ms", [script for script, _ in typed.keys]),
        row("from the key to the drawn frame, ms", [frame for _, frame in typed.keys]),
        f"| {what}: processor time of the main thread, ms | {typed.cost_ms:.1f} | |",
    ]


if __name__ == "__main__":
    print("\n".join(measure()))
