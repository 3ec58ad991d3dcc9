"""Legal staff read what changed: four ways to read it, every change by a link, nothing by colour alone."""

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.acts import ARTICLES, SharedAct
from tests.browser.conftest import Sit
from tests.browser.pages import ActPage
from tests.server_process import ServerProcess

TYPED = "Уточнення ґ 😀. "


def changed_act(sit: Sit, server: ServerProcess) -> tuple[SharedAct, Page]:
    """An act whose first and last articles are no longer as they were imported, open with its drafter."""
    act = SharedAct.make(server)
    drafter = ActPage(sit("drafter-mvs"), act.id).open().wait_state("saved")
    drafter.put_caret(act.articles[0], 0).type(TYPED)
    drafter.put_caret(act.articles[3]).type(" Винятки визначає закон.")
    drafter.wait_state("saved")
    return act, drafter.page


def test_what_was_typed_stands_in_the_comparison_and_every_change_has_a_link(sit: Sit, server: ServerProcess) -> None:
    _, page = changed_act(sit, server)
    page.get_by_role("link", name="Порівняти").click()
    expect(page.locator(".z-redline ins")).to_have_text(
        [f"додано: {TYPED.rstrip()} ", "додано:  Винятки визначає закон."], use_inner_text=False
    )
    expect(page.locator(".z-redline del")).to_have_count(0)
    expect(page.get_by_role("status").get_by_text("2 зміни")).to_be_visible()

    page.keyboard.press("n")
    page.keyboard.press("n")
    current = page.locator(".z-redline [data-current]")
    expect(current).to_contain_text("Винятки визначає закон")
    expect(current).to_be_focused()
    page.reload()  # the address says which change was in sight
    expect(page.locator(".z-redline [data-current]")).to_contain_text("Винятки визначає закон")
    page.keyboard.press("p")
    expect(page.locator(".z-redline [data-current]")).to_contain_text(TYPED.strip())

    for view, holder in (("Поруч", ".z-sides"), ("Таблиця", ".z-paper"), ("Було / стало", ".z-linear")):
        page.get_by_role("radio", name=view).click()
        expect(page.locator(f"{holder} ins")).to_have_count(2)
    page.get_by_role("radio", name="Правки").click()
    page.locator(".z-kinds [data-kind=replaced]").click()
    expect(page.get_by_text("Показувати нічого")).to_be_visible()


def test_a_file_of_ones_own_is_compared_whole_in_every_view(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server)
    exported = act.lead.export(act.id, "md")
    file = exported.replace("залізницею", "автомобілями") + "\n\nСтаття 5. Їжаки переходять дорогу першими 🦔.\n"
    page = sit("drafter-mvs").new_page()
    page.goto(f"/acts/{act.id}/compare?from=live&to=file")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Вибрати файл").click()
    chooser.value.set_files(FilePayload(name="мій.md", mimeType="text/markdown", buffer=file.encode()))
    expect(page.locator(".z-row-changed")).to_have_count(2)
    expect(page.locator(".z-compare-names")).to_have_text("Чернетка зараз → мій.md")
    page.get_by_role("radio", name="Таблиця").click(force=True)
    rows = page.locator(".z-paper tbody tr[id]")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("автомобілями")
    expect(rows.nth(1)).to_contain_text("Їжаки")
    widths = page.locator(".z-paper thead th").evaluate_all("cells => cells.map((cell) => Math.round(cell.getBoundingClientRect().width))")
    assert abs(widths[0] - widths[1]) <= 1


def test_in_english_the_sides_have_english_names(sit: Sit, server: ServerProcess) -> None:
    act, _ = changed_act(sit, server)
    person = sit("drafter-mvs", locale="en-GB")
    person.speak("en")
    page = person.new_page()
    page.goto(f"/acts/{act.id}/compare?from=0&to=live&view=sides")
    expect(page.locator(".z-sides-head")).to_contain_text("Revision 0 of ")
    expect(page.locator(".z-sides-head")).to_contain_text("The draft now")
    expect(page.locator(".z-compare-names")).not_to_contain_text("текст")


def test_on_a_phone_changes_stand_one_below_the_other_as_before_and_after(sit: Sit, server: ServerProcess) -> None:
    act, _ = changed_act(sit, server)
    page = sit("drafter-mvs", phone=True).new_page()
    page.goto(f"/acts/{act.id}/compare")
    first = page.locator(".z-linear > li").first
    expect(first.locator("dd").first).to_have_text(ARTICLES[0])
    expect(first.locator("dd ins")).to_contain_text(TYPED.strip())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"


def test_equal_texts_and_acts_without_revisions_say_so(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server)
    page = sit("drafter-mvs").new_page()
    page.goto(f"/acts/{act.id}/compare?from=base&to=base")
    expect(page.get_by_role("heading", name="Тексти однакові")).to_be_visible()
    page.goto(f"/acts/{act.id}/compare?from=77")
    expect(page.locator(".z-banner")).to_be_visible()
