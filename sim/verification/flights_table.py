"""The forecasts of `sim.verification.flights` in rows for other programs, and in lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from sim.catalogue.facts import fact
from sim.verification.flights import PROFILES, FlightForecast, Forecast, batch, forecasts, rendezvous_s

MINIMUM = 0.9  # of the forecasts have to lie in their intervals
EVENTS = ("lift-off", "docking", "touchdown")


def rows() -> list[dict]:
    """The table for other programs."""
    return [_row(found) for found in forecasts()]


def _row(found: FlightForecast) -> dict:
    recorded, last = fact(f"missions.{found.flight}").table, found.known.last
    minutes, half = found.docking_minutes
    return {
        "flight": _ship(found.flight),
        "inputs": {
            "day": found.lift_off.flown.utc(0)[:10],
            "port": recorded["port"],
            "profile": PROFILES[found.flight],
            "batch_of_rockets": batch(found.flight),
            "element_set": last.name,
            "element_set_epoch_utc": last.epoch.utc(0),
            "element_set_age_days": round(found.age_days, 2),
            "element_sets_known": len(found.known.sets),
            "space_weather": None,
        },
        "calibrated": {
            "lift_off_after_passage_s": _if_calibrated(found.lift_off, found.after_passage),
            "lift_off_to_docking_min": _if_calibrated(found.docking, minutes),
        },
        "lift_off": _event(found.lift_off),
        "docking": _event(found.docking)
        | {
            "published_minute_is": fact("docking.published_minute").value,
            "after_lift_off_min": round(minutes, 1),
            "after_lift_off_half_width_min": round(half, 1),
            "after_lift_off_flown_min": round(rendezvous_s(found.flight) / 60.0, 1),
            "after_lift_off_covered": abs(minutes - rendezvous_s(found.flight) / 60.0) <= half,
            "put_off_by_the_sun": found.put_off,
        },
        "touchdown": None if found.touchdown is None else _event(found.touchdown),
    }


def _if_calibrated(f: Forecast, value: float) -> float | None:
    return round(value, 1) if f.basis == "calibrated" else None


def _event(f: Forecast) -> dict:
    return {
        "forecast_utc": f.at.utc(0),
        "interval_95_utc": [f.at.plus(-f.half_width).utc(0), f.at.plus(f.half_width).utc(0)],
        "half_width_s": round(f.half_width, 1),
        "flown_utc": f.flown.utc(0),
        "miss_s": round(f.miss, 1),
        "covered": f.covered,
        "basis": f.basis,
        "rests_on": [_ship(name) for name in f.rests_on],
        "inputs": list(f.inputs),
    }


def _ship(name: str) -> str:
    return name.replace("sz_", "shenzhou-") if name.startswith("sz_") else name


def _of(table: Sequence[dict], event: str) -> Iterator[tuple[str, dict]]:
    for row in table:
        if row[event.replace("-", "_")] is not None:
            yield row["flight"], row[event.replace("-", "_")]


def share(table: Sequence[dict], event: str, basis: str | None = None) -> tuple[int, int]:
    """How many of the forecasts of an event lie in their intervals, and of how many."""
    found = [e["covered"] for _, e in _of(table, event) if basis in (None, e["basis"])]
    return sum(found), len(found)


def held(table: Sequence[dict]) -> bool:
    """Whether the intervals of the lift-offs that are calibrated, and of the dockings, cover nine of ten."""
    counted = (share(table, "lift-off", "calibrated"), share(table, "docking"))
    return all(covered >= MINIMUM * of for covered, of in counted)


HEAD = "flight       forecast (UTC)         +-       flown (UTC)            miss        basis, and what it rests on"


def lines(table: list[dict]) -> list[str]:
    """The table for people."""
    text = [
        "Each flight as it could have been predicted: from element sets older than its lift-off, calibrated on earlier "
        "flights alone; no space weather goes in.",
        "inputs: the day, the port, the profile, the batch of rockets; for touchdown the undocking and the kind of "
        "return. forecast: the times below, with 95 % intervals.",
        "",
        "flight       element set       age, days  port      profile",
    ]
    for row in table:
        given = row["inputs"]
        text.append(
            f"{row['flight']:<12} {given['element_set']:<16}  {given['element_set_age_days']:9.1f}  "
            f"{given['port']:<8}  {given['profile']}"
        )
    for event in EVENTS:
        text += ["", event, HEAD, *(_line(name, e) for name, e in _of(table, event)), *_summary(table, event)]
    return [*text, "", *_notes(table)]


def _line(name: str, e: dict) -> str:
    rests = ", ".join(r.removeprefix("shenzhou") for r in e["rests_on"])
    word = "" if e["covered"] else "  OUTSIDE"
    return (
        f"{name:<12} {e['forecast_utc']}  {_length(e['half_width_s']):>7}  {e['flown_utc']}  "
        f"{_length(e['miss_s'], '+'):>8}  {e['basis']}: {rests}{word}"
    )


def _length(seconds: float, sign: str = "") -> str:
    return f"{seconds:{sign}.0f} s" if abs(seconds) < 600.0 else f"{seconds / 60.0:{sign}.0f} min"


def _summary(table: Sequence[dict], event: str) -> Iterator[str]:
    for basis in ("calibrated", "uncalibrated"):
        covered, of = share(table, event, basis)
        if of:
            widths = [e["half_width_s"] for _, e in _of(table, event) if e["basis"] == basis]
            spread = f"{_length(min(widths))} to {_length(max(widths))}, median {_length(median(widths))}"
            yield f"{basis}: {covered} of {of} in their intervals; half-widths {spread}"


def _notes(table: Sequence[dict]) -> Iterator[str]:
    put_off = [row["flight"] for row in table if row["docking"]["put_off_by_the_sun"]]
    of = [row["docking"]["after_lift_off_covered"] for row in table]
    yield (
        f"docking: the published minute is that of {fact('docking.published_minute').value}, "
        f"{fact('docking.contact_to_mate').number:.0f} min after contact; after the flown lift-off {sum(of)} of "
        f"{len(of)} lie in their intervals"
    )
    yield (
        f"put off because the Sun would stand in the docking camera: {', '.join(put_off) or 'none'}; that rule was "
        "found by looking at Shenzhou-14 and -16, and so was the new batch of rockets at -15: those are no blind "
        "forecasts"
    )
    yield (
        "uncalibrated lift-off: the first flight of a batch of rockets; it lies where the launcher can still steer "
        "into the plane and keep its reserve"
    )
