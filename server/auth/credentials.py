"""The secrets that stand for a person: made from 256 random bits, kept as SHA-256 only, told apart by a prefix."""

import hashlib
import secrets
from enum import StrEnum


class Credential(StrEnum):
    """The kinds of secrets, by prefix; scanners for leaked secrets can look for it."""

    SESSION = "zls_"
    TOKEN = "zlt_"  # noqa: S105 - a prefix
    TICKET = "zlk_"


def new_secret(kind: Credential) -> str:
    """A secret to be shown once."""
    return kind.value + secrets.token_urlsafe(32)


def kind_of(secret: str) -> Credential | None:
    """Which kind it says it is, or None."""
    return next((kind for kind in Credential if secret.startswith(kind.value)), None)


def secret_hash(secret: str) -> str:
    """What is stored: the secret is random, so a plain hash cannot be searched backwards."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
