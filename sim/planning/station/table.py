"""A plan of raises as rows for JSON and CSV, and as lines for people."""

from __future__ import annotations

import math

from sim.core.flight import RuleCheck
from sim.planning.station.found import Judged, StationPlan


def content(made: StationPlan) -> dict:
    """The content of station.json."""
    s = made.setting
    return {
        "status": "broken" if made.broken else "done",
        "name": s.title,
        "from_utc": s.zero.utc(0),
        "until_utc": s.zero.plus(s.end).utc(0),
        "elements": {"name": s.elements, "age_days": round(s.age_days, 2)},
        "drag_by_elements": {"factor": round(s.known(0.0), 4), "sigma": round(s.drag[1], 4)},
        "band_km": list(s.rules.band_km),
        "end_km": round(made.plan.end_km, 3),
        "gap": round(max(made.plan.solution.gap, 0.0), 5),
        "seed": made.seed,
        "plans": made.plans,
        "planned": _flight(made, made.planned),
        "carried_out": _flight(made, made.carried) if made.carried else None,
        "closed": [
            {"from_utc": s.zero.plus(c.start).utc(0), "until_utc": s.zero.plus(c.end).utc(0), "why": c.why}
            for c in s.closed
        ],
        "warnings": list(s.warnings),
    }


def _flight(made: StationPlan, flight: Judged) -> dict:
    b = flight.bound
    return {
        "raises": raises(made, flight),
        "launches": [
            {
                "ship": m.launch.ship,
                "liftoff_utc": made.setting.zero.plus(m.liftoff).utc(0),
                "programme_utc": made.setting.zero.plus(m.launch.t).utc(0),
                "phase_deg": round(math.degrees(m.launch.phase + m.miss), 3),
                "required_deg": round(math.degrees(m.launch.phase), 3),
                "off_deg": round(math.degrees(m.miss), 3),
            }
            for m in flight.met
        ],
        "altitude_km": {
            "lowest": round(float(flight.altitude.min()), 3),
            "highest": round(float(flight.altitude.max()), 3),
            "start": round(float(flight.altitude[0]), 3),
            "end": round(float(flight.altitude[-1]), 3),
        },
        "propellant_kg": round(flight.kg, 2),
        "left_kg": {name: round(kg, 2) for name, kg in flight.left.items()},
        "delta_v_m_s": round(flight.dv, 4),
        "bound": {
            "least_kg": round(b.least_kg, 2),
            "drag_kg": round(b.drag_kg, 2),
            "over_least": round(flight.kg / b.least_kg - 1.0, 4) if b.least_kg > 0.0 else None,
            "drag_and_climb_m_s": round(b.lost_dv, 4),
            "momentum_lost_n_s": round(b.lost, 0),
            "fall_scale": round(b.scale, 4),
        },
        "rules": [_rule(made, c) for c in flight.checks],
    }


def _rule(made: StationPlan, c: RuleCheck) -> dict:
    return {
        "rule": c.rule,
        "value": round(c.value, 4),
        "sense": c.sense,
        "limit": c.limit,
        "unit": c.unit,
        "utc": made.setting.zero.plus(c.t).utc(0),
        "passed": c.passed,
    }


def raises(made: StationPlan, flight: Judged) -> list[dict]:
    """One row a raise: when, how large, by which craft, in how many burns, why, its propellant."""
    return [
        {
            "utc": made.setting.zero.plus(b.made.t).utc(0),
            "delta_v_m_s": round(b.made.dv, 4),
            "flown_m_s": round(b.made.dv * size, 4),
            "craft": b.made.burner.name,
            "burns": b.made.burns,
            "duration_s": round(abs(b.made.dv) * b.mass / b.made.burner.engine.thrust, 1),
            "why": b.made.why,
            "propellant_kg": round(b.kg, 2),
        }
        for b, size in zip(flight.burnt, flight.sizes, strict=True)
    ]


def lines(made: StationPlan) -> list[str]:
    """As the command prints it."""
    s = made.setting
    flight = made.carried or made.planned
    text = [
        f"{s.title}: {s.zero.utc(0)[:10]} to {s.zero.plus(s.end).utc(0)[:10]}, from {s.elements}",
        f"band {s.rules.band_km[0]:g} to {s.rules.band_km[1]:g} km, to end at {made.plan.end_km:.1f} km or higher",
    ]
    if made.carried:
        text.append(
            f"carried out with seed {made.seed}: density and burns differ from what is known; {made.plans} plans"
        )
    for row in raises(made, flight):
        burns = "one burn" if row["burns"] == 1 else "two burns"
        why = row["why"] if row["why"] == "raise" else f"phase for {row['why']}"
        text.append(
            f"  {row['utc'][:16]}  {row['delta_v_m_s']:+7.3f} m/s  {burns}, {row['duration_s']:4.0f} s  "
            f"{row['craft']:<12}  {row['propellant_kg']:6.1f} kg  {why}"
        )
    for m in flight.met:
        text.append(
            f"  {m.launch.ship}: lift-off {s.zero.plus(m.liftoff).utc(0)}, "
            f"phase {math.degrees(m.launch.phase + m.miss):.2f} deg, {math.degrees(m.miss):+.2f} from the profile's"
        )
    b = flight.bound
    over = f", {100.0 * (flight.kg / b.least_kg - 1.0):+.1f} %" if b.least_kg > 0.0 else ""
    text.append(
        f"propellant {flight.kg:.1f} kg ({flight.dv:.2f} m/s); the least by a bound {b.least_kg:.1f} kg{over}; "
        f"by drag alone {b.drag_kg:.1f} kg; gap of the search {100.0 * max(made.plan.solution.gap, 0.0):.2f} %"
    )
    text.append("left: " + ", ".join(f"{name} {kg:.0f} kg" for name, kg in flight.left.items()))
    text.append(
        f"altitude {flight.altitude.min():.2f} to {flight.altitude.max():.2f} km, at the end {flight.altitude[-1]:.2f}"
    )
    broken = [c for c in flight.checks if not c.passed]
    text.append(f"rules: {len(flight.checks) - len(broken)} of {len(flight.checks)} kept")
    text += [
        f"  broken: {c.rule}: {c.value:.3f} {c.unit}, allowed {c.sense} {c.limit:g}, {s.zero.plus(c.t).utc(0)}"
        for c in broken
    ]
    return text


def chart(made: StationPlan) -> dict:
    """What the picture shows, as plain lists; times in days from the start."""
    s, day = made.setting, 86400.0
    flight = made.carried or made.planned
    return {
        "name": s.title,
        "start": s.zero,
        "days": s.end / day,
        "band": list(s.rules.band_km),
        "planned": {"x": (made.planned.times / day).tolist(), "km": made.planned.altitude.tolist()},
        "carried": {"x": (flight.times / day).tolist(), "km": flight.altitude.tolist()} if made.carried else None,
        "raises": [
            {"x": b.made.t / day, "dv": b.made.dv, "why": b.made.why, "craft": b.made.burner.name} for b in flight.burnt
        ],
        "launches": [{"x": m.liftoff / day, "ship": m.launch.ship, "off": math.degrees(m.miss)} for m in flight.met],
        "closed": [{"bar": [c.start / day, c.end / day], "why": c.why} for c in s.closed],
        "left": flight.left,
        "kg": flight.kg,
        "least": flight.bound.least_kg,
    }
