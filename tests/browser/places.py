"""Every page of the product: who opens it, and by what one sees that it is there."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.server_process import wait_for

_STANDS = "document.querySelector('.z-loading, .z-spinner') === null && document.fonts.status === 'loaded'"


@dataclass(frozen=True, slots=True)
class Place:
    """A page. `{act}` in the path is a draft, `{asked}` an act that a round is about; `demo` opens it, None for nobody signed in.

    `presses` are names of buttons, pressed one after the other, with which the page comes to what is meant.
    """

    name: str
    path: str
    demo: str | None = "drafter-mvs"
    waits_for: str = "main h1"
    presses: tuple[str, ...] = ()

    def open(self, page: Page, act: str, asked: str) -> None:
        """Go there and wait until its content is shown."""
        page.goto(self.path.format(act=act, asked=asked))
        for name in self.presses:
            page.get_by_role("button", name=re.compile(name)).first.click()
        expect(page.locator(self.waits_for).first).to_be_visible()
        wait_for(f"{self.name} without signs of loading", lambda: bool(page.evaluate(_STANDS)))


PLACES = (
    Place("sign-in", "/sign-in", demo=None),
    Place("home", "/"),
    Place("waiting", "/waiting"),
    Place("acts", "/acts"),
    Place("acts-none-found", "/acts?q=немає-такого-ґ"),
    Place("acts-board", "/acts?view=board"),
    Place("new-act", "/acts/new"),
    Place("import", "/acts/import"),
    Place("act", "/acts/{act}", waits_for=".ProseMirror [data-bid]"),
    Place("act-panel", "/acts/{act}?panel=about", waits_for=".z-about"),
    Place("act-reviewer", "/acts/{act}", demo="reviewer-minfin", waits_for=".ProseMirror [data-bid]"),
    Place("compare", "/acts/{act}/compare?view=redline", waits_for=".z-compare-text"),
    Place("approval", "/acts/{asked}?panel=approval", waits_for=".z-bodies-rows"),
    Place("approval-signatory", "/acts/{asked}?panel=approval", demo="signatory-minfin", waits_for=".z-turn"),
    Place("waiting-signatory", "/waiting", demo="signatory-minfin", waits_for=".z-waiting-card"),
    Place("position", "/acts/{asked}/position?round=1", demo="signatory-minfin"),
    Place(
        "position-choice",
        "/acts/{asked}/position?round=1",
        demo="signatory-minfin",
        waits_for=".z-radios",
        presses=("Далі|Next", "Далі|Next", "Далі|Next"),
    ),
    Place("papers", "/acts/{asked}/papers?round=1&kind=protocol", waits_for=".z-paper-scroll"),
    Place("deputies", "/deputies", demo="signatory-minfin"),
    Place("round", "/acts/{act}?panel=approval", waits_for=".z-choices", presses=("Надіслати на погодження|Send for approval",)),
    Place("history-panel", "/acts/{act}?panel=history", waits_for=".z-panels"),
    Place("player", "/acts/{act}/history"),
    Place("act-without-access", "/acts/{act}", demo="reviewer-mineconomy"),
    Place("no-such-page", "/немає"),
    Place("bodies", "/bodies"),
    Place("profile", "/profile"),
    Place("more", "/more"),
    Place("people", "/people", demo="admin"),
    Place("people-of-a-body", "/people", demo="body-admin-mvs"),
    Place("audit", "/audit", demo="auditor"),
)
