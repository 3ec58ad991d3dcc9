"""Working days and deadlines on a calendar that is data: holidays, moved days, martial law. Pure.

Times are milliseconds UTC; days are those of the calendar's time zone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from server.approval.policy import DeadlineClass, Words

FARTHEST_DAYS = 3660
"""A deadline is looked for no farther than ten years ahead."""

_DAY = timedelta(days=1)


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Holiday(Words):
    """A day of every year from `from` until `until` (both included): a date `MM-DD`, or so many days after Orthodox Easter."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    day: Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")] = ""
    easter: Annotated[int, Field(ge=-60, le=60)] | None = None
    since: Annotated[int, Field(alias="from", ge=1991, le=9999)] = 1991
    until: Annotated[int, Field(ge=1991, le=9999)] = 9999

    @model_validator(mode="after")
    def _one_of_both(self) -> "Holiday":
        if bool(self.day) == (self.easter is not None):
            raise ValueError("either day or easter")
        return self


class Moved(_Frozen):
    """The Cabinet moved a working day: nobody works on `off`, everybody on `work`."""

    off: date
    work: date


class MartialLaw(_Frozen):
    """From `from` on holidays are ordinary days and nothing is moved; an empty `until` means that it lasts."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    holidays_are_working: bool
    since: Annotated[date, Field(alias="from")]
    until: date | Literal[""]

    def covers(self, day: date) -> bool:
        """Whether this day is an ordinary one because of it."""
        return self.holidays_are_working and self.since <= day and (self.until == "" or day <= self.until)


class CalendarFile(Words):
    """The file; weekdays count from 1 (Monday) to 7."""

    format: Literal[1]
    id: str
    note: str = ""
    weekend: Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(max_length=6)]
    weekend_holiday_moves: bool
    martial_law: MartialLaw
    holidays: list[Holiday]
    moved: list[Moved]


def moved_mistake(data: CalendarFile) -> Iterator[tuple[int, str]]:
    """Moved days that contradict each other or move nothing, by their place in the file."""
    offs: set[date] = set()
    for number, moved in enumerate(data.moved):
        if moved.off in offs or moved.off == moved.work:
            yield number, f"the day {moved.off} is moved twice or to itself"
        if moved.work.isoweekday() not in data.weekend:
            yield number, f"{moved.work} is a working day anyway"
        offs.add(moved.off)


@dataclass(frozen=True)
class Calendar:
    """Which days are worked, and when a deadline passes: at the end of its last working day."""

    data: CalendarFile
    zone: ZoneInfo
    day_ends: str
    _off: dict[int, frozenset[date]] = field(default_factory=dict, compare=False, repr=False)
    """Days off by year, as far as somebody has asked."""

    def is_working(self, day: date) -> bool:
        """Whether bodies work on this day."""
        weekend = day.isoweekday() in self.data.weekend
        if self.data.martial_law.covers(day):
            return not weekend
        if any(moved.work == day for moved in self.data.moved):
            return True
        if weekend or any(moved.off == day for moved in self.data.moved):
            return False
        if day.year not in self._off:
            self._off[day.year] = _days_off(self.data, day.year)
        return day not in self._off[day.year]

    def due_at(self, sent_at: int, rule: DeadlineClass) -> int:
        """When the class, counted from the day after sending, has passed: the end of its last working day."""
        sent = self.day_of(sent_at)
        if rule.working_days is not None:
            return self._end(self._working_day(sent, rule.working_days))
        last = add_months(sent, rule.months or 0)
        return self._end(last if self.is_working(last) else self._working_day(last, 1))

    def days_left(self, now: int, due_at: int) -> int:
        """Whole working days after today until the due day, 0 on that day; below 0 once it has passed."""
        today, due = self.day_of(now), self.day_of(due_at)
        if now > due_at:
            return -max(1, self._count(due, today))
        return self._count(today, due)

    def day_of(self, at: int) -> date:
        """The calendar day of a moment."""
        return datetime.fromtimestamp(at / 1000, self.zone).date()

    def moment_of(self, day: date, *, end: bool = False) -> int:
        """The first, or the last, millisecond of a calendar day."""
        start = datetime.combine(day + _DAY if end else day, time(), self.zone)
        return int(start.timestamp() * 1000) - int(end)

    def shown(self, at: int) -> str:
        """A moment as papers show it."""
        return datetime.fromtimestamp(at / 1000, self.zone).strftime("%d.%m.%Y %H:%M")

    def _count(self, after: date, until: date) -> int:
        days = min((until - after).days, FARTHEST_DAYS)
        return sum(self.is_working(after + timedelta(days=number)) for number in range(1, days + 1))

    def _working_day(self, day: date, number: int) -> date:
        """The so-manieth working day after a day."""
        last = day + timedelta(days=FARTHEST_DAYS)
        while number and day < last:
            day += _DAY
            number -= self.is_working(day)
        return day

    def _end(self, day: date) -> int:
        hour, minute = map(int, self.day_ends.split(":"))
        return int(datetime.combine(day, time(hour, minute), self.zone).timestamp() * 1000)


def _days_off(data: CalendarFile, year: int) -> frozenset[date]:
    """Holidays of a year, and the working days that follow those on a weekend."""
    off = {day for one in data.holidays if one.since <= year <= one.until and (day := _day_in(one, year)) is not None}
    if data.weekend_holiday_moves:
        for day in sorted(day for day in off if day.isoweekday() in data.weekend):
            off.add(next(free for free in _days_after(day) if free not in off and free.isoweekday() not in data.weekend))
    return frozenset(off)


def _days_after(day: date) -> Iterator[date]:
    return (day + timedelta(days=number) for number in range(1, FARTHEST_DAYS))


def _day_in(holiday: Holiday, year: int) -> date | None:
    if holiday.easter is not None:
        return orthodox_easter(year) + timedelta(days=holiday.easter)
    month, day = map(int, holiday.day.split("-"))
    return date(year, month, day) if (month, day) != (2, 29) or year % 4 == 0 else None


def orthodox_easter(year: int) -> date:
    """Easter by the Julian reckoning, as a Gregorian date (Meeus, Astronomical Algorithms, chapter 8)."""
    a, b, c = year % 4, year % 7, year % 19
    d = (19 * c + 15) % 30
    e = (2 * a + 4 * b - d + 34) % 7
    month, day = divmod(d + e + 114, 31)
    return date(year, month, day + 1) + timedelta(days=year // 100 - year // 400 - 2)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - _DAY).day
    return date(year, month, min(day.day, last))
