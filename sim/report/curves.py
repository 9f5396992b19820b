"""What the interactive plots of the report show: curves over time, by phase, from the stored form of a flight."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from sim.core.closing import axial_and_lateral, closing_speed
from sim.core.docking_record import ClosedLoopRecord, DepartureRecord
from sim.core.histories import RelativeHistory, joined
from sim.core.phasing_record import PhasingRecord, TransferRecord
from sim.core.return_record import EntryHistory
from sim.export.stored import PlotData

UPWARD = ("ascent", "phasing", "homing", "transfer", "fly_around", "docking")
WITH_PROPELLANT = (PhasingRecord, TransferRecord, ClosedLoopRecord, DepartureRecord)
HOMEWARD = ("undocking", "departure", "deorbit", "entry", "descent")


@dataclass(frozen=True, eq=False)
class Curve:
    """`values` (n,) over the times of its panel; NaN where there is none."""

    name: str
    values: np.ndarray


@dataclass(frozen=True, eq=False)
class Panel:
    """Curves of one unit over `t_s` (n,), mission seconds; `limit`: of the flight's own rule on them."""

    title: str
    unit: str
    decimals: int
    t_s: np.ndarray
    curves: tuple[Curve, ...]
    limit: float | None = None
    logarithmic: bool = False


@dataclass(frozen=True, eq=False)
class Plot:
    """Panels over one axis of time; `about`: what they show, for those who cannot see it."""

    key: str
    title: str
    about: str
    panels: tuple[Panel, ...]

    @property
    def start_s(self) -> float:
        """The first time of its panels, mission seconds."""
        return min(float(panel.t_s[0]) for panel in self.panels)

    @property
    def end_s(self) -> float:
        return max(float(panel.t_s[-1]) for panel in self.panels)


def plots(data: PlotData) -> Iterator[Plot]:
    """Those for which the flight has a history, in its order."""
    for made in MAKERS:
        plot = made(data)
        if plot is not None and all(len(panel.t_s) > 1 for panel in plot.panels):
            yield plot


def _limit(data: PlotData, phase: str, unit: str) -> float | None:
    found = (v["limit"] for v in data.record["verdicts"] if v["phase"] == phase and v["unit"] == unit)
    return next(found, None)


def _ascent(data: PlotData) -> Plot | None:
    if data.ascent is None:
        return None
    h = data.ascent.ascent
    speeds = Curve("inertial", h.speed_inertial_m_s), Curve("through the air", h.speed_air_m_s)
    load, pressure = Curve("load", h.axial_load_g), Curve("dynamic pressure", h.dynamic_pressure_pa / 1e3)
    return Plot(
        "ascent",
        "Ascent",
        "Altitude, speed, axial load and dynamic pressure from lift-off to insertion",
        (
            Panel("Altitude", "km", 2, h.t_s, (Curve("altitude", h.altitude_km),)),
            Panel("Speed", "m/s", 1, h.t_s, speeds),
            Panel("Axial load", "g", 3, h.t_s, (load,), _limit(data, "ascent", "g")),
            Panel("Dynamic pressure", "kPa", 2, h.t_s, (pressure,), _limit(data, "ascent", "kPa")),
        ),
    )


def _beside(data: PlotData, phases: tuple[str, ...]) -> RelativeHistory | None:
    """The ship beside the station in the first legs of these phases, one after the other."""
    parts = [record.relative for phase in phases if (record := getattr(data, phase)) is not None]
    return joined(parts) if parts else None


def _range_panels(h: RelativeHistory) -> tuple[Panel, ...]:
    above = np.where(h.range_m > 0.0, h.range_m, np.nan)  # on an axis of powers of ten there is no nought
    return (
        Panel("Range", "m", 3, h.t_s, (Curve("range", above),), logarithmic=True),
        Panel("Range rate, negative: nearer", "m/s", 4, h.t_s, (Curve("range rate", h.range_rate_m_s),)),
    )


def _rendezvous(data: PlotData) -> Plot | None:
    h = _beside(data, UPWARD[1:])
    if h is None:
        return None
    about = "Range and its rate from insertion to contact: of the centres of mass, from the fly-around on of the rings"
    return Plot("rendezvous", "Rendezvous", about, _range_panels(h))


