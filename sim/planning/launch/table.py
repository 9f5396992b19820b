"""A plan in rows for other programs, and in lines for people."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sim.catalogue.facts import fact
from sim.core.epoch import BEIJING
from sim.export.table import in_one_cell, write_table
from sim.planning.launch.margin import Margin
from sim.planning.launch.plan import LaunchOpportunity, LaunchPlan
from sim.planning.launch.station import StationPlan, TrimBurn
from sim.planning.station_outlook import DAY, Setting

CALIBRATION = ("sz_12", "sz_13", "sz_15", "sz_20", "sz_21", "sz_22", "sz_23")
MOST_BIAS = 3600.0  # s, what launch.plane_bias_s allows


def rows(plan: LaunchPlan, trimmed: StationPlan | None) -> list[dict]:
    """One row for each launch opportunity: the keys that other programs rely on first, units in the names.

    Times are those of the station as it flies; the best row also has them after the trim, which moves the plane a bit.
    """
    return [_row(plan.setting, c, trimmed if i == plan.best else None) for i, c in enumerate(plan.opportunities)]


def _row(found: Setting, c: LaunchOpportunity, trimmed: StationPlan | None) -> dict:
    def utc(t: float | None) -> str | None:
        return None if t is None else found.zero.plus(t).utc(0)

    deg, usable = math.degrees, c.usable or (None, None)
    return {
        "pad": found.site.name,
        "branch": c.crossing.branch,
        "plane_crossing_utc": utc(c.crossing.t),
        "lift_off_utc": utc(c.liftoff),
        "open_utc": utc(c.open),
        "close_utc": utc(c.close),
        "profile": c.profile.key,
        "phase_deg": round(deg(c.day.phase), 3) % 360.0,
        "docking_utc": utc(c.docking),
        "beta_deg": round(deg(c.day.beta), 3),
        "accepted": c.verdict.accepted,
        "reasons": list(c.verdict.reasons),
        "score": None if c.verdict.score is None else round(c.verdict.score, 2),
        "score_parts": {name: round(value, 2) for name, value in c.verdict.parts.items()},
        "best": trimmed is not None,
        "lift_off_trimmed_utc": utc(trimmed.liftoff if trimmed else None),
        "docking_trimmed_utc": utc(trimmed.docking if trimmed else None),
        "open_reaimed_utc": utc(c.reaimed[0]),
        "close_reaimed_utc": utc(c.reaimed[1]),
        "phase_open_utc": utc(usable[0]),
        "phase_close_utc": utc(usable[1]),
        "propellant_left_kg": round(c.day.left, 1),
        "out_of_plane_deg": round(deg(c.crossing.angle(c.liftoff)), 5),
        "phase_window_deg": [round(deg(edge), 3) for edge in c.profile.limits.window],
        "lift_off_sigma_s": None if c.passage_sigma is None else round(c.passage_sigma, 1),
        "phase_sigma_deg": round(deg(c.phase_sigma[0]), 3),
        "phase_sigma_after_trim_deg": round(deg(c.phase_sigma[1]), 3),
        "trim_m_s": None if c.day.trim is None else round(c.day.trim, 4),
        "trim_propellant_kg": None if c.day.trim is None else round(c.trim_kg, 1),
        "sun_at_pad_deg": round(deg(c.sun_at_pad), 2),
        "light_at_200_m": round(c.light[0], 3),
        "light_at_contact": round(c.light[1], 3),
        "light_share": round(c.day.lit, 3),
        "coverage_last_hour": round(c.day.coverage, 4),
        "longest_gap_s": c.day.gap,
        "crew_day_h": round(c.day.day_h, 2),
        "docking_beijing": found.zero.plus(c.docking).text("%Y-%m-%dT%H:%M:%S+08:00", BEIJING),
        "early_return": [
            {"pass_utc": utc(h.t), "side_km": round(h.side / 1e3, 1), "sun_deg": round(deg(h.elevation), 1)}
            for h in c.day.home
        ],
    }


def summary(plan: LaunchPlan, trimmed: StationPlan | None) -> dict:
    """What holds for all rows: the bias with its calibration, the margins, the station's trim."""
    found = plan.setting
    return {
        "mission": found.scenario.name,
        "site": found.site.name,
        "elements": found.elements,
        "elements_epoch_utc": found.zero.utc(0),
        **found.asked.element_set(),
        "from_utc": found.zero.plus(found.start).utc(0),
        "to_utc": found.zero.plus(found.end).utc(0),
        "plane": "mean plane of the station, geocentric latitude of the pad",
        "bias_s": found.bias,
        "bias": found.bias_name,
        "bias_calibration_s": {name: fact(f"launch.offset_{name}").value for name in CALIBRATION},
        "decay_m_day": round(found.decay * DAY, 2),
        "margins": {branch: _margin(m) for branch, m in plan.margins.items()},
        "station": _station(found, trimmed),
    }


