"""What a drafter waits for in Chromium: opening an act of 3,000 units, and each letter typed in the middle of it, alone or in company."""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.keyboard import Keyboard
from tests.browser.pages import ActPage
from tests.browser.people import Person, launch
from tests.server_process import ServerProcess

UNITS = 3_000
LETTERS = "Кабінет Міністрів України постановляє внести зміни до цього акта "
KEYS = 200
PAUSE_MS = 40
"""A fast typist: 25 letters a second."""

_WATCH_OPENING = """
const look = () => {
  if (document.querySelector('.ProseMirror[contenteditable="true"] [data-bid]') === null) return void requestAnimationFrame(look);
  requestAnimationFrame(() => setTimeout(() => { window.openedAt = performance.now(); }));
};
requestAnimationFrame(look);
"""
_WATCH_KEYS = """() => {
  window.keys = [];
  let key = null;
  addEventListener("keydown", (event) => { key = { at: event.timeStamp, begun: performance.now() }; }, { capture: true });
  const end = () => {  // the browser writes most letters itself and says "input"; those that the editor puts in end with the key
    if (key === null) return;
    const done = key;
    key = null;
    done.script = performance.now() - done.begun;  // the editor's own work is done: it runs in a microtask before listeners that bubble
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.keys.push([done.script, performance.now() - done.at]);
      port2.postMessage(null);  // the first task after the frame was drawn
    });
  };
  addEventListener("input", end);
  addEventListener("keypress", (event) => { if (event.defaultPrevented) queueMicrotask(end); });
}"""

_FILL = """(texts) => {
  const main = document.querySelector("main");
  main.append(...texts.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
  main.focus();
  const middle = main.children[main.children.length >> 1];
  middle.scrollIntoView();
  getSelection().collapse(middle.firstChild, middle.firstChild.length);
}"""


def watch_keys(page: Page) -> None:
    """From now on `window.keys` has, for each letter, milliseconds of script and from the key to the drawn frame."""
    page.evaluate(_WATCH_KEYS)


def act_of(units: int) -> bytes:
    """An act as Markdown: articles of nine numbered parts each."""
    lines = ["# Про великий закон", *(_unit(number) for number in range(units - 1))]
    return "\n\n".join(lines).encode()


def _unit(number: int) -> str:
    article, part = divmod(number, 10)
    if part == 0:
        return f"Стаття {article + 1}. Повноваження органу"
    return f"{part}. Центральний орган виконавчої влади забезпечує 😀 виконання завдання {number} у порядку, установленому законом."


def measure() -> list[str]:
    """Lines of a Markdown table."""
    with tempfile.TemporaryDirectory() as folder, ServerProcess(Path(folder)) as server, sync_playwright() as playwright:
        browser = launch(playwright)
        lead = server.sign_in("drafter-mvs")
        act = lead.import_act("великий.md", act_of(UNITS), title="Великий акт", kind="other", numbering="automatic")
        lead.grant(act, server.sign_in("drafter-minjust").me(), "drafter")
        bids = [unit["bid"] for unit in lead.text(act)]
        lines = _measure_act(browser, server, act, bids)
        bare = _type_bare(browser)
        browser.close()
    return [*lines, *_row("the same paragraphs in a page without any program: a letter", bare)]


def _type_bare(browser: Browser) -> list[tuple[float, float]]:
    """What the browser alone takes on this machine: the same paragraphs, editable, with nobody listening."""
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    page.set_content("<body style='overflow-y: scroll'><main contenteditable style='white-space: pre-wrap; width: 46em'></main>")
    page.evaluate(_FILL, [_unit(number) for number in range(UNITS - 1)])
    watch_keys(page)
    keys = _type(page)
    page.close()
    return keys


def _measure_act(browser: Browser, server: ServerProcess, act: str, bids: list[str]) -> list[str]:
    person = Person(browser, server, "drafter-mvs")
    person.context.add_init_script(_WATCH_OPENING)
    opened = [_open(person, act) for _ in range(5)]
    page = opened[-1][1]
    page.put_caret(bids[len(bids) // 2])
    watch_keys(page.page)
    busy = _MainThread(page.page)
    alone = _type(page.page)
    own = busy.lap() / KEYS
    colleague = ActPage(Person(browser, server, "drafter-minjust"), act).open().wait_state("saved")
    colleague.put_caret(bids[len(bids) // 2 + 3])
    together = _type(page.page, colleague.page)
    remote = _remote_cost(page.page, colleague.page)
    times = [seconds for seconds, _ in opened[:-1]]
    return [
        f"| an act of {len(bids)} units, Chromium | median | p95 |",
        "|---|---:|---:|",
        f"| from the address to a text one can type in, ms | {statistics.median(times):.0f} | {max(times):.0f} |",
        f"| main thread per letter, processor ms | {own:.1f} | |",
        *_row("a letter", alone),
        *_row("a letter while a colleague types three units below", together),
        f"| main thread per letter of a colleague, processor ms | {remote:.1f} | |",
    ]


def press(keyboard: Keyboard, number: int) -> None:
    """One letter after another of a sentence."""
    keyboard.press(LETTERS[number % len(LETTERS)])


def _open(person: Person, act: str) -> tuple[float, ActPage]:
    """Milliseconds since the navigation began until the first frame with a text that takes keys. The first time is cold."""
    page = ActPage(person, act)
    page.page.goto(f"/acts/{act}")
    # Not `expect`: each time it looks in vain it reads the whole page for its report, half a second of what is measured.
    page.page.wait_for_function("() => window.openedAt !== undefined")
    return float(page.page.evaluate("window.openedAt")), page.wait_state("saved")


def _type(page: Page, colleague: Page | None = None) -> list[tuple[float, float]]:
    """For each letter: milliseconds of script, and from the key to the drawn frame."""
    page.evaluate("window.keys.length = 0")
    mine, theirs = Keyboard(page), None if colleague is None else Keyboard(colleague)
    for number in range(KEYS):
        press(mine, number)
        if theirs is not None:
            press(theirs, number)
        page.wait_for_timeout(PAUSE_MS)
    return [(script, frame) for script, frame in page.evaluate("window.keys")]


def _row(what: str, keys: list[tuple[float, float]]) -> list[str]:
    rows = (("script, ms", [script for script, _ in keys]), ("from the key to the drawn frame, ms", [frame for _, frame in keys]))
    return [f"| {what}: {name} | {statistics.median(values):.1f} | {statistics.quantiles(values, n=20)[-1]:.1f} |" for name, values in rows]


class _MainThread:
    """Processor time of a tab's main thread: what a letter costs, however long the screen or another program is waited for."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self._before = self._read()

    def lap(self) -> float:
        """Milliseconds since the beginning or the lap before."""
        before, self._before = self._before, self._read()
        return self._before - before

    def _read(self) -> float:
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        return 1000 * float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))


def _remote_cost(page: Page, colleague: Page) -> float:
    """Main thread milliseconds that a letter of a colleague takes in a tab that only shows it."""
    busy, theirs = _MainThread(page), Keyboard(colleague)
    for number in range(KEYS):
        press(theirs, number)
        colleague.wait_for_timeout(PAUSE_MS)
    return busy.lap() / KEYS


if __name__ == "__main__":
    print("\n".join(measure()))
