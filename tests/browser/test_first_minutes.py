"""The first five minutes of the README, walked through as a new person would; and the same act on a phone and in English."""

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.acts import SharedAct, markdown_of
from tests.browser.conftest import Sit
from tests.browser.pages import ActPage, SignInPage
from tests.server_process import ServerProcess, wait_for


def test_the_first_five_minutes_sign_in_create_invite_and_write_together(sit: Sit, server: ServerProcess) -> None:
    door = SignInPage(sit(None)).open()
    door.sign_in_demo("Розробниця МВС")
    expect(door.page.get_by_role("heading", name="Вітаємо", level=1)).to_be_visible()  # the page to sign in has a heading, too

    door.page.goto("/acts/new")
    door.page.get_by_role("textbox").first.fill("Про перші п'ять хвилин 🕔")
    door.page.get_by_role("button", name=re.compile("Створити")).click()
    door.page.wait_for_url(re.compile(r"/acts/[0-9a-f]{32}"))
    act_id = re.findall(r"/acts/([0-9a-f]{32})", door.page.url)[0]
    here = ActPage(door.person, act_id, door.page).wait_shown().wait_state("saved")

    lead = server.sign_in("drafter-mvs")
    lead.grant(act_id, server.sign_in("drafter-minjust").me(), "drafter")
    there = ActPage(sit("drafter-minjust"), act_id).open().wait_state("saved")
    bid = next(block.bid for block in here.blocks() if block.kind == "title")
    before = here.block(bid).text
    there.put_caret(bid).type(" (удвох)")
    here.wait_for_text(bid, before + " (удвох)")
    here.wait_state("saved")
    assert any(unit["text"] == before + " (удвох)" for unit in lead.text(act_id))


def test_a_file_is_imported_from_the_page_and_opens_with_its_articles(sit: Sit, server: ServerProcess) -> None:
    page = sit("drafter-mvs").new_page()
    page.goto("/acts/import")
    page.locator("input[type=file]").set_input_files(
        {"name": "akt.md", "mimeType": "text/markdown", "buffer": markdown_of("Імпортований акт")}
    )
    page.get_by_role("button", name="Завантажити", exact=True).click()
    expect(page.get_by_text("Акт створено")).to_be_visible()
    page.get_by_role("link", name=re.compile("Відкрити")).click()
    page.wait_for_url(re.compile(r"/acts/[0-9a-f]{32}"), timeout=30_000)
    act = ActPage(sit("drafter-mvs"), re.findall(r"/acts/([0-9a-f]{32})", page.url)[0]).open()
    assert [block.kind for block in act.blocks()].count("article") == 4


def test_a_real_law_is_imported_keeps_its_numbers_and_is_written_in(sit: Sit, server: ServerProcess, shared: Path) -> None:
    law = shared / "laws/uk/zu-2939-dostup-do-informatsii/14_2022-02-19.md"
    page = sit("drafter-mvs").new_page()
    page.goto("/acts/import")
    page.locator("input[type=file]").set_input_files(law)
    expect(page.get_by_role("radio", name="Залишити як у файлі")).to_be_checked()
    page.get_by_role("button", name="Завантажити", exact=True).click()
    expect(page.get_by_text("Акт створено")).to_be_visible()
    page.get_by_role("link", name=re.compile("Відкрити")).click()
    page.wait_for_url(re.compile(r"/acts/[0-9a-f]{32}"))
    act_id = re.findall(r"/acts/([0-9a-f]{32})", page.url)[0]
    act = ActPage(sit("drafter-mvs"), act_id, page).wait_shown().wait_state("saved")

    lead = server.sign_in("drafter-mvs")
    before = lead.text(act_id)
    article = next(unit for unit in before if unit["kind"] == "article" and unit["label"] == "Стаття 5.")
    assert act.block(article["bid"]).label == "Стаття 5."
    act.put_caret(article["bid"]).type(" ґрунтовно")
    act.wait_state("saved")
    after = lead.text(act_id)
    assert [unit["label"] for unit in after] == [unit["label"] for unit in before], "no number has changed"
    assert next(unit["text"] for unit in after if unit["bid"] == article["bid"]) == article["text"] + " ґрунтовно"


def test_on_a_phone_one_reads_first_and_a_pencil_starts_writing(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server)
    phone = ActPage(sit("drafter-mvs", phone=True), act.id).open()
    expect(phone.editor).to_have_attribute("contenteditable", "false")
    phone.page.get_by_role("button", name=re.compile("Редагувати")).tap()
    expect(phone.editor).to_have_attribute("contenteditable", "true")
    phone.put_caret(act.articles[0]).type(" з телефона")
    phone.wait_state("saved")
    assert "з телефона" in str(act.units())


def test_the_palette_goes_to_an_article_of_the_open_text_and_escape_closes_it(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server)
    page = ActPage(sit("drafter-mvs"), act.id).open().wait_state("saved")
    palette = page.page.get_by_role("dialog", name="Швидкий перехід")
    page.page.keyboard.press("Control+k")
    page.page.keyboard.type("правосторонній")
    page.page.keyboard.press("Escape")
    expect(palette).to_be_hidden()
    page.page.keyboard.press("Control+k")
    page.page.keyboard.type("стаття право")
    palette.get_by_role("menuitem", name=re.compile("^Стаття 4. Правостороній")).click()
    expect(palette).to_be_hidden()
    wait_for("the caret in the article", lambda: page.page.evaluate(_CARET_IN) == act.articles[3])


def test_the_interface_speaks_english_when_asked_and_ukrainian_again(sit: Sit) -> None:
    page = sit("auditor").new_page()  # the choice stays with the account, and nobody else of these tests sits here
    page.goto("/profile")
    page.get_by_text("English", exact=True).first.click()
    wait_for("the page in English", lambda: page.evaluate("document.documentElement.lang") == "en")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("My profile")
    page.get_by_text("Українська", exact=True).first.click()
    wait_for("the page in Ukrainian", lambda: page.evaluate("document.documentElement.lang") == "uk")


def test_an_act_opened_before_opens_without_a_server_and_can_be_written(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server)
    person = sit("drafter-mvs")
    page = ActPage(person, act.id).open().wait_state("saved")
    page.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    wait_for("everything is kept for offline work", lambda: page.page.evaluate("caches.keys().then((names) => names.length > 0)"))
    wait_for("the text is kept", lambda: page.page.evaluate(_ROWS) > 0)
    person.go_offline()
    page.page.reload()
    page.wait_shown().wait_state("offline")
    page.put_caret(act.articles[0]).type(" у потязі")
    expect(page.status).to_contain_text("не надіслано")
    person.come_back()
    page.wait_state("saved")
    assert "у потязі" in str(act.units())


_CARET_IN = """() => document.activeElement.matches(".ProseMirror")
  && getSelection().anchorNode?.parentElement.closest("[data-bid]")?.dataset.bid"""
_ROWS = """async () => new Promise((done) => {
  const open = indexedDB.open("zlahoda");
  open.onsuccess = () => {
    const all = open.result.transaction("updates").objectStore("updates").count();
    all.onsuccess = () => { open.result.close(); done(all.result); };
  };
})"""
