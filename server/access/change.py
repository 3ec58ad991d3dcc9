"""What tells open connections that somebody's rights have changed."""

from dataclasses import dataclass

from server.ids import ActId, UserId


@dataclass(frozen=True, slots=True)
class AccessChange:
    """Look again at the rights of everyone this describes: the fields that are set must all match.

    `user` alone: disabled, moved to another body, password reset. `session`: that one session, token or ticket was
    revoked. `act` alone: its bodies or its seal changed; with `user`: one person's roles on it did.
    """

    user: UserId | None = None
    act: ActId | None = None
    session: str | None = None
