"""The block `[keeping]` of a programme: how its station is kept at its altitude, and by which engines."""

from __future__ import annotations

from typing import Annotated, Literal

from sim.scenario.kinds import Craft, Table, Utc, Words, length, within

Kilometres = Annotated[float, within(150, 2000)]
Hours = Annotated[float, within(0, 240)]


class Burner(Table):
    """A docked ship of a kind that raises the station. `engine`: which of its engines pushes; `share`: the part of
    their thrust that is used. It must stand at one of `ports`. What it may burn is the propellant that it brought."""

    kind: Craft
    engine: Literal["main", "translation"] = "main"
    share: Annotated[float, within(0.01, 1)] = 1.0
    ports: Annotated[tuple[Words, ...], length(1, 6)] = ("aft",)


class Quiet(Table):
    """A time without a raise, and why."""

    start_utc: Utc
    end_utc: Utc
    why: Words


class Keeping(Table):
    """Altitudes are mean ones as element sets print them: Kozai semi-major axis less 6378.137 km.

    `band_km`: lowest and highest; `margin_km`: the plan stays so far inside. `raise_m_s`: smallest and largest raise;
    one of more than `two_burns_m_s` is made in two burns half a revolution apart. `apart_days`: between two raises.
    `trim_days`: before each lift-off the days of smaller burns that set the phase, at most `trim_m_s` each, to
    `phase_off_deg`. `backward_m_s`: the largest of them against the flight direction. `awake_beijing_h`: the hours of
    the day in which engines may burn; `clear_h`: no burn so long before and after a docking or undocking, `eva_clear_h`
    a spacewalk. `handover_quiet`: none while two crews are aboard. `core_kg`: propellant in the tanks of the core
    at the start of a plan; `reserve_kg`: what no plan uses of any craft. `density_percent` and `density_days`: one
    sigma of the true density about the known one, lognormal, and the days in which an error is forgotten to 1/e;
    `thrust_percent`: one sigma of a burn's size.
    """

    band_km: Annotated[tuple[Kilometres, ...], length(2, 2)]
    margin_km: Annotated[float, within(0, 50)] = 0.3
    raise_m_s: Annotated[tuple[Annotated[float, within(0.01, 50)], ...], length(2, 2)] = (0.3, 4.0)
    two_burns_m_s: Annotated[float, within(0, 50)] = 1.0
    apart_days: Annotated[float, within(1, 200)] = 10.0
    trim_days: Annotated[tuple[Annotated[float, within(0.5, 120)], ...], length(0, 8)] = (8.0, 3.0)
    trim_m_s: Annotated[float, within(0, 10)] = 2.0
    backward_m_s: Annotated[float, within(0, 10)] = 0.5
    phase_off_deg: Annotated[float, within(0.01, 180)] = 0.5
    awake_beijing_h: Annotated[tuple[Annotated[float, within(0, 24)], ...], length(2, 2)] = (8.0, 20.0)
    clear_h: Hours = 12.0
    eva_clear_h: Hours = 12.0
    handover_quiet: bool = True
    quiet: Annotated[tuple[Quiet, ...], length(0, 49)] = ()
    burners: Annotated[tuple[Burner, ...], length(0, 10)] = ()
    core_kg: Annotated[float, within(0, 1e5)] = 0.0
    reserve_kg: Annotated[float, within(0, 1e5)] = 0.0
    density_percent: Annotated[float, within(0, 100)] = 20.0
    density_days: Annotated[float, within(0.1, 1000)] = 15.0
    thrust_percent: Annotated[float, within(0, 20)] = 1.0
