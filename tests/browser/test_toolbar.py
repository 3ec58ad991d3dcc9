"""The tools of an act without a mouse."""

from playwright.sync_api import expect

from tests.browser.acts import SharedAct
from tests.browser.conftest import Sit
from tests.browser.pages import ActPage
from tests.server_process import ServerProcess

TABLE = "# Про показники\n\n| Показник ґ | Значення 😀 |\n|---|---|\n| Звернення | 10 |\n"


def test_the_toolbar_is_reached_walked_and_left_by_keys(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server)
    page = ActPage(sit("drafter-mvs"), act.id).open().wait_state("saved")
    page.put_caret(act.articles[1]).press("Alt+F10")
    toolbar = page.page.get_by_role("toolbar", name="Засоби редагування")
    expect(toolbar.get_by_role("button", name="Вид одиниці")).to_be_focused()
    page.press("ArrowRight").press("ArrowRight").press("Enter")
    expect(page.editor).to_be_focused()
    expect(page.page.locator(f'[data-bid="{act.articles[1]}"]')).to_have_attribute("data-kind", "part")
    page.type(" Далі ґ.").wait_state("saved")
    assert page.block(act.articles[1]).text.endswith(" Далі ґ.")


def test_a_table_is_scrolled_by_keys_where_the_caret_cannot_go(sit: Sit, server: ServerProcess) -> None:
    lead = server.sign_in("drafter-mvs")
    act = lead.import_act("таблиця.md", TABLE.encode(), title="Про показники", kind="postanova", numbering="automatic")
    page = ActPage(sit("drafter-mvs", phone=True), act).open()
    table = page.page.get_by_role("group", name="Таблиця")
    expect(table).to_have_attribute("tabindex", "0")
    page.page.get_by_role("button", name="Редагувати").click()
    expect(page.page.locator(".act-table")).not_to_have_attribute("tabindex", "0")
