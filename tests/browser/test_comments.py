"""Comments as people use them, in real browsers. Rules: docs/spec/suggestions.md, C1 to C8 and Z1 to Z4."""

from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.browser.acts import ARTICLES, SharedAct
from tests.browser.conftest import Sit
from tests.browser.pages import ActPage
from tests.browser.threads import Spot, Threads, put_thread
from tests.server_process import Client, ServerProcess, wait_for

FIRST = "єдиний порядок дорожнього руху 🚦"


@pytest.fixture
def act(server: ServerProcess) -> SharedAct:
    """A fresh act with a second drafter and a reviewer and signatory of Мінфін."""
    return SharedAct.make(server, ("drafter-minjust", "drafter"), ("reviewer-minfin", "reviewer"))


def speaker(server: ServerProcess, act: SharedAct) -> Client:
    """The reviewer, named by the administrator of Мінфін as one who speaks for it."""
    server.add_user(f"admin-{act.id[-8:]}@example.gov.ua", "Адміністратор", "minfin", "довгий пароль 😀", "body_admin")
    admin = Client(server.url)
    admin.token = admin.post("/session", {"email": f"admin-{act.id[-8:]}@example.gov.ua", "password": "довгий пароль 😀", "token": True})[
        "token"
    ]
    reviewer = server.sign_in("reviewer-minfin")
    admin.put(f"/acts/{act.id}/releasers/{reviewer.me()}", {})
    return reviewer


def threads_of(sit: Sit, demo: str, act: SharedAct, *, phone: bool = False) -> Threads:
    return Threads(ActPage(sit(demo, phone=phone), act.id).open())


def test_C2_words_are_commented_a_colleague_answers_live_and_it_is_settled(sit: Sit, act: SharedAct) -> None:
    olena, ivan = threads_of(sit, "drafter-mvs", act), threads_of(sit, "drafter-minjust", act)
    ivan.open()
    olena.comment(act.articles[0], FIRST, "Чому **єдиний**? <b>не тег</b>", everyone=True).said("Чому єдиний?")
    expect(olena.marks).to_have_text(FIRST)
    ivan.said("Чому єдиний? <b>не тег</b>")
    expect(ivan.marks).to_have_text(FIRST)
    expect(ivan.of("Чому").locator("strong")).to_have_text("єдиний")
    ivan.of("Чому").get_by_role("button", name="Відповісти").click()
    ivan.page.get_by_role("textbox", name="Відповідь").fill("Бо такий закон ґ")
    ivan.page.get_by_text("Показати всім учасникам акта").click()
    ivan.of("Чому").locator("form").get_by_role("button", name="Відповісти").click()
    olena.said("Бо такий закон ґ")
    ivan.of("Чому").get_by_role("button", name="Згода").first.click()
    expect(olena.of("Чому").get_by_role("button", name="Згода").first).to_contain_text("1")
    olena.of("Чому").get_by_role("button", name="Вирішено").click()
    expect(ivan.cards).to_have_count(0)
    expect(ivan.marks).to_have_count(0)
    ivan.choose("Вирішені").said("Бо такий закон ґ")


def test_C3_own_words_are_changed_and_deleted_with_a_trace(sit: Sit, act: SharedAct) -> None:
    olena = threads_of(sit, "drafter-mvs", act)
    olena.comment(act.articles[1], "нормативні", "Перша думка").said("Перша думка")
    olena.act_on("Перша думка", "Змінити")
    field = olena.page.get_by_role("textbox", name="Текст коментаря")
    expect(field).to_have_value("Перша думка")
    field.fill("Друга думка")
    olena.page.get_by_role("button", name="Зберегти").click()
    olena.said("Друга думка")
    expect(olena.of("Друга думка")).to_contain_text("змінено")
    olena.act_on("Друга думка", "Видалити")
    olena.page.get_by_role("alertdialog").get_by_role("button", name="Видалити").click()
    expect(olena.cards).to_contain_text("Коментар видалено")
    expect(olena.cards).not_to_contain_text("Друга думка")


