"""Bodies agree in the browser: from sending to the seal, with a refusal; a round that moved on; a phone. Rules: docs/spec/approval.md."""

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.approving import Procedure, begin_step, go_on, open_panel, row_of
from tests.browser.conftest import Sit
from tests.browser.pages import ActPage
from tests.server_process import ServerProcess

REFUSAL = "Не враховано витрат бізнесу 💶"
WITHDRAWN = "Ґрунтовно переробимо: завдання змінено 🗂"
SIGNATURE = bytes.fromhex("3082010006092a864886f70d010702") + b"\x00" * 64


@pytest.fixture
def procedure(server: ServerProcess) -> Procedure:
    """A draft whose two bodies can sign."""
    return Procedure.make(server)


def test_a_revision_is_sent_refused_answered_agreed_and_shown_stale_where_it_changed(sit: Sit, procedure: Procedure) -> None:
    lead = sit("drafter-mvs").new_page()
    open_panel(lead, procedure.act)
    lead.get_by_role("button", name="Надіслати на погодження").click()
    dialog = lead.get_by_role("dialog", name="Надіслати на погодження")
    dialog.get_by_role("button", name="Мінфін: лише окремі положення").click()
    dialog.get_by_role("combobox", name="Мінфін: додати положення").fill("Стаття 4")
    lead.get_by_role("option").first.click()
    dialog.get_by_text("Міністерство цифрової трансформації").click()
    dialog.get_by_role("button", name="Надіслати", exact=True).click()
    expect(row_of(lead, "Мінфін")).to_contain_text("Очікуємо відповіді")

    minfin = procedure.seat(sit(None), "minfin").new_page()
    minfin.goto("/")
    expect(minfin.get_by_role("link", name="Головна")).to_contain_text("чекає 1 справа")
    card = minfin.get_by_role("list", name="Чекає на мене").get_by_role("listitem")
    expect(card).to_contain_text("лишилося 10 робочих днів")
    card.get_by_role("link", name="Висловити позицію").click()
    for heading in ("Що змінилося", "Зауваження", "Позиція"):
        go_on(minfin, heading)
    minfin.get_by_text("Погоджено без зауважень").click()
    go_on(minfin, "Підтвердження")
    expect(minfin.locator(".z-position-final")).to_contain_text("редакцію № 1")
    minfin.get_by_role("button", name="Підтвердити позицію").click()
    expect(row_of(minfin, "Мінфін")).to_contain_text("Погоджено без зауважень")
    with minfin.expect_file_chooser() as chooser:
        row_of(minfin, "Мінфін").get_by_role("button", name="Додати підпис .p7s").click()
    chooser.value.set_files(FilePayload(name="позиція.p7s", mimeType="application/pkcs7-signature", buffer=SIGNATURE))
    expect(row_of(minfin, "Мінфін").get_by_role("list", name="Підписи")).to_contain_text("не перевірено")

    sent = procedure.lead.get(f"/acts/{procedure.act}/rounds/1")
    procedure.state("mineconomy", 1, {"hash": sent["revision_hash"]}, "REFUSED", REFUSAL)
    expect(row_of(lead, "Мінекономіки")).to_contain_text("Не погоджено")  # nobody reloads the page
    row_of(lead, "Мінекономіки").locator("summary").click()
    expect(row_of(lead, "Мінекономіки")).to_contain_text(REFUSAL)
    row_of(lead, "Мінекономіки").get_by_role("button", name="Розглянути зауваження").click()
    expect(lead.get_by_role("article").filter(has_text=REFUSAL)).to_be_visible()

    writing = ActPage(sit("drafter-mvs"), procedure.act).open().wait_state("saved")
    writing.put_caret(procedure.articles[3]).type(" Виняток: смуги для велосипедів.")
    writing.wait_state("saved")
    procedure.freeze()
    open_panel(lead, procedure.act)
    expect(row_of(lead, "Мінфін")).to_contain_text("втратила чинність")
    expect(row_of(lead, "Мінфін").get_by_role("list", name="Через що")).to_contain_text("Стаття 4")
    expect(row_of(lead, "Мінфін").get_by_role("link", name="Лише зміни від редакції № 1")).to_be_visible()
    lead.goto("/acts")
    expect(lead.get_by_role("row").filter(has=lead.locator(f"a[href='/acts/{procedure.act}']"))).to_contain_text("2 з 2")