def _final(data: PlotData) -> Plot | None:
    record = data.docking
    if record is None:
        return None
    h, turned = record.relative, record.attitude
    axial, lateral = axial_and_lateral(record)
    speed = closing_speed(record)
    angles = tuple(
        Curve(name, values)
        for name, values in (("roll", turned.roll_deg), ("pitch", turned.pitch_deg), ("yaw", turned.yaw_deg))
    )
    return Plot(
        "final_approach",
        "Final approach",
        "Ring of the ship from the port: distance along the port's axis, closing speed, lateral offset, and attitude",
        (
            Panel("Distance along the axis", "m", 3, h.t_s, (Curve("distance", axial),)),
            Panel("Closing speed", "m/s", 4, h.t_s, (Curve("closing speed", speed),)),
            Panel("Lateral offset", "m", 3, h.t_s, (Curve("offset", lateral),)),
            Panel("Attitude against the port", "°", 3, turned.t_s, angles),
        ),
    )


def _station(data: PlotData) -> Plot | None:
    table = data.table("station")
    if not table:
        return None
    names = (("mean over a revolution", "mean_km"), ("lowest", "low_km"), ("highest", "high_km"))
    curves = tuple(Curve(name, table[key]) for name, key in names)
    about = "Distance from the Earth's centre less 6378.137 km: mean, lowest and highest of each revolution"
    return Plot("station", "Altitude of the station", about, (Panel("Altitude", "km", 3, table["t_s"], curves),))


def _departure(data: PlotData) -> Plot | None:
    h = _beside(data, ("undocking", "departure"))
    if h is None:
        return None
    return Plot("departure", "Departure", "Range and its rate from the undocking on", _range_panels(h))


def _entry(data: PlotData) -> Plot | None:
    record = data.entry
    if record is None:
        return None
    h = record.entry
    commanded = np.interp(h.t_s, record.guidance.t_s, record.guidance.bank_command_deg)
    bank = Curve("flown", h.bank_deg), Curve("commanded", commanded)
    load, heat = Curve("load", h.load_g), Curve("heat flux", h.heat_flux_kw_m2)
    pressure = Curve("dynamic pressure", h.dynamic_pressure_pa / 1e3)
    return Plot(
        "entry",
        "Entry",
        "Altitude, speed, load, heat flux, dynamic pressure and bank angle",
        (
            *_height_and_speed(h),
            Panel("Load", "g", 3, h.t_s, (load,), _limit(data, "entry", "g")),
            Panel("Stagnation heat flux", "kW/m²", 1, h.t_s, (heat,), _limit(data, "entry", "kW/m2")),
            Panel("Dynamic pressure", "kPa", 3, h.t_s, (pressure,), _limit(data, "entry", "kPa")),
            Panel("Bank angle, positive to the right", "°", 1, h.t_s, bank),
        ),
    )


def _height_and_speed(h: EntryHistory) -> tuple[Panel, Panel]:
    return (
        Panel("Altitude", "km", 3, h.t_s, (Curve("altitude", h.altitude_km),)),
        Panel("Speed through the air", "m/s", 2, h.t_s, (Curve("speed", h.speed_air_m_s),)),
    )


def _descent(data: PlotData) -> Plot | None:
    if data.descent is None:
        return None
    h = data.descent.entry
    panels = *_height_and_speed(h), Panel("Load", "g", 3, h.t_s, (Curve("load", h.load_g),))
    return Plot("descent", "Descent", "Altitude, speed and load under the parachutes", panels)


def _propellant_up(data: PlotData) -> Plot | None:
    return _propellant(data, data.ship("liftoff"), UPWARD)


def _propellant_down(data: PlotData) -> Plot | None:
    return _propellant(data, data.ship("undocking"), HOMEWARD)


def _propellant(data: PlotData, ship: str, phases: tuple[str, ...]) -> Plot | None:
    records = [record for phase in phases if (record := getattr(data, phase)) is not None]
    parts = [record.propellant for record in records if isinstance(record, WITH_PROPELLANT)]
    if not parts:
        return None
    h = joined(parts)
    panel = Panel("Propellant left", "kg", 2, h.t_s, (Curve("propellant", h.propellant_kg),))
    return Plot(f"propellant_{ship}", f"Propellant of {ship}", "Propellant left", (panel,))


MAKERS: tuple[Callable[[PlotData], Plot | None], ...] = (
    _ascent,
    _rendezvous,
    _final,
    _propellant_up,
    _station,
    _departure,
    _propellant_down,
    _entry,
    _descent,
)
