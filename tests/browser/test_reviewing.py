"""A reviewer of another ministry opens the act, switches on nothing, and types: every edit is a proposal, the text stays (D5, P3)."""

import pytest
from playwright.sync_api import expect

from tests.browser.acts import ARTICLES
from tests.browser.conftest import Sit
from tests.browser.reviewing import ReviewPage, Room
from tests.server_process import ServerProcess, wait_for

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{margin:0}</style></head><body>
<!--StartFragment--><p class=MsoNormal><b>Перший</b> абзац 😀<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1)<span>&nbsp; </span></span>другий пункт</p>
<p class=MsoNormal>третій e\u0301 абзац</p><!--EndFragment--></body></html>"""


@pytest.fixture
def room(sit: Sit, server: ServerProcess) -> Room:
    """A fresh act with a reviewer of Мінфін in it."""
    return Room(sit, server)


def test_D5_typing_replacing_and_deleting_are_marked_and_leave_the_text_alone(room: Room) -> None:
    page, (first, second, third, _) = room.page, room.act.articles
    page.put_caret(first, 4).type("нові Ґ😀 ")
    page.put_caret(second, 0)
    for _ in range(4):
        page.press("Shift+ArrowRight")
    page.type("Усі")
    page.put_caret(third, 12)
    for _ in range(3):
        page.press("Backspace")
    page.press("Delete")

    page.wait_view(
        f"{ARTICLES[0][:4]}{{+нові Ґ😀 +}}{ARTICLES[0][4:]}",
        f"[-{ARTICLES[1][:4]}-]{{+Усі+}}{ARTICLES[1][4:]}",
        f"{ARTICLES[2][:9]}[-{ARTICLES[2][9:13]}-]{ARTICLES[2][13:]}",
    )
    assert room.kinds() == ["text", "text", "text"]
    expect(page.status).to_contain_text("Пропозиції збережено")
    room.check()


def test_D5_own_proposed_words_are_typed_into_and_taken_back_without_a_trace(room: Room) -> None:
    page, (first, *_) = room.page, room.act.articles
    page.put_caret(first, 4).type("зайве e\u0301👩🏽‍⚖️")
    page.press("Backspace").press("Backspace")
    page.type("ще")
    page.wait_state("saved")
    (record,) = room.records()
    assert "".join(piece["t"] for piece in record["change"]["insert"]).startswith("зайве")
    page.put_caret(first, 4)
    for _ in range(30):
        if page.block(first).text == ARTICLES[0]:
            break
        page.press("Delete")
        if "[-" in "".join(page.view()):
            raise AssertionError(page.view())
    assert room.kinds() == []
    room.check()


def test_D5_a_deletion_across_units_keeps_them_marked(room: Room) -> None:
    page, (first, second, third, _) = room.page, room.act.articles
    page.select(first, 20, third, 12).press("Delete")
    page.wait_view(
        f"{ARTICLES[0][:20]}[-{ARTICLES[0][20:]}-]",
        f"gone: {ARTICLES[1]}",
        f"joined: [-{ARTICLES[2][:12]}-]{ARTICLES[2][12:]}",
    )
    assert room.kinds() == ["join", "text", "text", "unit_delete"]
    assert len({record["group"] for record in room.records()}) == 1
    page.type("нове")
    assert page.block(second).label == "Стаття 2."
    assert "{+нове+}" in "".join(room.check())


def test_D5_enter_proposes_a_split_backspace_a_join_and_both_can_be_undone(room: Room) -> None:
    page, (first, second, _, _) = room.page, room.act.articles
    at = ARTICLES[0].index("порядок")
    page.put_caret(first, at).press("Enter").type("весь ")
    page.wait_view(ARTICLES[0][:at], f"new: {{+весь +}}{ARTICLES[0][at:]}")
    page.put_caret(second, 0).press("Backspace").press("Backspace")
    page.wait_view(f"joined: {ARTICLES[1]}")
    assert room.kinds() == ["join", "split", "text", "unit_attributes"]
    room.check()
    page.put_caret(first).press("Delete")
    page.wait_view(f"{ARTICLES[0][:at]}{{+весь +}}{ARTICLES[0][at:]}")
    assert "split" not in room.kinds()


def test_D5_several_paragraphs_pasted_from_word_are_one_proposal_of_each_place(room: Room) -> None:
    page, (first, *_) = room.page, room.act.articles
    page.put_caret(first, ARTICLES[0].index("порядок")).paste(WORD, "Перший абзац 😀\nдругий пункт\nтретій е\u0301 абзац")
    shown = room.check()
    assert sum("{+" in line or line.startswith("new: ") for line in shown) >= 3
    assert any("{+другий пункт+}" in line for line in shown)
    assert page.lost.count() == 0


def test_D5_kind_level_and_looks_are_proposals_too_and_numbers_follow(room: Room) -> None:
    page, (first, second, third, _) = room.page, room.act.articles
    page.put_caret(second, 3).press("Control+Alt+5")
    page.put_caret(first, 0)
    for _ in range(3):
        page.press("Shift+ArrowRight")
    page.press("Control+b")
    assert room.kinds() == ["format", "unit_attributes"]
    assert page.block(second).kind != "article"
    assert page.block(third).label == "Стаття 2."
    page.press("Control+z")
    assert room.kinds() == ["unit_attributes"]
    page.press("Control+Shift+z")
    assert room.kinds() == ["format", "unit_attributes"]
    room.check()


def test_D5_a_new_article_and_a_deleted_one_change_the_numbers_the_reviewer_sees(room: Room) -> None:
    page, (first, second, third, fourth) = room.page, room.act.articles
    page.put_caret(first).press("Enter").type("Нова стаття ґ 🏛.").press("Control+Alt+3")
    page.wait_view("new: {+Нова стаття ґ 🏛.+}")
    new = next(block for block in page.blocks() if block.text.startswith("Нова"))
    assert (new.kind, new.label, page.block(second).label) == ("article", "Стаття 2.", "Стаття 3.")
    page.select(third, 0, fourth, 0).press("Delete")
    page.wait_view(f"gone: {ARTICLES[2]}")
    assert page.block(fourth).label == "Стаття 4."
    assert room.kinds() == ["unit_delete", "unit_insert"]
    room.check()


TABLE = """<table><tr><td>Вид робіт</td><td>Строк</td></tr><tr><td>перша 😀</td><td>рік</td></tr></table>"""


def test_D5_words_rows_and_columns_of_a_table_are_proposed(sit: Sit, server: ServerProcess) -> None:
    room = Room(sit, server, before=paste_a_table)
    page = room.page
    page.put_caret(page.bid_of("рік")).type(" і місяць")
    page.wait_view("рік{+ і місяць+}")
    page.menu("Таблиця", "Рядок нижче").type("нова 🚦")
    assert room.kinds() == ["row_insert", "text"]
    page.put_caret(page.bid_of("Вид робіт"), 3).menu("Таблиця", "Вилучити рядок")
    page.wait_view("gone: Вид робіт", "gone: Строк")
    assert room.kinds() == ["row_delete", "row_insert", "text"]
    room.check()


def paste_a_table(page: ReviewPage, bid: str) -> None:
    """A drafter puts a table behind a block."""
    page.put_caret(bid).paste(TABLE)
    page.wait_view("рік")


def test_D5_an_input_method_becomes_a_proposal_when_it_is_done(room: Room) -> None:
    page, (first, *_) = room.page, room.act.articles
    page.put_caret(first, 11)
    devtools = page.person.context.new_cdp_session(page.page)
    for length in range(1, 5):
        devtools.send("Input.imeSetComposition", {"text": "ґава"[:length], "selectionStart": length, "selectionEnd": length})
    assert room.records() == []
    devtools.send("Input.insertText", {"text": "ґава "})
    page.wait_view(f"{ARTICLES[0][:11]}{{+ґава +}}{ARTICLES[0][11:]}")
    wait_for("the proposal at the server", lambda: room.kinds() == ["text"])
    room.check()


def test_D5_on_a_phone_one_reads_first_then_proposes(sit: Sit, server: ServerProcess) -> None:
    room = Room(sit, server, phone=True)
    page = room.page
    expect(page.page.locator(".act-toolbar")).to_have_count(0)
    page.page.get_by_role("button", name="Запропонувати зміни").tap()
    page.put_caret(room.act.articles[0], 11).type("з телефона ")
    devtools = page.person.context.new_cdp_session(page.page)
    devtools.send("Input.imeSetComposition", {"text": "слово", "selectionStart": 5, "selectionEnd": 5})
    devtools.send("Input.insertText", {"text": "слово "})
    page.wait_view(f"{ARTICLES[0][:11]}{{+з телефона слово +}}{ARTICLES[0][11:]}")
    wait_for("the proposal at the server", lambda: room.kinds() == ["text"])
    room.check()