def test_A9_a_round_that_ended_takes_nothing_that_was_written_and_leads_to_the_next_one(sit: Sit, procedure: Procedure) -> None:
    first = procedure.freeze()
    number = procedure.send(first, "minfin", "mineconomy")
    page = procedure.seat(sit(None), "minfin").new_page()
    page.goto(f"/acts/{procedure.act}/position?round={number}")
    expect(page.get_by_role("heading", name="Про що запитують")).to_be_visible()
    for heading in ("Що змінилося", "Зауваження"):
        go_on(page, heading)
    page.get_by_role("button", name="Додати зауваження").click()
    page.get_by_role("textbox", name="Суть зауваження").fill(REFUSAL)
    go_on(page, "Позиція")
    page.get_by_text("Не погоджено").click()
    go_on(page, "Підтвердження")

    procedure.state("minfin", number, first)  # a colleague was faster, and the lead has gone on
    procedure.state("mineconomy", number, first)
    second = procedure.freeze()
    next_number = procedure.send(second, "minfin")
    page.get_by_role("button", name="Підтвердити позицію").click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("Орган уже висловив позицію в цьому раунді")
    expect(told).to_contain_text("Ви читали редакцію № 1, тепер найновіша № 2")
    expect(told).to_contain_text("збережено на цьому пристрої")
    expect(page.get_by_role("link", name="Показати, що змінилося")).to_be_visible()
    page.get_by_role("link", name=f"Перейти до раунду {next_number}").click()
    expect(page.get_by_text("Збережено те, що ви почали писати раніше")).to_be_visible()
    for heading in ("Що змінилося", "Зауваження"):
        go_on(page, heading)
    expect(page.get_by_role("textbox", name="Суть зауваження")).to_have_value(REFUSAL)
    go_on(page, "Позиція")
    go_on(page, "Підтвердження")
    page.get_by_role("button", name="Підтвердити позицію").click()
    expect(row_of(page, "Мінфін")).to_contain_text("Не погоджено")
    page.goto(f"/acts/{procedure.act}/position?round={next_number}")
    expect(page.get_by_role("heading", name="Зараз від вас не чекають позиції")).to_be_visible()


def test_a_signatory_agrees_on_a_phone_and_the_lead_seals_by_typing_the_revision(sit: Sit, procedure: Procedure) -> None:
    revision = procedure.freeze()
    number = procedure.send(revision, "minfin", "mineconomy")
    phone = procedure.seat(sit(None, phone=True), "minfin").new_page()
    phone.goto("/waiting")
    phone.get_by_role("link", name="Висловити позицію").tap()
    for _ in range(3):
        phone.get_by_role("button", name="Далі").tap()
    phone.get_by_text("Погоджено без зауважень").tap()
    phone.get_by_role("button", name="Далі").tap()
    button = phone.get_by_role("button", name="Підтвердити позицію")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page scrolls sideways"
    button.tap()
    expect(row_of(phone, "Мінфін")).to_contain_text("Погоджено без зауважень")

    procedure.state("mineconomy", number, revision)
    procedure.step("declare_emergency", reason="Загроза життю людей")
    procedure.step("submit", revision=revision["number"])
    procedure.step("adopt")
    lead = sit("drafter-mvs").new_page()
    dialog, seal = begin_step(lead, procedure.act, "Засвідчити підписання")
    dialog.get_by_role("textbox").fill(str(revision["number"]))
    seal.click()
    expect(lead.get_by_text("У тексті більше нічого не зміниться, навіть кома")).to_be_visible()
    lead.reload()
    expect(lead.locator(".ProseMirror")).to_have_attribute("contenteditable", "false")


def test_a_draft_that_is_withdrawn_takes_no_position_and_says_why(sit: Sit, procedure: Procedure) -> None:
    number = procedure.send(procedure.freeze(), "minfin", "mineconomy")
    minfin = procedure.seat(sit(None), "minfin").new_page()
    minfin.goto(f"/acts/{procedure.act}/position?round={number}")
    for heading in ("Що змінилося", "Зауваження", "Позиція"):
        go_on(minfin, heading)
    minfin.get_by_text("Погоджено без зауважень").click()
    go_on(minfin, "Підтвердження")

    lead = sit("drafter-mvs").new_page()
    dialog, withdraw = begin_step(lead, procedure.act, "Відкликати проєкт")
    dialog.get_by_role("textbox").fill(WITHDRAWN)
    withdraw.click()
    expect(lead.locator(".z-approval-state")).to_contain_text("відкликано", ignore_case=True)
    expect(lead.get_by_role("button", name="Надіслати на погодження")).to_have_count(0)
    lead.locator(".z-approval").get_by_text("Що відбувалося").click()
    expect(lead.locator(".z-approval")).to_contain_text(WITHDRAWN)

    minfin.get_by_role("button", name="Підтвердити позицію").click()
    told = minfin.get_by_role("alert")
    expect(told).to_contain_text("відклика", ignore_case=True)
    expect(told).to_contain_text("збережено на цьому пристрої")
    minfin.goto("/waiting")
    expect(minfin.locator(f"a[href*='{procedure.act}']")).to_have_count(0)
