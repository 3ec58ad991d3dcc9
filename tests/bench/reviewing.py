"""What a reviewer waits for in Chromium with 500 proposals of their own in an act of 3,000 units, and what a drafter costs them."""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.keystroke import PAUSE_MS, UNITS, act_of, press, watch_keys
from tests.browser.keyboard import Keyboard
from tests.browser.pages import ActPage
from tests.browser.people import Person, launch
from tests.browser.proposals import change_words, new_id
from tests.browser.reviewing import ReviewPage
from tests.server_process import Client, ServerProcess

PROPOSALS = 500
KEYS = 150


def measure() -> list[str]:
    """Lines of a Markdown table."""
    with tempfile.TemporaryDirectory() as folder, ServerProcess(Path(folder)) as server, sync_playwright() as playwright:
        browser = launch(playwright)
        lead, author = server.sign_in("drafter-mvs"), server.sign_in("reviewer-minfin")
        act = lead.import_act("великий.md", act_of(UNITS), title="Великий акт", kind="other", numbering="automatic")
        lead.grant(act, author.me(), "reviewer")
        units = lead.text(act)
        _propose(author, act, units)
        lines = _measure_act(browser, server, act, units[_unit(PROPOSALS // 2, len(units))]["bid"])
        browser.close()
    return lines


def _measure_act(browser: Browser, server: ServerProcess, act: str, bid: str) -> list[str]:
    page = ReviewPage(Person(browser, server, "reviewer-minfin"), act).open().wait_state("saved")
    page.page.set_viewport_size({"width": 1440, "height": 900})
    page.page.wait_for_function(f"document.querySelectorAll('.act .sug-insertion').length >= {PROPOSALS}")
    page.put_caret(bid)
    watch_keys(page.page)
    keyboard = Keyboard(page.page)
    for number in range(KEYS):
        press(keyboard, number)
        page.page.wait_for_timeout(PAUSE_MS)
    keys = [(script, frame) for script, frame in page.page.evaluate("window.keys")]
    drafter = ActPage(Person(browser, server, "drafter-mvs"), act).open().wait_state("saved")
    drafter.put_caret(bid, 0)
    remote = _cost(page.page, drafter.page)
    return [
        f"| a reviewer with {PROPOSALS} proposals of their own in {UNITS} units, Chromium | median | p95 |",
        "|---|---:|---:|",
        _row("a letter: script, ms", [script for script, _ in keys]),
        _row("a letter: from the key to the drawn frame, ms", [frame for _, frame in keys]),
        f"| main thread per letter of a drafter, ms | {remote:.1f} | |",
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


def _cost(page: Page, drafter: Page) -> float:
    """Main thread milliseconds that a letter of a drafter takes in the reviewer's tab."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def spent() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return 1000 * float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))

    before, keyboard = spent(), Keyboard(drafter)
    for number in range(KEYS):
        press(keyboard, number)
        drafter.wait_for_timeout(PAUSE_MS)
    return (spent() - before) / KEYS


def _row(what: str, values: list[float]) -> str:
    return f"| {what} | {statistics.median(values):.1f} | {statistics.quantiles(values, n=20)[-1]:.1f} |"


if __name__ == "__main__":
    print("\n".join(measure()))
