"""One person at one browser: a context of their own, signed in, whose scripts must not fail."""

from typing import Any, Protocol

from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Playwright, expect

CHROMIUM = "/usr/bin/chromium"
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"viewport": {"width": 1280, "height": 860}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36",
}
TIMEOUT_MS = 20_000


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium, without a window."""
    expect.set_options(timeout=TIMEOUT_MS)
    return playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)


class Reachable(Protocol):
    """A server that browsers reach."""

    @property
    def url(self) -> str:
        """Its address, without a closing slash."""
        ...


class Person:
    """Somebody at a browser: a demo account, or whoever signs in. `errors` are uncaught errors, scripts' dialogs, broken content policy."""

    def __init__(self, browser: Browser, server: Reachable, demo: str | None, *, phone: bool = False, **options: Any) -> None:
        self.server = server
        self.demo = demo
        self.has_phone = phone
        self.errors: list[str] = []
        given = {"locale": "uk-UA", "timezone_id": "Europe/Kyiv", "base_url": server.url, **(PHONE if phone else DESKTOP), **options}
        self.context: BrowserContext = browser.new_context(**given)
        self.context.set_default_timeout(TIMEOUT_MS)
        self.context.add_init_script(_WATCH_POLICY)
        if demo is not None:
            self.sign_in(demo)

    def sign_in(self, demo: str) -> None:
        """Sign in without the page: the session cookie lands in this context."""
        self._sign_in({"demo": demo})

    def sign_in_with(self, email: str, password: str) -> None:
        """The same for an account that is no demo account."""
        self._sign_in({"email": email, "password": password})

    def _sign_in(self, given: dict[str, str]) -> None:
        answer = self.context.request.post("/api/v1/session", data=given, headers={"x-zlahoda-csrf": "1"})
        assert answer.ok, answer.text()

    def speak(self, locale: str) -> None:
        """The language this browser chose for the interface, "uk" or "en"; for pages opened from now on."""
        self.context.add_init_script(f"localStorage.setItem('zlahoda.locale', {locale!r})")

    def new_page(self) -> Page:
        """Another tab."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", self._dismiss)
        page.on("console", lambda message: self._hear(message.text))
        return page

    def go_offline(self) -> None:
        """The network is gone: frames on their way do not arrive, and nobody is told."""
        self.context.set_offline(True)

    def come_back(self) -> None:
        """The network is there again."""
        self.context.set_offline(False)

    def leave(self) -> None:
        """Close everything; fails when a script did."""
        self.context.close()
        assert self.errors == [], f"{self.demo}: {self.errors}"

    def _dismiss(self, dialog: Dialog) -> None:
        if dialog.type != "beforeunload":
            self.errors.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _hear(self, text: str) -> None:
        if text.startswith(_POLICY):
            self.errors.append(text)


_POLICY = "content policy broken:"
_WATCH_POLICY = f"""
addEventListener("securitypolicyviolation", (event) =>
  console.error("{_POLICY}", event.violatedDirective, event.blockedURI, event.sourceFile));
"""
