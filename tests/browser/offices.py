"""What people of a government do at an act's pages: freeze, ask, state positions, answer, decide. Sentences of the acceptance walk."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests.approval.cast import Cast
from tests.browser.people import Person
from tests.browser.stage import Stage
from tests.site import PASSWORD

_FAR_MS = 60_000
"""A code takes seconds to freeze and compare on a busy machine."""


class Office:
    """One person of the cast at a browser, at one act."""

    def __init__(self, browser: Browser, stage: Stage, cast: Cast, who: str, *, phone: bool = False) -> None:
        self.cast = cast
        self.email = cast[who].email
        self.person = Person(browser, stage, None, phone=phone)
        self.sign_in()
        self.page: Page = self.person.new_page()
        self.page.set_default_timeout(_FAR_MS)

    def sign_in(self) -> None:
        """Again, after time has passed."""
        self.person.sign_in_with(self.email, PASSWORD)

    def panel(self, name: str) -> Locator:
        """The act with this panel open: approval, history, suggestions, comments."""
        self.page.goto(f"/acts/{self.cast.act}?panel={name}")
        return self.page.locator(f".z-{name}")

    def row(self, body: str) -> Locator:
        """The row of a body in the panel of approval, by its short name."""
        return self.page.locator(".z-body-row").filter(has=self.page.locator(".z-body-row-head", has_text=body)).first

    def told(self, words: str) -> str:
        """Wait for a message with these words; all of it."""
        toast = self.page.locator(".z-toast").filter(has_text=words).last
        expect(toast).to_be_visible(timeout=_FAR_MS)
        return toast.inner_text()

    # -- the lead -----------------------------------------------------------------------------------------------------

    def freeze(self, note: str) -> str:
        """The saved text becomes a revision; what the page said."""
        self.panel("history").get_by_role("button", name="Зафіксувати редакцію").click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_label("Чим ця редакція особлива").fill(note)
        dialog.get_by_role("button", name="Зафіксувати", exact=True).click()
        return self.told("Зафіксовано редакцію")

    def send(self, step: str, *left_out: str, scopes: Mapping[str, str] | None = None) -> None:
        """The text goes to the bodies, without those left out; `scopes` say about which provision a body is asked."""
        self.panel("approval").get_by_role("button", name=step, exact=True).click()
        dialog = self.page.get_by_role("dialog")
        for body in left_out:
            dialog.locator("label", has_text=body).click()
            expect(dialog.get_by_role("checkbox", name=body)).not_to_be_checked()
        for body, provision in (scopes or {}).items():
            dialog.get_by_role("button", name=f"{body}: лише окремі положення").click()
            dialog.get_by_role("combobox", name=f"{body}: додати положення").fill(provision)
            self.page.get_by_role("option").filter(has_text=provision).first.click()
            expect(dialog.get_by_role("list", name=f"{body}: про що запитуємо")).to_contain_text(provision)
        dialog.get_by_role("button", name="Надіслати", exact=True).click()
        self.told("надіслано редакцію")
        expect(dialog).to_have_count(0)

    def ask_visas(self, *people: str) -> None:
        """Visas of people of one's own body, one after the other."""
        self.panel("approval").get_by_role("button", name="Запитати візи").click()
        dialog = self.page.get_by_role("dialog")
        dialog.locator(".z-radio", has_text="по черзі").click()
        for who in people:
            dialog.locator("label", has_text=self.cast[who].email).click()
        dialog.get_by_role("button", name="Надіслати на візування").click()
        self.told("Запитано")

    def give_visa(self) -> None:
        """The visa that is waited for."""
        self.panel("approval").get_by_role("button", name="Візувати", exact=True).click()
        self.told("Візу записано")

    def take_step(self, step: str, *, typed: str = "") -> None:
        """A step of the procedure; its dialog names the revision, and where nothing can be undone wants its number typed."""
        self.panel("approval").get_by_role("button", name=step, exact=True).click()
        dialog = self.page.get_by_role("alertdialog")
        expect(dialog).to_contain_text(re.compile("редакцію № [0-9]+"))
        if typed:
            dialog.get_by_role("textbox").fill(typed)
        dialog.get_by_role("button", name=step, exact=True).click()
        expect(dialog).to_have_count(0, timeout=_FAR_MS)

    # -- the bodies ---------------------------------------------------------------------------------------------------

    def state(self, outcome: str, *remarks: tuple[str, str], sees: str = "") -> str:
        """A position in five steps from the panel on; what the last one said. `remarks` are reasons with the wording wanted."""
        self.panel("approval").get_by_role("link", name="Висловити позицію").first.click()
        self._at("Про що запитують")
        self._forward_to("Що змінилося")
        if sees:
            expect(self.page.locator(".z-position-body")).to_contain_text(sees)
        self._forward_to("Зауваження")
        for place, (reason, wording) in enumerate(remarks):
            self.page.get_by_role("button", name="Додати зауваження").click()
            one = self.page.get_by_role("region", name=f"Зауваження {place + 1}", exact=True)
            one.get_by_label("Суть зауваження").fill(reason)
            one.get_by_label("Запропонована редакція").fill(wording)
        self._forward_to("Позиція")
        self.page.locator(".z-position-body .z-radio", has_text=outcome).first.click()
        self._forward_to("Підтвердження")
        said = self.page.locator(".z-position-final").inner_text()
        self.page.get_by_role("button", name="Підтвердити позицію").click()
        self.told("Позицію записано")
        return said

    def add_late(self, outcome: str, words: str) -> None:
        """What the body would have said, after its deadline."""
        self.panel("approval").get_by_role("button", name="Додати позицію після строку").click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("button", name="Яка позиція органу").click()
        self.page.get_by_role("option", name=outcome, exact=True).click()
        dialog.get_by_label("Що хоче сказати орган").fill(words)
        dialog.get_by_role("button", name="Додати до справи").click()
        self.told("Додано до справи")

    def _forward_to(self, step: str) -> None:
        self.page.get_by_role("button", name="Далі", exact=True).click()
        self._at(step)

    def _at(self, step: str) -> None:
        expect(self.page.get_by_role("heading", name=step, exact=True)).to_be_visible(timeout=_FAR_MS)

    # -- comparing ----------------------------------------------------------------------------------------------------

    def compare(self, old: str, new: str, **more: str) -> Page:
        """The page that compares two texts of the act."""
        query = "&".join(f"{name}={value}" for name, value in {"from": old, "to": new, **more}.items())
        self.page.goto(f"/acts/{self.cast.act}/compare?{query}")
        return self.page

    def compare_with(self, old: str, file: Path) -> Page:
        """The same with a file that this person has."""
        page = self.compare(old, "file")
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Вибрати файл").click()
        chooser.value.set_files(file)
        return page

    def summary(self) -> dict[str, int]:
        """How many changes of each kind the page counts."""
        expect(self.page.locator(".z-compare-text")).to_be_visible(timeout=_FAR_MS)
        lines = self.page.locator(".z-kinds-line")
        kinds = lines.locator(".z-kind").evaluate_all("marks => marks.map((mark) => mark.dataset.kind)")
        counts = lines.locator(".z-kinds-count").all_inner_texts()
        return {kind: int(count) for kind, count in zip(kinds, counts, strict=True)}


def get(stage: Stage, cast: Cast, who: str, path: str) -> Any:
    """What the API answers this person."""
    return stage.do(cast.get(who, path))
