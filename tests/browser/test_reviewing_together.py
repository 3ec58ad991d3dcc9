"""A reviewer at work while drafters edit, without a network, in two tabs, refused by the server; and who sees what (D5, D15, P10, R16)."""

import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.acts import ARTICLES
from tests.browser.conftest import Sit
from tests.browser.pages import ActPage
from tests.browser.reviewing import ReviewPage, Room
from tests.server_process import Client, ServerProcess, wait_for


@pytest.fixture
def room(sit: Sit, server: ServerProcess) -> Room:
    """A fresh act with a reviewer of Мінфін in it."""
    return Room(sit, server)


def test_D5_drafters_edit_the_same_units_meanwhile_and_nothing_is_lost(room: Room) -> None:
    page, drafter = room.page, room.drafter()
    first, second, third, _ = room.act.articles
    at = ARTICLES[0].index("порядок")
    page.put_caret(first, at).type("новий ")
    page.select(second, 0, second, 4).type("Усі")
    drafter.put_caret(first, 0).type("ВСТУП ")
    drafter.put_caret(second).type(" Кінець.")
    drafter.put_caret(third, 10).press("Enter")
    page.wait_view(
        f"ВСТУП {ARTICLES[0][:at]}{{+новий +}}{ARTICLES[0][at:]}",
        f"[-{ARTICLES[1][:4]}-]{{+Усі+}}{ARTICLES[1][4:]} Кінець.",
        ARTICLES[2][:10],
    )
    page.type("х")
    drafter.put_caret(first, 6 + at - 3).press("Enter")
    page.wait_view(f"{ARTICLES[0][at - 3 : at]}{{+новий +}}{ARTICLES[0][at:]}")
    shown = page.wait_state("saved").view()
    page.reload().wait_state("saved").wait_view(*shown)
    drafter.wait_state("saved")
    assert "новий" not in " ".join(unit["text"] for unit in room.act.units())


def test_D5_without_a_network_both_go_on_and_meet_again(room: Room) -> None:
    page, drafter = room.page, room.drafter()
    first, second, *_ = room.act.articles
    page.person.go_offline()
    page.put_caret(first, 4).type("мої слова ").put_caret(second).type(" Додано 😀.")
    page.wait_state("offline")
    expect(page.status).to_contain_text("2 пропозиції не надіслано")
    drafter.put_caret(first).type(" Їхнє речення.")
    drafter.wait_state("saved")
    assert room.records() == []
    page.person.come_back()
    page.wait_view(
        f"{ARTICLES[0][:4]}{{+мої слова +}}{ARTICLES[0][4:]} Їхнє речення.",
        f"{ARTICLES[1]}{{+ Додано 😀.+}}",
    )
    page.wait_state("saved", 40_000)
    assert [record["kind"] for record in room.records()] == ["text", "text"]


def test_D15_proposals_made_without_a_network_outlive_the_page_and_are_sent_later(room: Room) -> None:
    page, first = room.page, room.act.articles[0]
    page.person.go_offline()
    page.put_caret(first, 4).type("незабутнє ")
    page.wait_state("offline")
    expect(page.status).to_have_attribute("data-unsent", "1")
    expect(page.status).to_have_attribute("title", re.compile("зберігаються на цьому пристрої"))
    page.page.close(run_before_unload=False)
    room.person.come_back()
    again = room.open(room.person)
    again.wait_view(f"{ARTICLES[0][:4]}{{+незабутнє +}}{ARTICLES[0][4:]}")
    wait_for("the proposal at the server", lambda: [record["kind"] for record in room.records()] == ["text"])


def test_D5_two_tabs_of_one_reviewer_show_the_same(room: Room) -> None:
    one, other = room.page, room.open(room.person)
    first, second, *_ = room.act.articles
    one.put_caret(first, 4).type("з першої ")
    other.wait_view(f"{ARTICLES[0][:4]}{{+з першої +}}{ARTICLES[0][4:]}")
    other.put_caret(second).type(" З другої.")
    one.wait_view(f"{ARTICLES[1]}{{+ З другої.+}}")
    other.put_caret(first, 4).type("і другої ")
    one.wait_view(f"{ARTICLES[0][:4]}{{+і другої з першої +}}{ARTICLES[0][4:]}")
    one.wait_state("saved")
    other.wait_state("saved")
    assert [record["kind"] for record in room.records()] == ["text", "text"]
    assert one.lost.count() == other.lost.count() == 0
    assert one.view() == other.view()


def test_P10_a_proposal_the_server_refuses_is_shown_with_its_words(room: Room) -> None:
    page, first = room.page, room.act.articles[0]
    page.put_caret(first, 4)
    page.page.keyboard.insert_text("неви\u200bдиме ")
    expect(page.lost).to_contain_text("неви")
    assert page.lost.locator("blockquote").text_content() == "неви\u200bдиме "
    page.wait_view(ARTICLES[0])
    page.put_caret(first, 4).type("видиме ")
    page.wait_view(f"{ARTICLES[0][:4]}{{+видиме +}}{ARTICLES[0][4:]}")
    assert room.kinds() == ["text"]
    page.reload()
    expect(page.lost.locator("blockquote")).to_have_text("неви\u200bдиме")
    page.lost.get_by_role("button", name="Більше не потрібно").click()
    expect(page.lost).to_have_count(0)


