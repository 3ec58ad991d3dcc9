"""Opening an act by its address: what the page waits for is asked for at once, and once."""

from collections import Counter

from playwright.sync_api import Request

from tests.browser.conftest import Sit
from tests.browser.pages import ActPage, SignInPage
from tests.server_process import ServerProcess

_ASKED = """() => {
  const all = performance.getEntriesByType("resource");
  const times = (part) => all.filter(({ name }) => name.includes(part)).length;
  const font = all.find(({ name }) => name.includes("source-serif-4-cyrillic-opsz-normal"));
  const program = all.find(({ name }) => name.includes("/v1/bodies"));
  return { fonts: times("source-serif-4-cyrillic-opsz-normal"), isEarly: font.startTime < program.startTime };
}"""


def test_an_act_opened_by_its_address_asks_for_each_answer_once(sit: Sit, server: ServerProcess) -> None:
    lead = server.sign_in("drafter-mvs")
    act = lead.import_act(
        "короткий.md", "# Про ґрунти\n\n1. Їхати обережно.".encode(), title="Про ґрунти", kind="other", numbering="automatic"
    )
    page = ActPage(sit("drafter-mvs"), act)
    asked: Counter[str] = Counter()

    def note(request: Request) -> None:
        asked[request.url.removeprefix(server.url).partition("?")[0]] += 1

    page.page.on("request", note)
    page.open().wait_state("saved")
    for address in ("/api/v1/me", "/api/v1/sessions", f"/api/v1/acts/{act}"):
        assert asked[address] == 1, address
    assert page.page.evaluate(_ASKED) == {"fonts": 1, "isEarly": True}
    page.put_caret(page.bid_of("Їхати")).type("!").wait_state("saved")
    assert "Їхати обережно.!" in [unit["text"] for unit in lead.text(act)]


def test_an_act_that_nobody_may_open_without_signing_in_leads_to_the_door(sit: Sit, server: ServerProcess) -> None:
    lead = server.sign_in("drafter-mvs")
    act = lead.import_act("короткий.md", "# Про ґрунти".encode(), title="Про ґрунти", kind="other", numbering="automatic")
    person = sit(None)
    door = SignInPage(person)
    door.page.goto(f"/acts/{act}")
    door.page.wait_for_url("**/sign-in?next=*")
    door.sign_in_demo("Розробниця МВС")  # at once: what was asked before says that nobody is signed in
    ActPage(person, act, door.page).wait_shown().wait_state("saved")
