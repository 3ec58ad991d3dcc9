"""The whole matrix of the policy: role × part × global role × own body × seal × ticket, against a table written by hand."""

from itertools import product

import pytest

from server.access.actor import ActAccess, Actor
from server.access.policy import SYSTEM_ACTIONS, Action, abilities, can, may_grant, may_name_releaser, require, roles_of, scope_of
from server.access.roles import GlobalRole, Part, Role, Scope
from server.errors import Forbidden, NotFound
from server.ids import ActId, BodyCode, UserId

ACT, OTHER_ACT = ActId("a" * 32), ActId("b" * 32)
LEAD_BODY, OWN_BODY = BodyCode("mvs"), BodyCode("minfin")
ME, SOMEBODY = UserId("1" * 32), UserId("2" * 32)
ACT_ACTIONS = [action for action in Action if action not in SYSTEM_ACTIONS]

# What each role may do, in the words of DESIGN §5: reader < (legal, signatory, reviewer) < drafter < lead.
READER = "see_card read see_history compare export"
TABLE = {
    Role.READER: READER,
    Role.LEGAL: f"{READER} comment give_opinion visa",
    Role.SIGNATORY: f"{READER} comment state_position release ask_visas visa",
    Role.REVIEWER: f"{READER} comment suggest visa",
    Role.DRAFTER: f"{READER} comment suggest edit accept rename visa",
    Role.LEAD: (
        f"{READER} comment suggest edit accept rename freeze invite grant read_audit release answer "
        "open_round ask_visas visa advance withdraw seal"
    ),
}
# What a role is worth in a body that takes this part (D13).
WORTH: dict[Part | None, dict[Role, Role | None]] = {
    Part.LEAD: {role: role for role in Role},
    Part.CO_DEVELOPER: {**{role: role for role in Role}, Role.LEAD: Role.DRAFTER},
    Part.INTERESTED: {**{role: role for role in Role}, Role.LEAD: Role.REVIEWER, Role.DRAFTER: Role.REVIEWER},
    Part.READER: dict.fromkeys(Role, Role.READER),
    None: dict.fromkeys(Role),
}
APPROVAL = {"open_round", "ask_visas", "visa", "withdraw", "seal", "state_position", "give_opinion"}
SEALED_FORBIDS = {"suggest", "edit", "accept", "rename", "freeze"} | APPROVAL
TICKET_FORBIDS = {"rename", "freeze", "invite", "grant", "read_audit", "release", "answer", "advance"} | APPROVAL


def act_with(role: Role | None, part: Part | None, *, sealed: bool = False) -> ActAccess:
    """An act of МВС, or of the actor's own body when the part is lead, in which the actor has this role."""
    bodies = {} if part in {None, Part.LEAD} else {OWN_BODY: part}
    members = {ME: frozenset({role})} if role else {}
    return ActAccess(ACT, OWN_BODY if part is Part.LEAD else LEAD_BODY, {b: p for b, p in bodies.items() if p}, members, sealed)


def expected(role: Role | None, part: Part | None, global_role: GlobalRole, *, sealed: bool, ticket: ActId | None) -> set[str]:
    worth = WORTH[part][role] if role else None
    actions = set(TABLE[worth].split()) if worth else set()
    if global_role is GlobalRole.BODY_ADMIN and part is not None:
        actions |= {"see_card", "grant"} | ({"release"} if worth else set())
    if global_role is GlobalRole.AUDITOR:
        actions |= {"read_audit"}
    if sealed:
        actions -= SEALED_FORBIDS
    if ticket is not None:
        actions = set(TABLE[worth].split()) - TICKET_FORBIDS - (SEALED_FORBIDS if sealed else set()) if worth and ticket == ACT else set()
    return actions


MATRIX = list(product([None, *Role], [None, *Part], GlobalRole, [False, True], [None, ACT, OTHER_ACT]))