def _margin(m: Margin) -> dict:
    return {
        "azimuth_deg": round(math.degrees(m.azimuth), 4),
        "planned_out_of_plane_deg": round(math.degrees(m.aim), 5),
        "best_out_of_plane_deg": round(math.degrees(m.best), 4),
        "reserve_kg": m.reserve,
        "other_day_kg": round(m.other_day, 3),
        "flights": m.flights,
        "frozen": {"out_of_plane_deg": _degrees(m.frozen_angle), "left_kg": [round(float(k), 2) for k in m.frozen]},
        "reaimed": {"out_of_plane_deg": _degrees(m.angle), "left_kg": [round(float(k), 2) for k in m.propellant_left]},
    }


def _degrees(angles: Iterable[float]) -> list[float]:
    return [round(math.degrees(a), 5) for a in angles]


def _station(found: Setting, s: StationPlan | None) -> dict | None:
    if s is None:
        return None

    def burn(b: TrimBurn | None) -> dict | None:
        if b is None:
            return None
        return {"utc": found.zero.plus(b.t).utc(0), "delta_v_m_s": round(b.dv, 5), "propellant_kg": round(b.kg, 1)}

    return {
        "profile": s.opportunity.profile.key,
        "lift_off_trimmed_utc": found.zero.plus(s.liftoff).utc(0),
        "docking_trimmed_utc": found.zero.plus(s.docking).utc(0),
        "phase_deg": round(math.degrees(s.phase), 3),
        "trim": burn(s.burn),
        "phase_sigma_deg": round(math.degrees(s.sigma), 3),
        "last_trim_one_sigma": burn(s.last),
        "back_ups": [
            {
                "lift_off_utc": found.zero.plus(b.liftoff).utc(0),
                "phase_deg": round(math.degrees(b.phase), 2),
                "in_window_of": list(b.profiles),
            }
            for b in s.backups
        ],
        "two_trims_for_day_and_third_after": [burn(b) for b in s.pair] if s.pair else None,
    }


def write_csv(path: Path, table: list[dict]) -> None:
    """The rows with their lists in words."""
    write_table(path, list(table[0]), ([_cell(value) for value in row.values()] for row in table))


def _cell(value):
    if isinstance(value, dict):
        return in_one_cell(value)
    if isinstance(value, list):
        return "; ".join(_cell(v) if isinstance(v, dict) else str(v) for v in value)
    return "" if value is None else value


# ---- for people