def test_C4_somebody_is_called_by_name_from_the_keyboard(sit: Sit, act: SharedAct) -> None:
    olena = threads_of(sit, "drafter-mvs", act)
    olena.act.wait_state("saved")
    olena.select(act.articles[2], "залізницею").page.keyboard.press("Control+Alt+KeyM")
    expect(olena.field).to_be_focused()
    olena.page.get_by_text("Показати всім учасникам акта").click()
    olena.write("Прошу @реценз")
    expect(olena.page.get_by_role("listbox", name="Кого згадати").get_by_role("option")).to_have_count(1)
    olena.page.keyboard.press("Enter")
    olena.page.keyboard.type("глянути")
    olena.page.keyboard.press("Control+Enter")
    olena.said("глянути")
    (thread,) = act.lead.get(f"/acts/{act.id}/comments")["items"]
    reviewer = next(one for one in act.lead.get(f"/acts/{act.id}")["members"] if "reviewer" in one["roles"])
    assert thread["comments"][0]["mentions"]["people"] == [reviewer["user"]]
    assert thread["comments"][0]["text"] == f"Прошу @{reviewer['name']} глянути"


def test_places_follow_the_text_and_words_that_are_gone_are_listed_with_their_quote(sit: Sit, act: SharedAct) -> None:
    olena = threads_of(sit, "drafter-mvs", act)
    olena.comment(act.articles[3], "Правостороній рух", "Орфографія: «правосторонній»").said("Орфографія")
    olena.act.put_caret(act.articles[3], 0).type("Отже, Ґ😀 ")
    expect(olena.marks).to_have_text("Правостороній рух")
    olena.act.put_caret(act.articles[3], 10).press("Enter")
    expect(olena.marks).to_have_text("Правостороній рух")
    olena.select(olena.act.bid_of("Правостороній"), "Правостороній рух транспортних засобів установлено в Україні.")
    olena.act.press("Delete").wait_state("saved")
    expect(olena.page.get_by_text("Відкритих розмов немає")).to_be_visible()
    olena.page.get_by_role("radio", name="Без місця 1").click()
    expect(olena.cards).to_contain_text("Цих слів у тексті вже немає")
    expect(olena.cards.locator("q")).to_have_text("Правостороній рух")
    expect(olena.marks).to_have_count(0)


def test_a_comment_on_words_of_several_articles_stands_while_any_of_them_is_left(sit: Sit, act: SharedAct) -> None:
    olena, ivan = threads_of(sit, "drafter-mvs", act), threads_of(sit, "drafter-minjust", act)
    olena.act.wait_state("saved")
    first, last = "руху 🚦 на всій території України.", "Організація перевезень"
    olena.select_from(act.articles[0], first, act.articles[2], last)
    olena.page.locator(".cmt-float").get_by_role("button", name="Коментувати").click()
    expect(olena.marks).to_have_text([first, ARTICLES[1], last])
    olena.write("Це разом одна думка ґ")
    olena.page.get_by_text("Показати всім учасникам акта").click()
    olena.send().said("Це разом одна думка ґ")
    for one in (olena, ivan.open()):
        expect(one.marks).to_have_text([first, ARTICLES[1], last])
        expect(one.of("думка").locator("q")).to_have_text(f"{first} / {ARTICLES[1]} / {last}")
        expect(one.of("думка").locator(".cmt-place")).to_have_text("Стаття 1 – Стаття 3")
    olena.select(act.articles[0], ARTICLES[0]).act.press("Delete").wait_state("saved")
    for one in (olena, ivan):
        expect(one.marks).to_have_text([ARTICLES[1], last])
    for bid, words in ((act.articles[1], ARTICLES[1]), (act.articles[2], ARTICLES[2])):
        olena.select(bid, words).act.press("Delete").wait_state("saved")
    expect(ivan.page.get_by_text("Відкритих розмов немає")).to_be_visible()
    ivan.page.get_by_role("radio", name="Без місця 1").click()
    expect(ivan.cards).to_contain_text("Цих слів у тексті вже немає")


