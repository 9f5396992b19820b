"""The span of dates that this program flies: one for missions, orbits and planners, however a date is given."""

from __future__ import annotations

from sim.core.epoch import Epoch

EARLIEST_UTC, LATEST_UTC = "1972-01-01T00:00:00Z", "2050-01-01T00:00:00Z"
EARLIEST, LATEST = Epoch.from_utc(EARLIEST_UTC), Epoch.from_utc(LATEST_UTC)
# DE421 ends on 2053-10-09; the rest is room for the tables, which reach beyond what is flown.
WHY = "leap seconds begin in 1972, and the ephemeris DE421 ends in 2053"
ALLOWED = f"a time from {EARLIEST_UTC} to {LATEST_UTC}: {WHY}"


PLANNED_DAYS = 370.0  # the longest way that a planner looks from the station's elements, before and after


def beyond_planning(zero: Epoch, day: Epoch) -> str | None:
    """A sentence where a day is too far from `zero`, where the station's elements hold; None where it is not."""
    if (days := abs(day.since(zero)) / 86400.0) <= PLANNED_DAYS:
        return None
    return (
        f"{day} lies {days:.0f} days from {zero}, where the station's elements hold; the planner looks "
        f"{PLANNED_DAYS:.0f} days before and after that at most (--from, --days, --elements)"
    )


def flown(epoch: Epoch) -> bool:
    """Whether an instant lies within the span, both ends included."""
    return EARLIEST <= epoch <= LATEST


def refusal(name: str, first: Epoch, last: Epoch | None = None) -> str | None:
    """A sentence where `name`, from `first` to `last`, leaves the span; None where it does not."""
    for epoch, which in ((first, "a start at" if last else "found"), (last, "an end at")):
        if epoch is not None and not flown(epoch):
            return f"{name}: {which} {epoch}; allowed: {ALLOWED}"
    return None
