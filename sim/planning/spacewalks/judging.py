"""How a spacewalk stands with each rule: kept, broken, or not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.core.epoch import BEIJING, Epoch
from sim.planning.rotation.timeline import DAY, Timeline
from sim.planning.spacewalks.sky import Measured
from sim.scenario.spacewalk_rules import SpacewalkRules

HOUR = 3600.0
WORDS = {
    "start": "the hatch opens in the day of the crew",
    "crew_day": "all of it in the day of the crew",
    "anomaly": "no pass of the South Atlantic Anomaly",
    "relay": "contact by relay satellite",
    "light": "the hatch opens in sunlight",
    "storm": "no geomagnetic storm",
    "beta": "angle of the Sun above the plane of the orbit",
    "work": "distance from launches, dockings and undockings",
    "burns": "distance from burns of the station",
    "first": "a crew that has got used to the station",
    "last": "a crew that does not pack yet",
    "between": "rest between two spacewalks",
    "between_usual": "usual time between two spacewalks",
    "inside": "enough people stay inside",
}


@dataclass(frozen=True)
class Standing:
    """One rule: `share` of the possible places on the orbit for which it is kept, 1 or 0 where the place is known or
    plays no part; None where nothing is known. `found`: what was compared with the limit, in words."""

    rule: str
    hard: bool
    share: float | None
    found: str

    @property
    def kept(self) -> bool | None:
        """None where it is not known: nothing was observed, or it depends on the place on the orbit."""
        return None if self.share is None or 0.0 < self.share < 1.0 else self.share == 1.0


@dataclass(frozen=True)
class Walk:
    """A spacewalk: `start`, `end`; `crew`, who is outside."""

    start: Epoch
    end: Epoch
    crew: tuple[str, ...]


@dataclass(frozen=True)
class Work:
    """What else happens: `words` such as "docking of shenzhou-24"."""

    at: Epoch
    words: str


@dataclass(frozen=True)
class Surroundings:
    """What the rules of the calendar look at. `burns`: instants; `came`, `left`: of the crew; `others`: starts of its
    other spacewalks; `aboard`: how many are in the station."""

    work: tuple[Work, ...]
    burns: tuple[Epoch, ...]
    came: Epoch
    left: Epoch | None
    others: tuple[Epoch, ...]
    aboard: int


def work_of(found: Timeline) -> tuple[Work, ...]:
    """Every launch, docking and undocking of a programme, in order."""
    made = []
    for vessel in found.vessels:
        made.append(Work(vessel.launch, f"launch of {vessel.name}"))
        for stay in vessel.stays:
            made.append(Work(stay.start, f"docking of {vessel.name}"))
            if stay.end is not None:
                made.append(Work(stay.end, f"undocking of {vessel.name}"))
    return tuple(sorted(made, key=lambda w: w.at))


def beijing_hour(at: Epoch) -> float:
    """Hours of Beijing's clock, 0 to 24."""
    local = at.local(BEIJING)
    return local.hour + local.minute / 60.0 + local.second / 3600.0


def calendar(walk: Walk, about: Surroundings, rules: SpacewalkRules, by_day: bool = False) -> Iterator[Standing]:
    """The rules of clock and calendar. `by_day`: the hour is not known, so the clock is not judged."""
    if not by_day:
        yield from _clock(walk, rules)
    before = max((w for w in about.work if w.at <= walk.end), key=lambda w: w.at, default=None)
    after = min((w for w in about.work if w.at > walk.end), key=lambda w: w.at, default=None)
    since = walk.start.since(before.at) / DAY if before else None
    until = after.at.since(walk.end) / DAY if after else None
    kept = (since is None or since >= rules.work.after_days) and (until is None or until >= rules.work.before_days)
    near = [f"{since:.1f} d after the {before.words}"] if before and since is not None else []
    near += [f"{until:.1f} d before the {after.words}"] if after and until is not None else []
    yield Standing("work", rules.work.hard, float(kept), ", ".join(near) or "nothing else")
    yield _burns(walk, about, rules)
    yield from _crew(walk, about, rules)


