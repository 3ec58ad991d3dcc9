"""Somebody typing here and there in an act's first unit, as updates."""

import random
from typing import Any

import pycrdt

REMEMBERED = 200
"""After so many edits some of them come again instead of new ones."""


class Keystrokes:
    """An honest editor: types and deletes; `update` gives what it would send."""

    def __init__(self, chance: random.Random, state: bytes = b"") -> None:
        self._chance = chance
        self._doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=chance.randrange(2, 2**31))
        if state:
            self.learn(state)
        self._made: list[bytes] = []
        self._update = b""
        self._doc.observe(self._keep)

    def _keep(self, event: pycrdt.TransactionEvent) -> None:
        self._update = event.update

    def learn(self, state: bytes) -> None:
        """Take what others wrote."""
        self._doc.apply_update(state)

    def update(self) -> bytes:
        """The next edit, or one of the past ones."""
        if len(self._made) > REMEMBERED:
            return self._chance.choice(self._made)
        text = self._doc.get("default", type=pycrdt.XmlFragment).children[0].children[0]
        assert isinstance(text, pycrdt.XmlText)
        letters = str(text)
        at = self._chance.randrange(len(letters)) if letters else 0
        before = len(letters[:at].encode())
        if len(letters) > 40 and self._chance.random() < 0.3:
            del text[before : before + len(letters[at].encode())]
        else:
            text.insert(before, self._chance.choice(["ж", "Закон ", "x" * 50]))
        self._made.append(self._update)
        return self._update
