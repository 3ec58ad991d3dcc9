"""Behind a proxy that lets no WebSocket through, people work as everybody else, and hear nothing of it (docs/spec/sync.md, S27 to S32)."""

from collections.abc import Iterator

import pytest

from tests.browser.acts import ARTICLES, SharedAct
from tests.browser.conftest import Sit
from tests.browser.pages import ActPage, wait_until_same
from tests.browser.proxy import Proxy
from tests.server_process import ServerProcess, wait_for

_WATCH = """
window.states = [];
new MutationObserver(() => {
  const state = document.querySelector(".z-save-status")?.getAttribute("data-state");
  if (state && state !== window.states.at(-1)) window.states.push(state);
}).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-state"] });
"""
ALARMING = {"offline", "saving_stopped", "broken", "signed_out", "no_access", "set_aside"}


@pytest.fixture
def proxy(server: ServerProcess) -> Iterator[Proxy]:
    with Proxy(server.port) as running:
        yield running


def open_act(sit: Sit, proxy: Proxy, act: SharedAct, demo: str) -> ActPage:
    page = ActPage(sit(demo, base_url=proxy.url), act.id)
    page.page.add_init_script(_WATCH)
    return page.open()


def assert_calm(*pages: ActPage) -> None:
    """The line about saving has said nothing that would frighten somebody."""
    for page in pages:
        states = page.page.evaluate("window.states")
        assert not ALARMING & set(states), states


def test_S31_two_people_edit_without_websockets_and_come_back_to_them_by_themselves(sit: Sit, server: ServerProcess, proxy: Proxy) -> None:
    act = SharedAct.make(server, ("drafter-minjust", "drafter"))
    proxy.mode = "refuse"
    here, there = (open_act(sit, proxy, act, demo).wait_state("saved") for demo in ("drafter-mvs", "drafter-minjust"))
    assert proxy.refused >= 2
    assert proxy.web_sockets == 0
    here.put_caret(act.articles[0]).type(" Ґанок 🏡")
    there.wait_for_text(act.articles[0], ARTICLES[0] + " Ґанок 🏡")
    there.put_caret(act.articles[1], 0).type("Так. ")
    here.wait_for_text(act.articles[1], "Так. " + ARTICLES[1])
    wait_until_same(here, there, units=act.units)

    proxy.mode = "let"
    for page in (here, there):
        page.page.evaluate("dispatchEvent(new Event('online'))")  # as a browser says when it has joined another network
    wait_for("WebSockets", lambda: proxy.web_sockets == 2)
    here.put_caret(act.articles[2]).type(" Знову.")
    there.wait_for_text(act.articles[2], ARTICLES[2] + " Знову.")
    wait_until_same(here, there, units=act.units)
    assert_calm(here, there)

    proxy.mode = "refuse"
    proxy.cut()
    here.put_caret(act.articles[3]).type(" І далі.")
    there.wait_for_text(act.articles[3], ARTICLES[3] + " І далі.")
    wait_until_same(here, there, units=act.units)
    assert proxy.web_sockets == 0


def test_S31_a_websocket_that_opens_and_stays_silent_is_given_up(sit: Sit, server: ServerProcess, proxy: Proxy) -> None:
    act = SharedAct.make(server)
    proxy.mode = "swallow"
    page = open_act(sit, proxy, act, "drafter-mvs").wait_state("saved")
    assert proxy.refused == 1
    page.put_caret(act.articles[0]).type(" Слово.")
    wait_until_same(page, units=act.units)
    assert_calm(page)
