"""The one policy: what an actor may do, on an act or in the whole system. Pure; tested as a full matrix.

Rights on an act need both a role of the person and a part of their body (D13): a role above what the part allows counts
as the highest role it does allow, and without a part no role counts at all. Global roles give no right to read an act:
an `admin` administers people, an `auditor` reads the audit, a `body_admin` sees the card of the acts their body takes
part in, to give its people roles there.
"""

from enum import StrEnum

from server.access.actor import ActAccess, Actor
from server.access.roles import GlobalRole, Part, Role, Scope
from server.errors import Forbidden, NotFound
from server.ids import BodyCode


class Action(StrEnum):
    """What somebody may ask to do. The first group is asked of an act, the second of the whole system."""

    SEE_CARD = "see_card"
    """Title, kind, bodies and members; not the text."""
    READ = "read"
    SEE_HISTORY = "see_history"
    COMPARE = "compare"
    EXPORT = "export"
    COMMENT = "comment"
    SUGGEST = "suggest"
    EDIT = "edit"
    ACCEPT = "accept"
    RENAME = "rename"
    FREEZE = "freeze"
    INVITE = "invite"
    """Name the bodies that take part."""
    GRANT = "grant"
    """Give people roles; `may_grant` says which ones, to whom."""
    STATE_POSITION = "state_position"
    GIVE_OPINION = "give_opinion"
    RELEASE = "release"
    """Show what the own body proposes to everyone in the act, and send formal remarks in its name."""
    ANSWER = "answer"
    """Answer the formal remarks of the bodies."""
    OPEN_ROUND = "open_round"
    """Send a revision to the bodies, or to the legal expertise."""
    ASK_VISAS = "ask_visas"
    """Ask people of one's own body for their visas."""
    VISA = "visa"
    """Give one's visa, when asked."""
    ADVANCE = "advance"
    """Move the act on in its procedure: submit it, record what was decided. The table of the procedure says when."""
    WITHDRAW = "withdraw"
    SEAL = "seal"
    """Record the signature: nothing changes afterwards."""
    READ_AUDIT = "read_audit"

    CREATE_ACT = "create_act"
    ADMINISTER = "administer"
    """People and global roles of every body."""
    OPERATE = "operate"
    """Look after the server: its nodes, the health of documents (never their text), quarantine, restoring a document."""
    ADMINISTER_BODY = "administer_body"
    """People of one's own body, without their global roles."""
    READ_SYSTEM_AUDIT = "read_system_audit"


SYSTEM_ACTIONS = frozenset({Action.CREATE_ACT, Action.ADMINISTER, Action.OPERATE, Action.ADMINISTER_BODY, Action.READ_SYSTEM_AUDIT})

_READER = frozenset({Action.SEE_CARD, Action.READ, Action.SEE_HISTORY, Action.COMPARE, Action.EXPORT})
_REVIEWER = _READER | {Action.COMMENT, Action.SUGGEST}
_DRAFTER = _REVIEWER | {Action.EDIT, Action.ACCEPT, Action.RENAME}
_APPROVAL = frozenset({Action.OPEN_ROUND, Action.ASK_VISAS, Action.VISA, Action.ADVANCE, Action.WITHDRAW, Action.SEAL})
_BY_ROLE: dict[Role, frozenset[Action]] = {
    Role.READER: _READER,
    Role.LEGAL: _READER | {Action.COMMENT, Action.GIVE_OPINION, Action.VISA},
    Role.SIGNATORY: _READER | {Action.COMMENT, Action.STATE_POSITION, Action.ASK_VISAS, Action.VISA},
    Role.REVIEWER: _REVIEWER | {Action.VISA},
    Role.DRAFTER: _DRAFTER | {Action.VISA},
    Role.LEAD: _DRAFTER | {Action.FREEZE, Action.INVITE, Action.GRANT, Action.READ_AUDIT, Action.ANSWER, *_APPROVAL},
}
_SPEAKS_FOR_BODY = frozenset({Role.LEAD, Role.SIGNATORY})

_ENDS_WITH_SEAL = frozenset(
    {Action.EDIT, Action.SUGGEST, Action.ACCEPT, Action.RENAME, Action.FREEZE, Action.STATE_POSITION, Action.GIVE_OPINION}
) | (_APPROVAL - {Action.ADVANCE})
_BY_TICKET = frozenset({*_DRAFTER}) - {Action.RENAME}

_PART_ALLOWS: dict[Part, frozenset[Role]] = {
    Part.LEAD: frozenset(Role),
    Part.CO_DEVELOPER: frozenset(Role) - {Role.LEAD},
    Part.INTERESTED: frozenset({Role.REVIEWER, Role.SIGNATORY, Role.LEGAL, Role.READER}),
    Part.READER: frozenset({Role.READER}),
}
_INSTEAD: dict[Part, Role] = {
    Part.LEAD: Role.LEAD,
    Part.CO_DEVELOPER: Role.DRAFTER,
    Part.INTERESTED: Role.REVIEWER,
    Part.READER: Role.READER,
}
_BODY_ADMIN_GRANTS = frozenset({Role.REVIEWER, Role.SIGNATORY, Role.LEGAL, Role.READER})
_LEAD_INVITES = frozenset({Role.DRAFTER, Role.REVIEWER, Role.READER})


