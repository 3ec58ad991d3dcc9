"""Passwords: how they are kept (argon2id, RFC 9106), and which ones are too easy to guess."""

import asyncio
import re
import secrets
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.errors import InvalidInput, TooManyRequests

T = TypeVar("T")

MIN_LENGTH = 12
MAX_LENGTH = 200
_MIN_DIFFERENT = 5
_THREADS = 2
_MAX_WAITING = 64
_ROWS = (
    "1234567890",
    "0987654321",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,./",
    "йцукенгшщзхїфівапролджєячсмитьбю",
    "abcdefghijklmnopqrstuvwxyz",
    "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
)
_COMMON = re.compile(r"passw[o0]rd|парол|qwerty|йцукен|admin|адмін|zlahoda|злагода|welcome|letmein|ukrain|україн")
_TEMPORARY_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # no letters that are mistaken for digits


class Passwords:
    """Hashing off the event loop, at most two at once: argon2 costs processor and memory on purpose.

    `hash_count` counts every hashing and checking, so that a test can see equal work for known and unknown people.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._pool = ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="argon2")
        self._waiting = 0
        self._nobody = _hash_of_nobody(self._hasher)
        self.hash_count = 0

    async def make_hash(self, password: str) -> str:
        """What to store for a password. Raises TooManyRequests when too many wait already."""
        return await self._run(lambda: self._hasher.hash(_normal(password)))

    async def is_right(self, stored: str, password: str) -> bool:
        """Whether the password fits; the same work is done for an empty `stored` (nobody, or nobody's password)."""

        def check() -> bool:
            try:
                return self._hasher.verify(stored or self._nobody, _normal(password)) and bool(stored)
            except (VerificationError, InvalidHashError):
                return False

        return await self._run(check)

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made with weaker settings than today's."""
        return self._hasher.check_needs_rehash(stored)

    def close(self) -> None:
        self._pool.shutdown(wait=True)

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= _MAX_WAITING:
            raise TooManyRequests(retry_after_s=5)
        self._waiting += 1
        self.hash_count += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1


def _hash_of_nobody(hasher: PasswordHasher) -> str:
    """A hash that no password has, in the PHC format, with today's settings: checking against it costs what any other check does."""
    salt, digest = (b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (hasher.salt_len, hasher.hash_len))
    return f"$argon2id$v=19$m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}${salt}${digest}"


def temporary_password() -> str:
    """Sixteen letters and digits in groups of four, to be read out over a telephone: 80 bits."""
    letters = [secrets.choice(_TEMPORARY_ALPHABET) for _ in range(16)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))


def require_strong(password: str, *about: str, field: str = "password") -> None:
    """Raises InvalidInput for a password that is short, monotonous, well known or made of `about` (name, e-mail)."""
    weakness = _weakness(_normal(password), about)
    if weakness is not None:
        uk, en = weakness
        raise InvalidInput(uk=uk, en=en, fields={field: weakness})


def _weakness(password: str, about: tuple[str, ...]) -> tuple[str, str] | None:
    if len(password) < MIN_LENGTH:
        return f"Пароль має містити щонайменше {MIN_LENGTH} символів.", f"The password must have at least {MIN_LENGTH} characters."
    if len(password) > MAX_LENGTH:
        return f"Пароль має містити щонайбільше {MAX_LENGTH} символів.", f"The password must have at most {MAX_LENGTH} characters."
    rest = _without_known(password.casefold(), about)
    if len(set(password)) < _MIN_DIFFERENT or len(rest) < MIN_LENGTH // 2:
        return "Такий пароль легко вгадати. Візьміть кілька випадкових слів.", "This password is easy to guess. Take a few random words."
    return None


def _without_known(password: str, about: tuple[str, ...]) -> str:
    """What is left of a password when runs of the keyboard, well-known words and the person's own names are taken out."""
    rest = _COMMON.sub("", password)
    for known in re.split(r"[\s@.\-_']+", " ".join(about).casefold()):
        if len(known) >= 4:
            rest = rest.replace(known, "")
    for row in _ROWS:
        for start in range(len(row) - 3):
            rest = rest.replace(row[start : start + 4], "")
    return re.sub(r"(.{1,4}?)\1{2,}", r"\1", rest)


def _normal(password: str) -> str:
    """NFC (RFC 8265 §4.2.2), so that one password typed on two keyboards is one password."""
    return unicodedata.normalize("NFC", password)
