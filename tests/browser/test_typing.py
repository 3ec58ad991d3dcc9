"""Letters of a real keyboard: the editor writes them itself, and nobody can tell that from a browser's own typing."""

from tests.browser.acts import ARTICLES, SharedAct
from tests.browser.conftest import Sit
from tests.browser.pages import ActPage
from tests.browser.reviewing import ReviewPage, Room
from tests.server_process import ServerProcess

WORDS = "Про **єдиний порядок** руху 🚦 [вебпорталу](https://example.gov.ua) та *ґанку*"
PLAIN = "Про єдиний порядок руху 🚦 вебпорталу та ґанку"
ONE = f"# Про знаки\n\nСтаття 1. {WORDS}\n"
_INNER = """(bid) => document.querySelector(`.ProseMirror [data-bid="${bid}"] > .act-text`).innerHTML"""
_MARK_WORDS = """([bid, start, end]) => {
  const text = document.querySelector(`.ProseMirror [data-bid="${bid}"] > .act-text`).firstChild;
  window.marked = new Range();
  window.marked.setStart(text, start);
  window.marked.setEnd(text, end);
}"""


def test_a_letter_takes_the_formatting_that_the_browser_would_give_it(sit: Sit, server: ServerProcess) -> None:
    lead = server.sign_in("drafter-mvs")
    act = lead.import_act("знаки.md", ONE.encode(), title="Про знаки", kind="postanova", numbering="automatic")
    page = ActPage(sit("drafter-mvs"), act).open().wait_state("saved")
    bid = page.bid_of(PLAIN[:5])
    untouched = page.page.evaluate(_INNER, bid)
    for offset in range(len(PLAIN.encode("utf-16-le")) // 2 + 1):
        if PLAIN.encode("utf-16-le")[2 * offset - 1 : 2 * offset] in {bytes([high]) for high in range(0xD8, 0xDC)} and offset > 0:
            continue  # between the two halves of 🚦 stands no caret
        page.put_caret(bid, offset).type("ґ")
        by_key = page.page.evaluate(_INNER, bid)
        page.press("Control+z")
        assert page.page.evaluate(_INNER, bid) == untouched, offset
        page.put_caret(bid, offset).page.keyboard.insert_text("ґ")
        assert page.page.evaluate(_INNER, bid) == by_key, offset
        page.press("Control+z")
        assert page.page.evaluate(_INNER, bid) == untouched, offset


def test_a_link_of_an_import_keeps_its_address_whatever_is_typed_at_its_edges(sit: Sit, server: ServerProcess) -> None:
    lead = server.sign_in("drafter-mvs")
    text = "# Про зв’язок\n\n1. Відповідно до [статті 29](/go/1645-14) Закону [телефонуйте](tel:+380) до ґанку.\n"
    act = lead.import_act("акт.md", text.encode(), title="Про зв’язок", kind="postanova")
    page = ReviewPage(sit("drafter-mvs"), act).open().wait_state("saved")
    bid = page.bid_of("Відповідно")
    page.select(bid, 11, bid, 20).type("згідно зі статтею")
    page.put_caret(bid, len("Відповідно згідно зі статтею 29 Закону телеф")).press("Enter")
    page.wait_for_words("онуйте до ґанку").wait_state("saved")
    assert page.page.get_by_role("link", name="29").get_attribute("href") == "/go/1645-14"
    exported = lead.export(act, "md")
    assert "29](</go/1645-14>)" in exported, exported
    assert exported.count("](<tel:+380>)") == 2, exported


def test_a_letter_leaves_what_the_browser_knows_of_the_words_beside_it(sit: Sit, server: ServerProcess) -> None:
    """Underlines of the spelling check hang on the text as ranges do: replaced text has none."""
    act = SharedAct.make(server)
    page = ActPage(sit("drafter-mvs"), act.id).open().wait_state("saved")
    bid = act.articles[1]
    page.page.evaluate(_MARK_WORDS, [bid, 0, 4])
    page.put_caret(bid, 9).type("їґ")
    assert page.page.evaluate("window.marked.toString()") == "Інші"
    assert page.block(bid).text.startswith("Інші нормїґативні")
    page.put_caret(bid, 2).type("й")
    assert page.page.evaluate("window.marked.toString()") == "Інйші"


def test_a_number_at_the_head_of_a_line_still_makes_a_point(sit: Sit, server: ServerProcess) -> None:
    lead = server.sign_in("drafter-mvs")
    act = lead.import_act(
        "знаки.md", "# Про знаки\n\nКабінет ґрунтовно установлює:\n".encode(), title="Про знаки", kind="postanova", numbering="automatic"
    )
    page = ActPage(sit("drafter-mvs"), act).open().wait_state("saved")
    page.put_caret(page.bid_of("Кабінет")).press("Enter").type("а) Ліворуч")
    page.wait_state("saved")
    made = page.block(page.bid_of("Ліворуч"))
    assert (made.kind, made.label) == ("subpoint", "а)")
    page.press("Enter").type("1. Праворуч")
    made = page.wait_for_words("Праворуч").block(page.bid_of("Праворуч"))
    assert (made.kind, made.label) == ("point", "1.")
    page.press("Enter").type("див. п. 1) і 2. далі")
    made = page.wait_for_words("далі").block(page.bid_of("див."))
    assert (made.kind, made.label) == ("point", "2.")


def test_a_number_says_what_a_new_line_is_that_was_an_article(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server)
    page = ActPage(sit("drafter-mvs"), act.id).open().wait_state("saved")
    page.put_caret(act.articles[0]).press("Enter").type("1) ґанок").press("Enter").type("а) сходи")
    page.wait_for_words("сходи").wait_state("saved")
    made = [(block.kind, block.label) for block in page.blocks()[1:5]]
    assert made == [("article", "Стаття 1."), ("subpoint", "1)"), ("subpoint", "а)"), ("article", "Стаття 2.")]


def test_letters_of_two_people_in_one_word_are_all_there(sit: Sit, server: ServerProcess) -> None:
    act = SharedAct.make(server, ("drafter-minjust", "drafter"))
    one = ActPage(sit("drafter-mvs"), act.id).open().wait_state("saved")
    other = ActPage(sit("drafter-minjust"), act.id).open().wait_state("saved")
    bid = act.articles[2]
    one.put_caret(bid, 11)
    other.put_caret(bid, 14)
    for mine, theirs in zip("абвгґдеє", "жзиіїйкл", strict=True):
        one.type(mine)
        other.type(theirs)
    expected = ARTICLES[2].replace("Організація пе", "Організаціяабвгґдеє пежзиіїйкл")
    for page in (one, other):
        page.wait_state("saved").wait_for_text(bid, expected)


def test_a_reviewers_letters_are_proposals_and_change_no_text(sit: Sit, server: ServerProcess) -> None:
    room = Room(sit, server)
    room.page.put_caret(room.act.articles[1], 4).type(" й ґрунтовні")
    room.page.wait_view("Інші{+ й ґрунтовні+} нормативні акти повинні ґрунтуватися на вимогах цих Правил.")
    room.page.put_caret(room.act.articles[2]).type(" І ґанок.")
    room.page.wait_view(f"{ARTICLES[2]}{{+ І ґанок.+}}")
    room.check()