def test_what_is_written_without_a_network_waits_and_a_draft_survives_a_reload(sit: Sit, act: SharedAct) -> None:
    olena = threads_of(sit, "drafter-mvs", act)
    olena.act.wait_state("saved")
    olena.select(act.articles[0], FIRST).page.keyboard.press("Control+Alt+KeyM")
    olena.write("Недописана думка 😀")
    olena.page.reload()
    olena.act.wait_shown()
    olena.open()
    expect(olena.field).to_have_value("Недописана думка 😀")
    olena.act.wait_state("saved")
    olena.act.person.go_offline()
    olena.send()
    expect(olena.page.locator(".cmt-waiting")).to_contain_text("Недописана думка 😀")
    expect(olena.page.locator(".cmt-waiting")).to_contain_text("Чекає на зв'язок")
    assert act.lead.get(f"/acts/{act.id}/comments")["items"] == []
    olena.act.person.come_back()
    expect(olena.page.locator(".cmt-waiting")).to_have_count(0)
    olena.said("Недописана думка 😀")
    wait_for("the comment at the server, once", lambda: len(act.lead.get(f"/acts/{act.id}/comments")["items"]) == 1)


def test_C2_a_reviewer_comments_on_a_phone_within_their_body(sit: Sit, act: SharedAct) -> None:
    phone = threads_of(sit, "reviewer-minfin", act, phone=True)
    olena = threads_of(sit, "drafter-mvs", act)
    phone.comment(act.articles[1], "нормативні акти", "Які саме?").said("Які саме?")
    expect(phone.of("Які саме?")).to_contain_text("Бачить лише орган")
    olena.open()
    expect(olena.page.get_by_text("Відкритих розмов немає")).to_be_visible()
    expect(olena.marks).to_have_count(0)


def test_Z1_Z3_a_remark_is_sent_with_its_consequence_named_and_the_lead_answers(sit: Sit, act: SharedAct, server: ServerProcess) -> None:
    speaker(server, act)
    minfin, olena = threads_of(sit, "reviewer-minfin", act), threads_of(sit, "drafter-mvs", act)
    minfin.comment(act.articles[1], "нормативні акти", "Уточніть перелік").said("Уточніть перелік")
    minfin.act_on("Уточніть перелік", "Надіслати як зауваження")
    dialog = minfin.page.get_by_role("alertdialog")
    expect(dialog).to_contain_text("не можна буде змінити чи видалити")
    dialog.get_by_role("textbox", name="Запропонована редакція положення").fill("Інші нормативно-правові акти…")
    dialog.get_by_role("button", name="Надіслати зауваження").click()
    expect(minfin.of("Уточніть перелік")).to_contain_text("Надіслано як зауваження")
    minfin.of("Уточніть перелік").get_by_role("button", name="Дії з коментарем").wait_for(state="detached")
    olena.open().remarks()
    card = olena.page.get_by_role("article", name="Зауваження № 1")
    expect(card).to_contain_text("нормативно-правові")
    card.get_by_role("button", name="Відповісти на зауваження").click()
    olena.page.get_by_role("dialog").get_by_text("Враховано частково").click()
    olena.page.get_by_role("textbox", name="Обґрунтування").fill("Перелік у пункті 2")
    olena.page.get_by_role("button", name="Надіслати відповідь").click()
    expect(card).to_contain_text("Враховано частково")
    minfin.remarks()
    expect(minfin.page.get_by_role("article", name="Зауваження № 1")).to_contain_text("Перелік у пункті 2")


def test_comments_of_the_whole_act_and_of_a_unit(sit: Sit, act: SharedAct) -> None:
    olena = threads_of(sit, "drafter-mvs", act).open()
    olena.page.get_by_role("button", name="До всього акта").click()
    olena.write("Назва задовга").send().said("Назва задовга")
    olena.act.put_caret(act.articles[0], 3).press("Control+Alt+KeyM")
    olena.write("Уся стаття зайва").send().said("Уся стаття зайва")
    expect(olena.of("Уся стаття зайва").locator("q")).to_have_text(ARTICLES[0])
    expect(olena.page.locator(".ProseMirror .cmt-unit")).to_have_count(1)
    expect(olena.cards.first).to_contain_text("До всього акта")


LINE = 28
"""How high a line of the act is, in CSS pixels."""
PARAGRAPH = "Учасники дорожнього руху мають право на безпечні умови руху і на відшкодування збитків."


