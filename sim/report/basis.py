"""What the figures rest on: simplifications of the models, assumed values, and the data."""

from __future__ import annotations

from collections.abc import Iterable

from sim import __version__
from sim.core.epoch import Epoch
from sim.core.flight import phase_name
from sim.export.ages import data_ages
from sim.export.manifest import PACKAGES, version
from sim.export.stored import PlotData
from sim.report.markup import OTHERS_ZONE, bullets, joined, labelled, moment, paragraph, section, table


def simple(data: PlotData) -> str:
    """What the models of this flight leave out or take as known, as they declare it, by the phases of which it
    holds."""
    phases = list(dict.fromkeys(leg["phase"] for leg in data.record["legs"]))
    by_phases: dict[tuple[str, ...], list[str]] = {}
    for row in data.record["simplifications"]:
        by_phases.setdefault(tuple(row["phases"]), []).append(f"{row['model'].capitalize()}: {row['text']}")
    content = (
        paragraph(f"{_heading(of, phases)}:") + bullets(rows)
        for of, rows in sorted(by_phases.items(), key=lambda item: -len(item[0]))
    )
    return section("Simplifications of the models", *content)


def _heading(of: tuple[str, ...], phases: list[str]) -> str:
    if len(of) == len(phases) > 1:
        return "In all phases"
    names = [phase_name(phase) for phase in of]
    return f"In {names[0]}" if len(names) == 1 else f"In {', '.join(names[:-1])} and {names[-1]}"


def lift_offs() -> str:
    """How well the plane and one bias describe real lift-offs: what the planned second rests on."""
    from sim.verification import launches as record  # SGP4 and the time scale, which only this section needs

    rows = [
        (
            r["flight"],
            moment(Epoch.from_utc(r["lift_off_utc"]), other=True),
            moment(Epoch.from_utc(r["predicted_utc"]), other=True),
            f"{r['miss_s']:+.1f}",
            f"{r['limit_s']:.0f}",
            "–" if r["phase_deg"] is None else f"{r['phase_deg']:.1f}",
            "calibrates" if r["calibrates"] else "",
        )
        for r in record.rows()
    ]
    low, high = record.phase_window()
    text = (
        "Lift-off times computed afterwards, from the place of the pad and element sets of around each flight, some of "
        "them younger than it: the table tests the plane and holds no forecasts (tiangong verify flights does). The "
        "flights of 2021 left as the pad passed through the station's mean plane; the later ones after it by the time "
        "that Shenzhou-15 shows, for which no explanation is published. The phase belongs into the window of the 3.5 h "
        f"profile, {low:g} to {high:g} deg."
    )
    heads = (
        "flight",
        *(joined(word, " (", OTHERS_ZONE, ")") for word in ("flown", "predicted")),
        "miss, s",
        "limit, s",
        "phase, deg",
        "",
    )
    content = table(heads, rows, numeric=(3, 4, 5), unbroken=(0, 1, 2))
    return section("Lift-offs of the record", paragraph(text), content)


def assumed(entries: Iterable[tuple[str, str, str]]) -> str:
    """The values that no source gives, each with its file and key."""
    rows = [(file, key, text.removeprefix("assumed:").strip() or "assumed") for file, key, text in entries]
    return section("Assumed values", table(("file", "key", "why"), rows) if rows else "")


def conventions(data: PlotData) -> str:
    """In which frames, and from what, the figures are counted."""
    lines = (f"{key.replace('_', ' ')}: {text}" for key, text in data.record["conventions"].items())
    return section("Conventions", bullets(lines))


def data_versions(data: PlotData) -> str:
    """Versions of what computed, and how old its data are."""
    rows = [("tiangong-sim", __version__), *((name, version(name)) for name in PACKAGES)]
    liftoff = data.when("liftoff")
    ages = data_ages(data.scenario, None if liftoff is None else data.zero.plus(liftoff))
    elements, turn = ages["elements"], ages["earth_orientation"]
    age = elements["age_at_liftoff_days"]
    weather = ", ".join(labelled(key, value) for key, value in ages["space_weather_as_given"].items())
    lines = (
        joined(
            f"Element set {elements['name']}: epoch ",
            moment(Epoch.from_utc(elements["epoch_utc"]), zone=True),
            "" if age is None else f", {age:.1f} days before lift-off",
        ),
        f"Earth orientation (IERS finals2000A): measured to {turn['last_measured']}, "
        f"predicted to {turn['last_predicted']}",
        f"Atmosphere: {ages['atmosphere']}; space weather as given in the scenario: {weather}",
    )
    return section("Programs and data", bullets(lines), table(("package", "version"), rows))