def test_R16_R17_only_the_own_body_sees_a_proposal_until_somebody_it_named_sends_it(sit: Sit, server: ServerProcess) -> None:
    room = Room(sit, server, ("reviewer-mineconomy", "reviewer"))
    page, first = room.page, room.act.articles[0]
    lead, other = server.sign_in("drafter-mvs"), server.sign_in("reviewer-mineconomy")
    page.put_caret(first, 4).type("для всіх ")
    page.wait_state("saved")
    assert room.records(lead) == room.records(other) == []
    send = page.page.get_by_role("button", name="Надіслати розробнику")
    expect(send).to_have_count(0)

    administrator_of_minfin(server).put(f"/acts/{room.act.id}/releasers/{room.api.me()}", {})
    page.reload()
    send.click()
    dialog = page.page.get_by_role("dialog")
    expect(dialog).to_contain_text("для всіх")
    dialog.get_by_role("button", name="Надіслати розробнику").click()
    expect(page.page.get_by_text("Надіслано 1 пропозицію")).to_be_visible()
    expect(send).to_have_count(0)
    assert [record["audience"] for record in room.records(lead) + room.records(other)] == ["act", "act"]

    colleague = room.open(sit("reviewer-mineconomy"))
    colleague.put_caret(first, 2).type("моє ")
    expect(colleague.page.locator(f"[data-bid='{first}'] .act-text")).to_have_text(
        f"{ARTICLES[0][:2]}моє {ARTICLES[0][2:4]}для всіх {ARTICLES[0][4:]}"
    )
    colleague.wait_view(f"{ARTICLES[0][:2]}{{+моє +}}{ARTICLES[0][2:]}")


def administrator_of_minfin(server: ServerProcess) -> Client:
    """The administrator of the reviewer's own body, who names those that speak for it."""
    email, password = f"admin-{uuid.uuid4().hex[:8]}@minfin.example", "довгий пароль адміністратора 42"
    server.add_user(email, "Адміністраторка Мінфіну", "minfin", password, "body_admin")
    client = Client(server.url)
    client.token = client.post("/session", {"email": email, "password": password, "token": True})["token"]
    return client


def test_R4_what_the_author_takes_back_elsewhere_leaves_the_view_at_once(room: Room) -> None:
    page, (first, second, *_) = room.page, room.act.articles
    page.put_caret(first, 4).type("зайве ").put_caret(second, 4).type("лишається ")
    page.wait_state("saved")
    record = next(one for one in room.records() if one["change"]["bid"] == first)
    room.api.post(f"/acts/{room.act.id}/suggestions/{record['id']}/withdraw", {"version": record["version"]})
    page.wait_view(ARTICLES[0])
    assert room.kinds() == ["text"]


def test_D5_a_drafter_switches_to_proposing_and_back(sit: Sit, server: ServerProcess) -> None:
    room = Room(sit, server)
    drafter = ReviewPage(sit("drafter2-mvs"), room.act.id)
    room.act.lead.grant(room.act.id, server.sign_in("drafter2-mvs").me(), "drafter")
    drafter.open().wait_state("saved")
    first = room.act.articles[0]
    before = room.before
    drafter.page.get_by_role("button", name="Режим пропозицій").click()
    drafter.wait_shown().put_caret(first, 4).type("лише пропозиція ")
    drafter.wait_view(f"{ARTICLES[0][:4]}{{+лише пропозиція +}}{ARTICLES[0][4:]}")
    drafter.wait_state("saved")
    assert room.journal() == before
    drafter.page.get_by_role("button", name="Редагувати текст").click()
    drafter.wait_shown().put_caret(first, 0).type("У тексті. ")
    wait_for("the words in the text", lambda: room.act.units()[1]["text"].startswith("У тексті. Ці"))
    assert "лише пропозиція" not in room.act.units()[1]["text"]


def test_D5_a_drafter_who_becomes_a_reviewer_goes_on_by_proposing(sit: Sit, server: ServerProcess) -> None:
    room = Room(sit, server)
    user = server.sign_in("drafter2-mvs").me()
    room.act.lead.grant(room.act.id, user, "drafter")
    page = ReviewPage(sit("drafter2-mvs"), room.act.id).open().wait_state("saved")
    first = room.act.articles[0]
    page.put_caret(first, 0).type("Раніше. ")
    page.wait_state("saved")
    room.act.lead.set_roles(room.act.id, user, "reviewer")
    expect(page.page.locator(".z-review .ProseMirror")).to_be_visible()
    before = room.journal()
    page.wait_shown().put_caret(first, 0).type("Тепер. ")
    page.wait_view(f"{{+Тепер. +}}Раніше. {ARTICLES[0]}")
    page.wait_state("saved")
    assert room.journal() == before
    assert ActPage(page.person, room.act.id, page.page).block(first).text.startswith("Тепер. Раніше.")