def long_act(server: ServerProcess, count: int) -> SharedAct:
    """Articles of several lines, each with the words "слово НОМЕР ґ" in its second line."""
    return SharedAct.make(server, articles=tuple(f"{PARAGRAPH} Тут слово {number} ґ. {PARAGRAPH}" for number in range(1, count + 1)))


def assert_apart(spots: list[Spot]) -> None:
    """No card is over another."""
    assert all(one.bottom <= other.top for one, other in pairwise(spots)), spots


def test_cards_stand_at_the_height_of_their_words_and_stay_there_as_the_text_moves(sit: Sit, server: ServerProcess) -> None:
    act = long_act(server, 12)
    threads = [put_thread(act, f"слово {number} ґ", f"Думка {number}. 😀") for number in (1, 4, 7, 12)]
    olena = threads_of(sit, "drafter-mvs", act).open().said("Думка 1.")
    spots = olena.spots()
    assert [one.thread for one in spots] == threads
    assert_apart(spots)
    assert all(abs(one.top - one.place) < LINE for one in spots), spots
    olena.act.put_caret(act.articles[0], 0).type("Новий рядок: " + "ще слово " * 30)
    moved = olena.spots()
    assert moved[1].place > spots[1].place + LINE, "the text went down"
    assert all(abs(one.top - one.place) < LINE for one in moved), moved


def test_cards_without_room_are_apart_and_the_one_looked_at_is_beside_its_words(sit: Sit, server: ServerProcess) -> None:
    act = long_act(server, 30)
    threads = [put_thread(act, f"слово {number} ґ", f"Думка {number}. " + "Докладніше. " * 20) for number in range(1, 31)]
    olena = threads_of(sit, "drafter-mvs", act).open().said("Думка 1.")
    assert_apart(olena.spots())
    assert len(olena.spots()) < len(threads), "far cards are not there"
    olena.page.locator(f".ProseMirror [data-comment='{threads[3]}']").first.click()
    expect(olena.of("Думка 4.")).to_have_attribute("data-active", "")
    assert abs(olena.spot(threads[3]).top - olena.spot(threads[3]).place) < 1
    assert_apart(olena.spots())
    olena.of("Думка 4.").focus()
    for number in range(5, 31):
        olena.page.keyboard.press("ArrowDown")
        expect(olena.of(f"Думка {number}.")).to_be_focused()
    assert abs(olena.spot(threads[-1]).top - olena.spot(threads[-1]).place) < 1
    assert_apart(olena.spots())


def test_a_comment_is_written_beside_its_words_and_stays_there_however_far_one_scrolls(sit: Sit, server: ServerProcess) -> None:
    act = long_act(server, 30)
    threads = [put_thread(act, f"слово {number} ґ", f"Думка {number}. " + "Докладніше. " * 20) for number in (3, 4, 5)]
    olena = threads_of(sit, "drafter-mvs", act)
    olena.select(act.articles[7], "слово 8 ґ").page.keyboard.press("Control+Alt+KeyM")
    expect(olena.field).to_be_focused()
    expect(olena.page.locator(".cmt-composer").get_by_role("button", name="Надіслати")).to_be_in_viewport(ratio=1)
    olena.page.locator(".cmt-composer").get_by_role("button", name="Скасувати").click()
    olena.select(act.articles[3], "слово 4 ґ").page.keyboard.press("Control+Alt+KeyM")
    olena.write("Почата думка")
    card = olena.page.locator(".track .cmt-card", has=olena.page.locator("form"))
    spot = olena.spot(threads[1])
    box = card.bounding_box()
    assert box is not None
    assert abs(box["y"] - spot.place) < LINE
    assert box["y"] + box["height"] <= spot.top, "above the conversation on the same words"
    olena.page.mouse.move(400, 400)
    olena.page.mouse.wheel(0, 6000)
    expect(olena.of("Думка 3.")).to_have_count(0)
    expect(olena.field).to_have_value("Почата думка")
    expect(olena.field).to_be_focused()
    olena.send()
    olena.page.mouse.wheel(0, -6000)
    olena.said("Почата думка")
