"""Keys as a keyboard of any language sends them; Playwright knows only a Latin one and puts other letters in as an input method would."""

from playwright.sync_api import Page


class Keyboard:
    """Presses letters on one page."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)

    def press(self, letter: str) -> None:
        """Press a letter and let it go."""
        self._session.send("Input.dispatchKeyEvent", {"type": "keyDown", "key": letter, "text": letter, "unmodifiedText": letter})
        self._session.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": letter})
