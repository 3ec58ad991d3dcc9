"""Working days and deadlines. Rule D1 of docs/spec/approval.md."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.approval.calendar import Calendar, add_months, orthodox_easter
from server.approval.policy import DeadlineClass
from server.approval.policy_file import default_rules

RULES = default_rules()
TODAY = RULES.calendar
CLASSES = RULES.policy.deadlines


def peace() -> Calendar:
    """The same calendar with the switch of martial law off."""
    off = TODAY.data.martial_law.model_copy(update={"holidays_are_working": False})
    return Calendar(TODAY.data.model_copy(update={"martial_law": off}), TODAY.zone, TODAY.day_ends)


def at(text: str) -> int:
    """A moment in Kyiv, milliseconds UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Kyiv")).timestamp() * 1000)


@pytest.mark.parametrize(
    ("day", "worked_in_peace", "worked_under_martial_law"),
    [
        ("2026-12-25", False, True),  # Christmas, a Friday
        ("2026-08-24", False, True),  # Independence Day, a Monday
        ("2026-06-29", False, True),  # the Monday after Constitution Day, a Sunday
        ("2026-06-28", False, False),
        ("2026-04-13", False, True),  # the Monday after Easter
        ("2026-10-01", False, True),  # Defenders' Day since 2023
        ("2026-10-14", True, True),  # … and no more on this day
        ("2026-05-08", False, True),
        ("2026-01-07", True, True),  # Christmas moved to December
        ("2026-11-23", True, True),  # a Monday
        ("2026-11-22", False, False),  # a Sunday
    ],
)
def test_D1_holidays_are_days_off_but_for_martial_law(day: str, worked_in_peace: bool, worked_under_martial_law: bool) -> None:
    assert peace().is_working(date.fromisoformat(day)) is worked_in_peace
    assert TODAY.is_working(date.fromisoformat(day)) is worked_under_martial_law


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2021-01-08", False),  # moved by an order of the Cabinet
        ("2021-01-16", True),  # … to this Saturday
        ("2021-01-07", False),
        ("2021-10-14", False),
        ("2021-10-15", False),
        ("2021-10-23", True),
        ("2021-08-23", False),
        ("2022-03-08", False),  # before the rule of martial law
    ],
)
def test_D1_working_days_that_were_moved(day: str, worked: bool) -> None:
    assert TODAY.is_working(date.fromisoformat(day)) is worked


@pytest.mark.parametrize("year", [(2019, "04-28"), (2021, "05-02"), (2024, "05-05"), (2025, "04-20"), (2026, "04-12"), (2027, "05-02")])
def test_D1_easter_is_where_the_churches_have_it(year: tuple[int, str]) -> None:
    assert orthodox_easter(year[0]).isoformat() == f"{year[0]}-{year[1]}"


@pytest.mark.parametrize(
    ("sent", "name", "due"),
    [
        ("2026-11-23T09:00", "day", "2026-11-24T18:00"),
        ("2026-11-20T23:59", "day", "2026-11-23T18:00"),  # a Friday night: the weekend does not count
        ("2026-11-21T12:00", "day", "2026-11-23T18:00"),
        ("2026-11-23T09:00", "days_5", "2026-11-30T18:00"),
        ("2026-11-23T09:00", "days_10", "2026-12-07T18:00"),
        ("2026-01-31T09:00", "month", "2026-03-02T18:00"),  # 28 February is a Saturday
        ("2026-12-23T09:00", "days_5", "2026-12-30T18:00"),  # Christmas is worked under martial law
        ("2026-10-23T09:00", "days_5", "2026-10-30T18:00"),  # over the end of summer time
        ("2026-03-27T09:00", "day", "2026-03-30T18:00"),  # over its beginning
    ],
)
def test_D1_deadlines_pass_at_the_end_of_their_last_working_day(sent: str, name: str, due: str) -> None:
    assert TODAY.due_at(at(sent), CLASSES[name]) == at(due)


def test_D1_in_peace_a_holiday_makes_a_deadline_later() -> None:
    assert peace().due_at(at("2026-12-23T09:00"), CLASSES["days_5"]) == at("2026-12-31T18:00")


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("2026-11-23T09:00", 10),
        ("2026-11-24T09:00", 9),
        ("2026-12-04T23:00", 1),
        ("2026-12-07T17:59", 0),
        ("2026-12-07T18:01", -1),
        ("2026-12-09T09:00", -2),
    ],
)
def test_days_left_are_working_days_and_below_zero_once_it_has_passed(now: str, left: int) -> None:
    assert TODAY.days_left(at(now), at("2026-12-07T18:00")) == left


@given(moment=st.integers(at("2020-01-01T00:00"), at("2030-01-01T00:00")), days=st.integers(1, 60))
def test_D1_a_deadline_is_a_working_day_with_as_many_working_days_before_it(moment: int, days: int) -> None:
    for calendar in (TODAY, peace()):
        due = calendar.due_at(moment, DeadlineClass(uk="x", en="x", working_days=days, when_passed="silent"))
        assert calendar.is_working(calendar.day_of(due))
        assert calendar.days_left(moment, due) == days
        assert calendar.due_at(moment + 1000 * 3600 * 24, DeadlineClass(uk="x", en="x", working_days=days, when_passed="silent")) >= due


@given(day=st.dates(date(2000, 1, 1), date(2090, 1, 1)), months=st.integers(1, 12))
def test_D1_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and add_months(later, 0) == later and (later.day >= 28))
