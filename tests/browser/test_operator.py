"""The operator's page: what there is, putting a document back, quarantine, draining. One walk, on a server of its own."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from server.db.engine import DATABASE_FILE
from tests.browser.people import Person
from tests.browser.test_every_page import violations
from tests.server_process import ServerProcess

TABS = ("Вузли", "Документи", "Карантин")


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[ServerProcess]:
    """It will be drained."""
    with ServerProcess(tmp_path / "data") as running:
        yield running


def an_act_with_trouble(server: ServerProcess) -> str:
    """An imported act, and an update in quarantine that cannot be applied."""
    client = server.sign_in("drafter-mvs")
    act = client.import_act("act.md", "# Про їжаків\n\n1. Перший пункт 🦔.\n".encode())
    with sqlite3.connect(server.data_dir / DATABASE_FILE, timeout=30) as database:
        row = ("0" * 31 + "1", act, 1_760_000_000_000, client.me(), "poisoned", b"\x01\x01\xff")
        database.execute('INSERT INTO quarantine (id, document, at, user_id, rule, "update") VALUES (?, ?, ?, ?, ?, ?)', row)
    return act


def opened(browser: Browser, server: ServerProcess, *, phone: bool = False) -> tuple[Person, Page]:
    person = Person(browser, server, "admin", phone=phone, bypass_csp=True, reduced_motion="reduce")
    page = person.new_page()
    page.goto("/operator")
    expect(page.get_by_role("heading", name="Сервер", level=1)).to_be_visible()
    return person, page


def test_an_operator_looks_after_documents_quarantine_and_nodes(browser: Browser, own_server: ServerProcess) -> None:
    act = an_act_with_trouble(own_server)
    for phone in (True, False):
        person, page = opened(browser, own_server, phone=phone)
        wrong = {}
        for tab in TABS:
            page.get_by_role("tab", name=tab).click()
            expect(page.get_by_role("tabpanel").get_by_role("table")).to_be_visible()
            wrong[tab] = violations(page)
        assert not any(wrong.values()), wrong
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        if phone:
            person.leave()
    page.get_by_role("tab", name="Документи").click()
    page.get_by_role("searchbox").fill(act)
    row = page.get_by_role("row").filter(has_text=act)
    expect(row).to_contain_text("У карантині: 1")
    row.get_by_role("button", name="Перевірити").click()
    expect(page.get_by_text("усе так, як було записано")).to_be_visible()
    row.get_by_role("button", name="Повернути").click()
    ask = page.get_by_role("alertdialog")
    ask.get_by_label("Номер зміни").fill("999")
    expect(ask.get_by_role("button", name="Повернути")).to_be_disabled()
    ask.get_by_label("Номер зміни").fill("1")
    ask.get_by_role("button", name="Повернути").click()
    expect(page.get_by_text("Документ уже читається так")).to_be_visible()

    page.get_by_role("tab", name="Карантин").click()
    page.get_by_role("button", name="Спробувати знову").click()
    expect(page.get_by_text("Вона лишається в карантині")).to_be_visible()
    page.get_by_role("button", name="Відкинути").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Відкинути").click()
    expect(page.get_by_text("Карантин порожній")).to_be_visible()

    page.get_by_role("tab", name="Вузли").click()
    page.get_by_role("button", name="Звільнити").click()
    expect(page.get_by_role("alertdialog")).to_contain_text("єдиний вузол")
    page.get_by_role("alertdialog").get_by_role("button", name="Звільнити").click()
    expect(page.get_by_role("table").get_by_text("Звільняється")).to_be_visible()
    person.leave()
