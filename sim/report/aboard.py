"""The environment aboard while ships are docked: quasi-steady acceleration by place, dose and anomaly by day."""

from __future__ import annotations

from sim.export.stored import PlotData
from sim.orbit.radiation import WHAT_IT_IS
from sim.report.markup import ZONE, joined, moment, paragraph, section, table


def environment(data: PlotData) -> str:
    """Both tables, and what the numbers are; nothing where the flight has no stay."""
    places, days = data.table("aboard/place"), data.table("aboard/day")
    if not places or not days:
        return ""
    hours, dose = float(days["hours"].sum()), float(days["dose_mgy"].sum())
    share = float(days["anomaly_dose_mgy"].sum()) / dose
    minutes = float(days["anomaly_minutes"].sum())
    by_day = 24.0 / hours
    acceleration = (
        "Quasi-steady acceleration of what floats free, in millionths of g (µg), by the place in the station. Axes: x "
        "forward, y against the orbit normal, z to the Earth, from the centre of mass; the places are assumed. The "
        "station is taken to keep still in these axes: its oscillation while ships come and go adds up to 0.5 µg at "
        "10 m. Vibration, people, docking and burns are not in it."
    )
    radiation = (
        f"Absorbed dose during the stay of {hours / 24.0:.2f} days: {dose:.2f} mGy, {dose * by_day:.3f} a day, "
        f"{100.0 * share:.0f} % of it from the South Atlantic Anomaly, in which the station is "
        f"{minutes * by_day:.0f} min a day. This is {WHAT_IT_IS}."
    )
    return section(
        "Environment aboard", paragraph(acceleration), _places(places), paragraph(radiation), _days(data, days)
    )


def _places(places: dict) -> str:
    rows = [
        (
            str(name),
            ", ".join(f"{x:g}" for x in where),
            *(f"{x:+.2f}".replace("-0.00", "0.00").replace("+0.00", "0.00") for x in mean),
            f"{size:.2f}",
            f"{largest:.2f}",
        )
        for name, where, mean, size, largest in zip(
            *(places[key] for key in ("name", "position_m", "mean_ug", "mean_size_ug", "largest_ug")), strict=True
        )
    ]
    heads = ("place", "x, y, z (m)", "x (µg)", "y (µg)", "z (µg)", "mean size (µg)", "largest (µg)")
    return table(heads, rows, numeric=(2, 3, 4, 5, 6), unbroken=(0, 1))


def _days(data: PlotData, days: dict) -> str:
    rows = [
        (
            moment(data.zero.plus(float(t)), "%Y-%m-%d %H:%M"),
            f"{hours:.1f}",
            f"{dose:.3f}",
            f"{anomaly:.3f}",
            f"{minutes:.0f}",
            f"{passages:.0f}",
            f"{drag:.3f}",
        )
        for t, hours, dose, anomaly, minutes, passages, drag in zip(
            *(
                days[key]
                for key in (
                    "t_s",
                    "hours",
                    "dose_mgy",
                    "anomaly_dose_mgy",
                    "anomaly_minutes",
                    "anomaly_passages",
                    "drag_ug",
                )
            ),
            strict=True,
        )
    ]
    heads = (
        joined("from (", ZONE, ")"),
        "hours",
        "dose (mGy)",
        "from the anomaly (mGy)",
        "min in it",
        "passages",
        "drag (µg)",
    )
    return table(heads, rows, numeric=(1, 2, 3, 4, 5, 6), unbroken=(0,))
