"""The study of an ascent, as tables: its key figures, published times, debris, views, and aborts."""

from __future__ import annotations

from sim.core.ascent_record import (
    AscentFigures,
    AscentHistory,
    AscentRecord,
    AscentStudy,
    PublishedSequence,
    SightedView,
)
from sim.core.records import PhaseRecord
from sim.report.markup import number, paragraph, table


def study_tables(record: PhaseRecord | None) -> str:
    """The tables of an ascent with a study; nothing for any other leg."""
    if not isinstance(record, AscentRecord) or record.figures is None or record.figures.study is None:
        return ""
    figures, study = record.figures, record.figures.study
    published = map(_published, study.published)
    return "".join((_key(figures, record.ascent), *published, _debris(study), _views(study), _aborts(study)))


def _key(figures: AscentFigures, history: AscentHistory) -> str:
    """Max-q, greatest load and propellant left, and what they rest on."""
    rows = []
    for column, words, unit, scale in (
        (history.dynamic_pressure_pa, "greatest dynamic pressure", "kPa", 1e-3),
        (history.axial_load_g, "greatest axial load", "g", 1.0),
        (history.q_alpha_kpa_deg, "greatest dynamic pressure times angle of attack", "kPa deg", 1.0),
    ):
        i = int(column.argmax())
        rows.append((words, number(scale * float(column[i])), unit, f"T+{history.t_s[i] - history.t_s[0]:.1f} s"))
    rows.append(("propellant left in the last stage", number(figures.propellant_left_kg), "kg", "at cut-off"))
    rows.append(("plane against the one aimed at", number(figures.plane_from_target_deg), "deg", "at cut-off"))
    assumed = (
        "Assumed in these: drag table (30 %), dry masses and residuals of the stages, fairing and tower. The lists of "
        "simplifications and of assumed values, further below, have everything that they rest on."
    )
    return table(("quantity", "value", "unit", "when"), rows, numeric=(1,)) + paragraph(assumed)


def _published(sequence: PublishedSequence) -> str:
    clock = "events that the launcher takes from a clock agree by themselves"
    chosen = f"the chosen list; {clock}" if sequence.chosen else "for comparison only"
    rows = [
        (
            row.event.replace("_", " "),
            f"{row.published_s:.0f}",
            f"{row.flown_s:.1f}",
            f"{row.off_percent:+.2f}",
        )
        for row in sequence.events
    ]
    heads = ("event", "published, s", "flown, s", "error, %")
    return paragraph(f"{sequence.name} ({chosen}):") + table(heads, rows, numeric=(1, 2, 3)) if rows else ""


def _debris(study: AscentStudy) -> str:
    rows = [
        (
            d.name if d.count == 1 else f"{d.count} × {d.name}",
            f"{d.latitude_deg:.2f}",
            f"{d.longitude_deg:.2f}",
            f"{d.downrange_km:.0f}",
            f"{2 * d.half_length_km:.0f} × {2 * d.half_width_km:.0f}",
            f"{d.falls_for_s:.0f}",
            f"{d.speed_m_s:.0f}",
            f"{d.mass_per_drag_area_kg_m2:.0f}",
        )
        for d in study.debris
    ]
    heads = ("piece", "lat, deg", "lon, deg", "downrange, km", "99 % ellipse, km", "falls, s", "hits at, m/s", "kg/m²")
    explanation = "Spent pieces fall tumbling, with drag and without wind; masses, areas and their spread are assumed:"
    return paragraph(explanation) + table(heads, rows, numeric=range(1, 8)) if rows else ""


def _views(study: AscentStudy) -> str:
    rows = []
    for v in study.views:
        if isinstance(v, SightedView):
            rises = "in sight from the start" if v.rises_s is None else f"T+{v.rises_s:.0f} s"
            sets = "still up at cut-off" if v.sets_s is None else f"T+{v.sets_s:.0f} s"
            top = f"{v.highest_deg:.1f} deg at T+{v.highest_at_s:.0f} s"
            top += f", azimuth {v.highest_azimuth_deg:.0f} deg"
            rows.append((v.site, rises, top, sets, f"{v.nearest_km:.0f}"))
        else:
            rows.append((v.site, "never", f"{v.below_horizon_deg:.1f} deg below the horizon at best", "", ""))
    heads = ("from", "rises", "highest", "sets", "nearest, km")
    return paragraph("Seen from the ground, refraction left out:") + table(heads, rows, numeric=(4,)) if rows else ""


def _aborts(study: AscentStudy) -> str:
    rows = [
        (
            m.mode,
            f"{m.from_s:.0f} to {m.to_s:.0f}",
            f"{m.load_least_g:.1f} to {m.load_most_g:.1f}",
            "–" if m.ballistic_most_g is None else f"{m.ballistic_most_g:.1f}",
            "–" if m.downrange_most_km is None else f"{m.downrange_most_km:.0f}",
            f"{m.delta_v_most_m_s:.0f}",
            f"{m.outside_all_areas} of {m.times}",
        )
        for m in study.aborts or ()
    ]
    heads = (
        "abort mode",
        "T+, s",
        "load, g",
        "without lift, g",
        "downrange, km",
        "ship's burn, m/s",
        "outside all areas",
    )
    explanation = (
        "Aborts at any time: the largest load with lift upward (motors and burns included), the largest of an entry "
        "without lift, the largest distance of the landing, and how many of the times tried end outside every area. "
        "Motors, areas at sea and what the ship may burn are assumed."
    )
    return paragraph(explanation) + table(heads, rows, numeric=(2, 3, 4, 5)) if rows else ""
