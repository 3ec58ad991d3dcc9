"""Pictures of every page for people to look at: `python -m tests.browser.screens FOLDER [NAME …]` (names as in places.py)."""

import itertools
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.acts import SharedAct
from tests.browser.approving import Procedure
from tests.browser.pages import ActPage
from tests.browser.people import Person, launch
from tests.browser.places import PLACES
from tests.server_process import ServerProcess


def main(folder: Path, names: list[str]) -> None:
    """Desktop and phone, light and dark, Ukrainian and English; one picture each, named so."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, ServerProcess(Path(data)) as server, sync_playwright() as playwright:
        act = SharedAct.make(server, ("drafter-minjust", "drafter"), ("reviewer-minfin", "reviewer"), kind="other")
        acts = (act.id, Procedure.asked_and_refused(server).act)
        browser = launch(playwright)
        colleague = ActPage(Person(browser, server, "drafter-minjust"), act.id).open().wait_state("saved")
        colleague.put_caret(act.articles[1], 20)
        for phone, scheme, locale in itertools.product((False, True), ("light", "dark"), ("uk", "en")):
            _take(browser, server, acts, folder, names, phone=phone, scheme=scheme, locale=locale)
        browser.close()


def _take(
    browser: Browser, server: ServerProcess, acts: tuple[str, str], folder: Path, names: list[str], *, phone: bool, scheme: str, locale: str
) -> None:
    for demo in dict.fromkeys(place.demo for place in PLACES):
        places = [place for place in PLACES if place.demo == demo and (not names or place.name in names)]
        if not places:
            continue
        person = Person(browser, server, demo, phone=phone, color_scheme=scheme, locale="uk-UA" if locale == "uk" else "en-GB")
        person.speak(locale)
        page = person.new_page()
        for place in places:
            place.open(page, *acts)
            name = f"{place.name}-{'phone' if phone else 'desktop'}-{scheme}-{locale}.png"
            _save(page, folder / name)
        person.context.close()


def _save(page: Page, path: Path) -> None:
    page.screenshot(path=path, animations="disabled")
    print(path)  # noqa: T201 - a command says what it made


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