def lines(plan: LaunchPlan, trimmed: StationPlan | None, mission_file: str, sets: Sequence[str] = ()) -> list[str]:
    """The head, a line for every launch opportunity on the mission's branch, and the station's side.

    mission_file, sets: the mission's file and what the command line has set in it.
    """
    found, own = plan.setting, plan.setting.scenario.launch.branch
    own_rows = [c for c in plan.opportunities if c.crossing.branch == own]
    other = [c for c in plan.opportunities if c.crossing.branch != own]
    text = [*_head(plan), "", _HEADS]
    last = None
    for i, c in enumerate(plan.opportunities):
        if c.crossing.branch == own:
            text.append(_line(found, c, i == plan.best, c.crossing is last))
            last = c.crossing
    open_ = sum(c.verdict.accepted for c in own_rows)
    text += ["", f"{open_} of {len(own_rows)} launch opportunities on the {own} branch are open"]
    if other:
        days = sorted({c.crossing.t for c in other})
        text[-1] += f"; {len(days)} crossings on the other branch are in --json and --out"
    if plan.best is not None:
        key, own_key = plan.opportunities[plan.best].profile.key, found.profiles[0].key
        of = f"of the mission's profile, {key}" if key == own_key else f"of all; none is open by {own_key}"
        text.append(f"* the highest score {of}")
    return [*text, "", *_station_lines(found, trimmed, mission_file, sets)]


_HEADS = "\n".join(
    (
        "  lift-off (UTC)       opens    closes   profile  phase     trim   docking (UTC)  beta   light  links  crew"
        "   score",
        "                       s        s                 deg       m/s                   deg    share  share  day h",
    )
)


def _head(plan: LaunchPlan) -> list[str]:
    found = plan.setting
    text = [
        f"{found.scenario.name}: {found.site.name}, elements {found.elements} of {found.zero}",
        *found.asked.element_lines(),
        f"bias: {found.bias_name}",
        "calibration, lift-off less plane crossing, s: "
        + ", ".join(f"{n.replace('_', '-').upper()} {fact(f'launch.offset_{n}').value:+d}" for n in CALIBRATION),
    ]
    text += [_margin_line(m) for m in plan.margins.values()]
    first, last = plan.opportunities[0], plan.opportunities[-1]
    if first.passage_sigma is not None and last.passage_sigma is not None:
        text.append(
            f"lift-off, one sigma by the age of the set: {first.passage_sigma:.0f} s on the first day, "
            f"{last.passage_sigma:.0f} s on the last"
        )
    text.append(
        f"the station falls {-found.decay * DAY:.0f} m a day; opens and closes: seconds from the lift-off within which "
        "the rocket, aimed for it, keeps its reserve; in brackets where the phase too is in its window"
    )
    return text


def _margin_line(m: Margin) -> str:
    limits = m.limits
    span = "nowhere about the plan"
    if limits:
        span = f"from {math.degrees(limits[0]):+.2f} to {math.degrees(limits[1]):+.2f} deg"
    return (
        f"{m.branch}: azimuth {math.degrees(m.azimuth):.2f} deg, frozen for {math.degrees(m.aim):+.3f} deg from the "
        f"plane, leaves {m.at(m.aim):.0f} kg there and {m.reserve:.0f} kg {span}; re-aimed, most is left at "
        f"{math.degrees(m.best):+.2f} deg ({m.flights} ascents; {abs(m.other_day):.1f} kg otherwise on the last day)"
    )


def _line(found: Setting, c: LaunchOpportunity, best: bool, same_day: bool) -> str:
    stamp = " " * 19 if same_day else found.zero.plus(c.liftoff).text("%Y-%m-%d %H:%M:%S")
    usable = f"[{c.usable[0] - c.liftoff:+.0f} {c.usable[1] - c.liftoff:+.0f}]" if c.usable else ""
    trim = "none" if c.day.trim is None else f"{c.day.trim:+.2f}"
    text = (
        f"{'*' if best else ' '} {stamp}  {_after(c, c.open)}  {_after(c, c.close)}  {c.profile.key:<7}"
        f"  {round(math.degrees(c.day.phase), 1) % 360.0:5.1f}  {trim:>7}   "
        f"{found.zero.plus(c.docking).text('%d %b %H:%M')}  "
        f"{math.degrees(c.day.beta):+6.1f}  {c.day.lit:5.2f}  {c.day.coverage:5.2f}  {c.day.day_h:5.1f}"
    )
    if c.verdict.accepted:
        parts = " ".join(f"{name} {value:.0f}" for name, value in c.verdict.parts.items())
        return f"{text}   {c.verdict.score:5.1f}  {usable} = {parts}"
    return f"{text}   no: {'; '.join(c.verdict.reasons)}"


