"""Who sits in which room, and whether they still may: bounded for each person, looked at again whenever rights or sessions change."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, fields
from functools import partial

from server.access.change import AccessChange
from server.broker.broker import Notice
from server.errors import NotSignedIn, TooManyRequests
from server.ids import UserId, act_of
from server.rooms.connection import Connection
from server.rooms.home import Home
from server.rooms.surroundings import Surroundings

ACCESS = "access"
"""The topic of notices about rights."""

_FIELDS = {field.name for field in fields(AccessChange)}


class Seat:
    """One connection in one room."""

    __slots__ = ("connection", "home")

    def __init__(self, home: Home, connection: Connection) -> None:
        self.home = home
        self.connection = connection

    def end_session(self) -> None:
        """The person's session is over: out, with the reason."""
        if not self.connection.closed:
            self.home.run(partial(self.home.room.put_out, self.connection, NotSignedIn.close_code, NotSignedIn.code))


class Seats:
    """Every seat of the process."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._seats: dict[int, Seat] = {}
        self._per_user: Counter[UserId] = Counter()
        self._people: dict[str, str] = {}
        surroundings.broker.on_notice(self._hear)

    def __iter__(self) -> Iterator[Seat]:
        """Those taken now; what changes meanwhile changes nothing."""
        return iter(list(self._seats.values()))

    def __len__(self) -> int:
        return len(self._seats)

    def reserve(self, user: UserId) -> None:
        """Count one more place of a person. Raises TooManyRequests."""
        if self._per_user[user] >= self._surroundings.settings.max_connections_per_user:
            raise TooManyRequests("too many connections of one person")
        self._per_user[user] += 1

    def give_back(self, user: UserId) -> None:
        """A place that was reserved is free again."""
        self._per_user[user] -= 1
        if not self._per_user[user]:
            del self._per_user[user]

    def take(self, seat: Seat) -> None:
        """Sit down on a place that was reserved."""
        self._seats[seat.connection.number] = seat

    def leave(self, seat: Seat) -> bool:
        """Stand up; False when nobody sat there any more."""
        if self._seats.pop(seat.connection.number, None) is None:
            return False
        self.give_back(seat.connection.user)
        return True

    # -- rights --------------------------------------------------------------------------------------------------------

    def access_changed(self, change: AccessChange) -> None:
        """Look again at the rights of everyone a change describes, here and on the other nodes; called after its commit."""
        said = tuple((name, value) for name, value in asdict(change).items() if value is not None)
        self._surroundings.broker.announce(Notice(ACCESS, said))
        self._look_at(change)

    def _hear(self, notice: Notice) -> None:
        """Another node's notice. One that cannot be read makes us look at everybody."""
        if notice.topic == ACCESS:
            said = {name: value for name, value in notice.fields if name in _FIELDS}
            self._look_at(AccessChange(**said))  # type: ignore[arg-type]  # the names of the fields, and all of them strings

    def _look_at(self, change: AccessChange) -> None:
        for seat in self:
            actor = seat.connection.grant.actor
            if change.user not in {None, actor.id} or change.session not in {None, actor.session}:
                continue
            if change.act not in {None, act_of(seat.home.document)}:
                continue
            self._surroundings.tasks.spawn(_look_again(seat, session_ended=change.session is not None))

    # -- sessions ------------------------------------------------------------------------------------------------------

    async def check_sessions(self) -> None:
        """Whose session ended goes, whose role or body is another now is looked at again (D14)."""
        sessions = self._surroundings.sessions
        if sessions is None:
            return
        asked = {session for seat in self._seats.values() if (session := seat.connection.grant.actor.session)}
        if not asked:
            return
        before, self._people = self._people, dict(await sessions.standing(asked))
        for seat in self:
            session = seat.connection.grant.actor.session
            if session in asked and session not in self._people:
                seat.end_session()
            elif session in before and before[session] != self._people.get(session):
                self._surroundings.tasks.spawn(seat.home.regrant(seat.connection))

    async def touch_sessions(self) -> None:
        """Say which sessions have somebody at work: an open tab by itself keeps no session alive."""
        at_work = [seat.connection for seat in self._seats.values() if seat.connection.at_work]
        for connection in at_work:
            connection.at_work = False
        worked = {session for connection in at_work if (session := connection.grant.actor.session)}
        if worked and self._surroundings.sessions is not None:
            await self._surroundings.sessions.touch(worked)


async def _look_again(seat: Seat, *, session_ended: bool) -> None:
    if session_ended:
        seat.end_session()
    else:
        await seat.home.regrant(seat.connection)
