"""Bodies and people as values."""

from dataclasses import dataclass

from server.access.roles import GlobalRole
from server.ids import BodyCode, UserId


@dataclass(frozen=True, slots=True)
class Body:
    """A ministry or another authority. An inactive one was merged away: it keeps its acts and takes no new people."""

    code: BodyCode
    name_uk: str
    name_en: str
    short_uk: str
    short_en: str
    hue: int
    """0..11, the body's colour."""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account; `disabled_at` in milliseconds UTC."""

    id: UserId
    email: str
    name: str
    position: str
    body: BodyCode
    role: GlobalRole
    locale: str
    demo: bool
    must_change_password: bool
    disabled_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """What is needed to make an account. Without a password nobody can sign in to it."""

    email: str
    name: str
    body: BodyCode
    position: str = ""
    role: GlobalRole = GlobalRole.NONE
    password: str = ""
    temporary: bool = False
    """The password was chosen by somebody else and must be changed first."""
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChange:
    """What an administrator changes; None leaves a field as it is."""

    name: str | None = None
    position: str | None = None
    body: BodyCode | None = None
    role: GlobalRole | None = None
    disabled: bool | None = None