def test_the_matrix_is_whole() -> None:
    assert len(MATRIX) == 7 * 5 * 4 * 2 * 3


@pytest.mark.parametrize("global_role", GlobalRole)
def test_every_cell_of_the_matrix_is_as_the_table_says(global_role: GlobalRole) -> None:
    for role, part, _, sealed, ticket in [cell for cell in MATRIX if cell[2] is global_role]:
        actor, act = Actor(ME, "Оксана", OWN_BODY, global_role, only_act=ticket), act_with(role, part, sealed=sealed)
        wanted = expected(role, part, global_role, sealed=sealed, ticket=ticket)
        cell = f"{role=} {part=} {global_role=} {sealed=} {ticket=}"
        assert {action.value for action in ACT_ACTIONS if can(actor, action, act)} == wanted, cell
        assert [action.value for action in abilities(actor, act)] == [action.value for action in ACT_ACTIONS if action.value in wanted], (
            cell
        )
        for action in ACT_ACTIONS:
            if action.value in wanted:
                require(actor, action, act)
            else:
                with pytest.raises(Forbidden if "see_card" in wanted else NotFound):
                    require(actor, action, act)


def test_the_scope_of_a_connection_follows_from_the_rights() -> None:
    for role, part, global_role, sealed, ticket in MATRIX:
        actor = Actor(ME, "Оксана", OWN_BODY, global_role, only_act=ticket)
        wanted = expected(role, part, global_role, sealed=sealed, ticket=ticket)
        scope = (
            Scope.WRITE if "edit" in wanted else Scope.SUGGEST if "suggest" in wanted else Scope.READ if "read" in wanted else Scope.NONE
        )
        assert scope_of(actor, act_with(role, part, sealed=sealed)) is scope


def test_P3_only_people_of_the_lead_or_a_co_developer_body_ever_write() -> None:
    for role, part, global_role, sealed, ticket in MATRIX:
        actor = Actor(ME, "Оксана", OWN_BODY, global_role, only_act=ticket)
        if scope_of(actor, act_with(role, part, sealed=sealed)) is Scope.WRITE:
            assert part in {Part.LEAD, Part.CO_DEVELOPER}
            assert role in {Role.LEAD, Role.DRAFTER}
            assert not sealed


def test_no_global_role_reads_the_text_of_an_act() -> None:
    for part, global_role in product([None, *Part], GlobalRole):
        assert not can(Actor(ME, "Адміністратор", OWN_BODY, global_role), Action.READ, act_with(None, part))


def test_somebody_elses_role_gives_nothing() -> None:
    act = ActAccess(ACT, OWN_BODY, {}, {SOMEBODY: frozenset({Role.LEAD})})
    assert abilities(Actor(ME, "Оксана", OWN_BODY), act) == []


def test_a_person_holds_the_rights_of_all_their_roles() -> None:
    act = ActAccess(ACT, LEAD_BODY, {OWN_BODY: Part.INTERESTED}, {ME: frozenset({Role.SIGNATORY, Role.REVIEWER})})
    actor = Actor(ME, "Заступник Міністра", OWN_BODY)
    assert roles_of(actor, act) == {Role.SIGNATORY, Role.REVIEWER}
    assert can(actor, Action.STATE_POSITION, act)
    assert can(actor, Action.SUGGEST, act)


SYSTEM_TABLE = {
    GlobalRole.NONE: {"create_act"},
    GlobalRole.ADMIN: {"create_act", "administer", "administer_body", "operate"},
    GlobalRole.BODY_ADMIN: {"create_act", "administer_body"},
    GlobalRole.AUDITOR: {"read_system_audit"},
}


