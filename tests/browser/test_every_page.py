"""Every page, desktop and phone, light and dark, in both languages: WCAG 2.2 AA, no script error, no text wider than the screen."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.acts import SharedAct
from tests.browser.approving import Procedure
from tests.browser.people import Person
from tests.browser.places import PLACES, Place
from tests.server_process import ROOT, ServerProcess

AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
_WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
_EVERYTHING = {"runOnly": {"type": "tag", "values": _WCAG}}
_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
_RUN = """async (options) => (await axe.run(document, { ...options, resultTypes: ["violations"] })).violations.map(({ id, nodes }) => ({
  id,
  places: nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)}: ${failureSummary}`),
}))"""
_TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def act(server: ServerProcess) -> SharedAct:
    """A draft to look at; of a kind that is sent without an explanatory note."""
    return SharedAct.make(server, ("drafter-minjust", "drafter"), ("reviewer-minfin", "reviewer"), kind="other")


@pytest.fixture(scope="module")
def asked(server: ServerProcess) -> str:
    """An act that bodies are asked about."""
    return Procedure.asked_and_refused(server).act


def violations(page: Page, options: dict[str, Any] = _EVERYTHING) -> list[dict[str, Any]]:  # Any: options and results of axe
    """What axe finds against WCAG 2.2 A and AA; the page's policy must be bypassed by its context."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=AXE)
    found: list[dict[str, Any]] = page.evaluate(_RUN, options)
    return found


@pytest.mark.parametrize("locale", ["uk", "en"])
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_no_page_breaks_wcag_or_the_width_of_the_screen_in_light_and_dark(
    browser: Browser, server: ServerProcess, act: SharedAct, asked: str, phone: bool, locale: str
) -> None:
    wrong: dict[str, object] = {}
    for demo in dict.fromkeys(place.demo for place in PLACES):
        person = Person(browser, server, demo, phone=phone, bypass_csp=True, reduced_motion="reduce")
        person.speak(locale)
        page = person.new_page()
        for place in PLACES:
            if place.demo == demo:
                wrong |= _look_at(page, place, act.id, asked)
        person.leave()
    assert wrong == {}


def _look_at(page: Page, place: Place, act: str, asked: str) -> dict[str, object]:
    page.emulate_media(color_scheme="light")
    place.open(page, act, asked)
    found: dict[str, object] = {place.name: violations(page)}
    page.emulate_media(color_scheme="dark")
    found[f"{place.name}, dark"] = violations(page, _COLOURS)  # nothing but colours depends on the theme
    found[f"{place.name}, too wide"] = page.evaluate(_TOO_WIDE)
    return {name: wrong for name, wrong in found.items() if wrong}