def _after(c: LaunchOpportunity, t: float | None) -> str:
    """Seconds after the planned lift-off."""
    return f"{'-':>7}" if t is None else f"{t - c.liftoff:+7.0f}"


def _station_lines(found: Setting, s: StationPlan | None, mission_file: str, sets: Sequence[str]) -> list[str]:
    if s is None:
        return ["no day is open: no trim to plan"]
    utc = found.zero.plus(s.liftoff).utc(0)
    text = [
        f"best: {utc}, docking {found.zero.plus(s.docking).utc(0)}, {s.opportunity.profile.key}, phase "
        f"{round(math.degrees(s.phase), 2) % 360.0:.2f} deg at insertion"
    ]
    if s.burn:
        row = found.zero.plus(s.opportunity.liftoff).utc(0)
        text.append(
            f"  after the trim, which moves the crossing by {s.liftoff - s.opportunity.liftoff:+.0f} s: its line "
            f"above, {row}, is of the station as it flies"
        )
        text.append(
            f"  trim {found.zero.plus(s.burn.t).utc(0)}: {s.burn.dv:+.4f} m/s, {s.burn.kg:.0f} kg; decay leaves "
            f"{math.degrees(s.sigma):.2f} deg unknown (1 sigma)"
        )
    if s.last:
        second = found.zero.plus(s.last.t).utc(0)
        text.append(f"  second burn {second}: {s.last.dv:.3f} m/s, {s.last.kg:.1f} kg for each sigma of it")
    for b in s.backups:
        fits = ", ".join(b.profiles) or "no profile"
        text.append(f"  back-up {found.zero.plus(b.liftoff).utc(0)}: phase {math.degrees(b.phase):.1f} deg, {fits}")
    if s.pair:
        burns = ", ".join(f"{found.zero.plus(b.t).utc(0)} {b.dv:+.3f} m/s {b.kg:.0f} kg" for b in s.pair)
        text.append(f"  two trims for this day and the third after it: {burns}")
    against = "; ".join(unflown(found, s))
    again = " ".join(f"--set {shlex.quote(each)}" for each in flown(found, s, sets))
    text.append(
        f"  no run flies it: {against}" if against else f"  fly it: tiangong run {mission_file} {again} --out DIR"
    )
    return text


def flown(found: Setting, s: StationPlan, sets: Sequence[str]) -> list[str]:
    """What a run of the mission's file needs set to fly the plan: what was set for the planner, then the day."""
    bias = s.opportunity.liftoff - s.opportunity.crossing.t
    own = found.bias == found.scenario.launch.plane_bias_s and found.asked.site is None
    return [
        *sets,
        *([] if own else [f"launch.plane_bias_s={bias:.2f}"]),
        "launch.window_utc=",
        f"launch.liftoff_utc={found.zero.plus(s.liftoff).utc(0)}",
        f"rendezvous.profile={s.opportunity.profile.key}",
    ]


def unflown(found: Setting, s: StationPlan) -> Iterator[str]:
    """Why a run cannot be asked for the plan."""
    if found.asked.elements:
        yield "the plan is for another target (--elements); a mission flies to one whose file is its station.elements"
    if found.asked.site and not found.asked.site_named:
        yield "a mission launches from a site with a name, not from coordinates (--site)"
    bias = s.opportunity.liftoff - s.opportunity.crossing.t
    if abs(bias) > MOST_BIAS:
        yield f"it lifts off {bias:+.0f} s after the crossing; launch.plane_bias_s goes to {MOST_BIAS:.0f} s"
    if not s.opportunity.profile.limits.trims:
        yield "a run always trims the station, and this plan does not"
    elif s.burn is None:
        days = s.opportunity.profile.limits.trim_before / DAY
        yield f"its trim, {days:.1f} days before, lies before the flight begins"
