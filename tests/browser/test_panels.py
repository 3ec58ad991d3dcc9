"""What stands around the text: beside it on a desktop, a drawer where it is narrow, on a phone a sheet that is pulled."""

import re

from playwright.sync_api import CDPSession, Page, expect

from tests.browser.acts import SharedAct
from tests.browser.conftest import Sit
from tests.browser.pages import ActPage
from tests.server_process import ServerProcess, wait_for

SHOW = "Показати бічну панель"


def pull(touch: CDPSession, page: Page, by: int) -> None:
    """Put a finger on the head of the sheet and move it `by` CSS pixels down, a negative number up."""
    head = page.locator(".z-snap-zone").bounding_box()
    assert head is not None
    x, y = head["x"] + head["width"] / 2, head["y"] + 10
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 6):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y + by * step / 5}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_panel_stands_beside_the_text_and_its_address_opens_it_again(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server)
    page = ActPage(sit("drafter-mvs"), act.id).open().wait_state("saved").page
    page.get_by_role("tab", name="Про акт").click()
    expect(page).to_have_url(re.compile("panel=about"))
    side = page.get_by_role("complementary", name="Панелі акта")
    expect(side).to_contain_text("Учасники акта")
    text, panel = page.locator(".ProseMirror").bounding_box(), side.bounding_box()
    assert text is not None
    assert panel is not None
    assert text["x"] + text["width"] <= panel["x"], "beside the text, not over it"
    page.reload()
    expect(side).to_contain_text("Учасники акта")
    page.get_by_role("button", name="Сховати бічну панель").click()
    expect(side).to_be_hidden()


def test_between_phone_and_desktop_it_is_a_drawer_that_escape_closes(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server)
    page = ActPage(sit("drafter-mvs", viewport={"width": 1000, "height": 800}), act.id).open().wait_state("saved").page
    drawer = page.get_by_role("dialog", name="Панелі акта")
    expect(drawer).to_be_hidden()
    page.get_by_role("button", name=SHOW).click()
    expect(drawer.get_by_role("tab", name="Про акт")).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()


def test_on_a_phone_the_sheet_is_pulled_to_full_to_half_and_away(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server)
    person = sit("drafter-mvs", phone=True)
    page = ActPage(person, act.id).open().wait_state("saved").page
    page.get_by_role("button", name=SHOW).tap()
    touch = person.context.new_cdp_session(page)
    sheet = page.locator(".z-modal")
    wait_for("the sheet at half", lambda: 0.5 < height_of(page) < 0.6)
    pull(touch, page, -200)
    wait_for("the sheet at full", lambda: height_of(page) > 0.9)
    pull(touch, page, 200)
    wait_for("the sheet at half again", lambda: 0.5 < height_of(page) < 0.6)
    pull(touch, page, 200)
    expect(sheet).to_be_hidden()


def height_of(page: Page) -> float:
    """Of what is seen of the sheet, as a share of the screen; -1 while it still moves."""
    return float(
        page.evaluate(
            """() => {
              const sheet = document.querySelector(".z-modal");
              if (sheet === null || sheet.getAnimations().length > 0) return -1;
              return 1 - sheet.getBoundingClientRect().top / innerHeight;
            }"""
        )
    )
