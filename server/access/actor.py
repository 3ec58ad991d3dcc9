"""Who is asking, and the act they ask about: the values the policy decides on."""

from dataclasses import dataclass, field

from server.access.roles import GlobalRole, Part, Role
from server.ids import ActId, BodyCode, UserId


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, as the server knows them; never built from what a client says."""

    id: UserId
    name: str
    body: BodyCode
    role: GlobalRole = GlobalRole.NONE
    session: str = ""
    """The session, token or ticket the actor came by; empty inside the server."""
    only_act: ActId | None = None
    """Set for a ticket: the actor may touch this act alone."""


@dataclass(frozen=True, slots=True)
class ActAccess:
    """What the policy needs to know of an act."""

    id: ActId
    lead_body: BodyCode
    bodies: dict[BodyCode, Part] = field(default_factory=dict)
    members: dict[UserId, frozenset[Role]] = field(default_factory=dict)
    sealed: bool = False
    releasers: frozenset[UserId] = frozenset()
    """Whom the administrators of their bodies have named to speak for them."""