def _clock(walk: Walk, rules: SpacewalkRules) -> Iterator[Standing]:
    opened = beijing_hour(walk.start)
    closed = opened + walk.end.since(walk.start) / HOUR
    text = f"{walk.start.text('%H:%M', BEIJING)} to {walk.end.text('%H:%M', BEIJING)} in Beijing"
    kept = rules.start.from_h <= opened <= rules.start.until_h
    yield Standing("start", rules.start.hard, float(kept), text)
    kept = rules.crew_day.from_h <= opened and closed <= rules.crew_day.until_h
    yield Standing("crew_day", rules.crew_day.hard, float(kept), text)


def _burns(walk: Walk, about: Surroundings, rules: SpacewalkRules) -> Standing:
    if not about.burns:
        return Standing("burns", rules.burns.hard, None, "no burns of the station are known")
    apart = min(max(walk.start.since(b), b.since(walk.end), 0.0) for b in about.burns) / HOUR
    return Standing("burns", rules.burns.hard, float(apart >= rules.burns.apart_h), f"{apart:.0f} h apart")


def _crew(walk: Walk, about: Surroundings, rules: SpacewalkRules) -> Iterator[Standing]:
    since = walk.start.since(about.came) / DAY
    yield Standing("first", rules.first.hard, float(since >= rules.first.after_days), f"{since:.1f} d after arrival")
    if about.left is not None:
        until = about.left.since(walk.end) / DAY
        kept = until >= rules.last.before_days
        yield Standing("last", rules.last.hard, float(kept), f"{until:.1f} d before the undocking of the crew")
    gaps = [abs(walk.start.since(other)) / DAY for other in about.others]
    text = f"{min(gaps):.1f} d from the nearest other" if gaps else "the only one"
    for name in ("between", "between_usual"):
        rule = getattr(rules, name)
        yield Standing(name, rule.hard, float(not gaps or min(gaps) >= rule.least_days), text)
    inside = about.aboard - len(walk.crew)
    kept = inside >= rules.spacewalk.inside_least
    yield Standing("inside", True, float(kept), f"{inside} inside, {len(walk.crew)} outside")


def orbital(at: Epoch, phases: Sequence[Measured], rules: SpacewalkRules) -> Iterator[Standing]:
    """The rules of the orbit, for each possible place on it."""
    limit = rules.anomaly.protons_most
    yield _of_phases("anomaly", rules.anomaly.hard, [m.protons <= limit for m in phases], _span(phases, "in_anomaly"))
    covered = [m.coverage >= rules.relay.coverage_least for m in phases]
    yield _of_phases("relay", rules.relay.hard, covered, _span(phases, "coverage"))
    lit = [m.sun_left >= 60.0 * rules.light.sun_left_least_min for m in phases]
    yield _of_phases("light", rules.light.hard, lit, _span(phases, "sun_left"))
    if (angles := beta_limit(at, rules)) is not None:
        low, high, hard = angles
        yield _of_phases("beta", hard, [low <= abs(m.beta) <= high for m in phases], f"{phases[0].beta:.1f} deg")


def beta_limit(at: Epoch, rules: SpacewalkRules) -> tuple[float, float, bool] | None:
    """Least and largest absolute angle, deg, and whether the limit is hard; None where none holds."""
    for limit in rules.beta:
        if at < Epoch.from_utc(limit.until_utc):
            return limit.least_deg, limit.most_deg, limit.hard
    return None


def storm(at: Epoch, ap: float | None, rules: SpacewalkRules) -> Standing:
    """`ap`: of the day; None where it was not observed."""
    if ap is None:
        return Standing("storm", rules.storm.hard, None, "not observed yet")
    return Standing("storm", rules.storm.hard, float(ap <= rules.storm.ap_most), f"Ap {ap:.0f}")


def _of_phases(rule: str, hard: bool, kept: Sequence[bool], found: str) -> Standing:
    return Standing(rule, hard, sum(kept) / len(kept), found)


def _span(phases: Sequence[Measured], name: str) -> str:
    values = [getattr(m, name) for m in phases]
    low, high = min(values), max(values)
    if name == "coverage":
        return f"{100.0 * low:.1f} %" if low == high else f"{100.0 * low:.1f} to {100.0 * high:.1f} %"
    words = {"in_anomaly": "min in it", "sun_left": "min of sunlight left"}[name]
    low, high = low / 60.0, high / 60.0
    return f"{low:.0f} {words}" if low == high else f"{low:.0f} to {high:.0f} {words}"
