"""A real server, a real Chromium, and people who sit at it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.people import Person, launch
from tests.server_process import ROOT, Client, ServerProcess

Sit = Callable[..., Person]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all; each person gets a context of their own."""
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """The server most tests share; those that stop or kill it start their own."""
    assert (ROOT / "server/static/index.html").exists(), "the front end is not built: run `make setup`"
    with ServerProcess(tmp_path_factory.mktemp("server") / "data") as running:
        yield running


@pytest.fixture
def sit(browser: Browser, server: ServerProcess) -> Iterator[Sit]:
    """`sit("drafter-mvs")`: a demo account signed in, in a browser of its own; on leaving, its page must have had no errors."""
    people: list[Person] = []

    def take_a_seat(demo: str | None, *, at: ServerProcess = server, phone: bool = False, **options: Any) -> Person:  # Any: of a context
        person = Person(browser, at, demo, phone=phone, **options)
        people.append(person)
        return person

    yield take_a_seat
    for person in people:
        person.leave()


@pytest.fixture(scope="session")
def lead(server: ServerProcess) -> Client:
    """The API as the drafter of the lead body sees it."""
    return server.sign_in("drafter-mvs")