def part_of(body: BodyCode, act: ActAccess) -> Part | None:
    """The part a body takes in an act, or None."""
    return Part.LEAD if body == act.lead_body else act.bodies.get(body)


def roles_of(actor: Actor, act: ActAccess) -> frozenset[Role]:
    """The roles that count: those given, each held down to what the part of the actor's body allows."""
    part = part_of(actor.body, act)
    if part is None:
        return frozenset()
    allowed = _PART_ALLOWS[part]
    return frozenset(role if role in allowed else _INSTEAD[part] for role in act.members.get(actor.id, ()))


def can(actor: Actor, action: Action, act: ActAccess | None = None) -> bool:
    """Whether the actor may do this, to this act; a system action is asked without one."""
    if action in SYSTEM_ACTIONS:
        return act is None and _may_in_system(actor, action)
    return act is not None and _may_on_act(actor, action, act)


def require(actor: Actor, action: Action, act: ActAccess | None = None) -> None:
    """Raises Forbidden; NotFound where the actor may not even know that the act exists."""
    if can(actor, action, act):
        return
    if act is not None and not can(actor, Action.SEE_CARD, act):
        raise NotFound
    if act is not None and act.sealed and action in _ENDS_WITH_SEAL:
        raise Forbidden(uk="Акт опечатано: його текст більше не змінюється.", en="The act is sealed: its text no longer changes.")
    raise Forbidden


def scope_of(actor: Actor, act: ActAccess) -> Scope:
    """What a connection of this actor may send into a document of this act."""
    if can(actor, Action.EDIT, act):
        return Scope.WRITE
    if can(actor, Action.SUGGEST, act):
        return Scope.SUGGEST
    return Scope.READ if can(actor, Action.READ, act) else Scope.NONE


def abilities(actor: Actor, act: ActAccess) -> list[Action]:
    """Everything the actor may do to the act, in the order of `Action`: what the browser shows buttons for."""
    return [action for action in Action if action not in SYSTEM_ACTIONS and can(actor, action, act)]


def may_grant(actor: Actor, act: ActAccess, role: Role, body: BodyCode) -> bool:
    """Whether the actor may give (or take) this role to a person of this body.

    A lead gives every role inside the lead body and invites others as drafters (their body becomes a co-developer),
    reviewers or readers. Who signs or gives opinions for another body is for that body's administrator to say; the one
    of the lead body also names its leads and drafters, so that an act whose lead has left is not orphaned.
    """
    if not can(actor, Action.GRANT, act):
        return False
    part = part_of(body, act)
    if Role.LEAD in roles_of(actor, act) and (body == act.lead_body or role in _LEAD_INVITES):
        return True
    if not _is_body_admin(actor) or body != actor.body or part is None:
        return False
    return part is Part.LEAD or role in _BODY_ADMIN_GRANTS & _PART_ALLOWS[part]


def may_name_releaser(actor: Actor, act: ActAccess, body: BodyCode) -> bool:
    """Whether the actor may say who speaks for this body: its own administrator, where the body takes part."""
    return _is_body_admin(actor) and body == actor.body and part_of(body, act) is not None


def _may_in_system(actor: Actor, action: Action) -> bool:
    if actor.only_act is not None:
        return False
    match action:
        case Action.ADMINISTER | Action.OPERATE:
            return actor.role is GlobalRole.ADMIN
        case Action.ADMINISTER_BODY:
            return actor.role in {GlobalRole.ADMIN, GlobalRole.BODY_ADMIN}
        case Action.READ_SYSTEM_AUDIT:
            return actor.role is GlobalRole.AUDITOR
        case _:
            return actor.role is not GlobalRole.AUDITOR


def _may_on_act(actor: Actor, action: Action, act: ActAccess) -> bool:
    if actor.only_act is not None and (actor.only_act != act.id or action not in _BY_TICKET):
        return False
    if act.sealed and action in _ENDS_WITH_SEAL:
        return False
    if action is Action.READ_AUDIT and actor.role is GlobalRole.AUDITOR:
        return True
    if action is Action.RELEASE:
        return _may_release(actor, act)
    if action in {Action.SEE_CARD, Action.GRANT} and _is_body_admin(actor) and part_of(actor.body, act) is not None:
        return True
    return any(action in _BY_ROLE[role] for role in roles_of(actor, act))


def _may_release(actor: Actor, act: ActAccess) -> bool:
    """Somebody who reads the act and speaks for the body: its lead or signatory here, its administrator, or whom that one named."""
    if actor.only_act is not None or not roles_of(actor, act):
        return False
    return bool(roles_of(actor, act) & _SPEAKS_FOR_BODY) or _is_body_admin(actor) or actor.id in act.releasers


def _is_body_admin(actor: Actor) -> bool:
    return actor.role is GlobalRole.BODY_ADMIN and actor.only_act is None