@pytest.mark.parametrize("role", GlobalRole)
def test_system_actions_follow_the_global_role_and_no_ticket_opens_them(role: GlobalRole) -> None:
    assert {action.value for action in SYSTEM_ACTIONS if can(Actor(ME, "Я", OWN_BODY, role), action)} == SYSTEM_TABLE[role]
    assert not any(can(Actor(ME, "Я", OWN_BODY, role, only_act=ACT), action) for action in SYSTEM_ACTIONS)
    assert not any(can(Actor(ME, "Я", OWN_BODY, role), action, act_with(Role.LEAD, Part.LEAD)) for action in SYSTEM_ACTIONS)
    assert not any(can(Actor(ME, "Я", OWN_BODY, role), action) for action in ACT_ACTIONS)


def test_D5_a_member_whom_the_administrator_of_the_body_named_releases_and_nobody_else_gains_by_it() -> None:
    for role, part, global_role, sealed, ticket in MATRIX:
        plain = act_with(role, part, sealed=sealed)
        named = ActAccess(plain.id, plain.lead_body, plain.bodies, plain.members, sealed, releasers=frozenset({ME}))
        other = ActAccess(plain.id, plain.lead_body, plain.bodies, plain.members, sealed, releasers=frozenset({SOMEBODY}))
        actor = Actor(ME, "Оксана", OWN_BODY, global_role, only_act=ticket)
        wanted = expected(role, part, global_role, sealed=sealed, ticket=ticket)
        reads = "read" in wanted and ticket is None
        assert {action.value for action in ACT_ACTIONS if can(actor, action, named)} == wanted | ({"release"} if reads else set())
        assert {action.value for action in ACT_ACTIONS if can(actor, action, other)} == wanted


def test_only_the_administrator_of_a_body_that_takes_part_says_who_speaks_for_it() -> None:
    for part, global_role, body in product([None, *Part], GlobalRole, [OWN_BODY, BodyCode("moz")]):
        actor = Actor(ME, "Оксана", OWN_BODY, global_role)
        wanted = global_role is GlobalRole.BODY_ADMIN and part is not None and body == OWN_BODY
        assert may_name_releaser(actor, act_with(Role.LEAD, part), body) == wanted


def may_give(actor: Actor, act: ActAccess, body: BodyCode) -> set[Role]:
    return {role for role in Role if may_grant(actor, act, role, body)}


def test_D13_a_lead_gives_every_role_at_home_and_invites_others_without_naming_their_signatories() -> None:
    lead = Actor(ME, "Головна розробниця", LEAD_BODY)
    act = ActAccess(ACT, LEAD_BODY, {OWN_BODY: Part.INTERESTED}, {ME: frozenset({Role.LEAD})})
    assert may_give(lead, act, LEAD_BODY) == set(Role)
    assert may_give(lead, act, OWN_BODY) == {Role.DRAFTER, Role.REVIEWER, Role.READER}
    assert may_give(lead, act, BodyCode("moz")) == {Role.DRAFTER, Role.REVIEWER, Role.READER}


def test_D13_a_body_administrator_gives_roles_to_own_people_within_the_part_of_the_body() -> None:
    admin = Actor(ME, "Адміністраторка Мінфіну", OWN_BODY, GlobalRole.BODY_ADMIN)
    given = {part: may_give(admin, act_with(None, part), OWN_BODY) for part in [None, *Part]}
    four = {Role.REVIEWER, Role.SIGNATORY, Role.LEGAL, Role.READER}
    assert given == {None: set(), Part.LEAD: set(Role), Part.CO_DEVELOPER: four, Part.INTERESTED: four, Part.READER: {Role.READER}}
    assert may_give(admin, act_with(None, Part.INTERESTED), LEAD_BODY) == set()


def test_nobody_else_gives_roles() -> None:
    for role, global_role in product(
        [role for role in Role if role is not Role.LEAD], [GlobalRole.NONE, GlobalRole.ADMIN, GlobalRole.AUDITOR]
    ):
        actor = Actor(ME, "Оксана", OWN_BODY, global_role)
        assert may_give(actor, act_with(role, Part.LEAD), OWN_BODY) == set()
