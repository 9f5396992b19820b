"""The files of ships and stations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.kinds import Craft, File, Pair, Table, Triple, Words, length, within
from sim.scenario.return_blocks import CapsuleBlock, DeorbitBlock, Parachutes, TouchdownBlock
from sim.scenario.safety import EscapeBlock
from sim.scenario.sensing import NavigationBlock, SensorsBlock

DOWN = 0.71  # cosine: of an axis that is nearer to the nadir than to the orbit's own directions


class Drag(Table):
    area_m2: Annotated[float, within(0.1, 5e3)]
    coefficient: Annotated[float, within(0.5, 5)]


class Inertia(Table):
    """About the centre of mass; the products are the integrals of xy, xz and yz over the mass."""

    moments_kg_m2: Triple[Annotated[float, within(1, 1e9)]]
    products_kg_m2: Triple[Annotated[float, within(-1e9, 1e9)]] = (0.0, 0.0, 0.0)


class ShipMass(Table):
    """A crewed ship has a return module, and may have an orbital one that leaves before the deorbit burn; one that
    carries freight a cargo module, and what is in it."""

    orbital_module_kg: Annotated[float, within(100, 2e4)] | None = None
    return_module_kg: Annotated[float, within(500, 2e4)] | None = None
    cargo_module_kg: Annotated[float, within(100, 2e4)] | None = None
    cargo_kg: Annotated[float, within(0, 2e4)] | None = None
    service_module_dry_kg: Annotated[float, within(100, 2e4)]
    propellant_kg: Annotated[float, within(1, 2e4)]

    @property
    def dry_kg(self) -> float:
        """Everything but the propellant."""
        return (
            (self.orbital_module_kg or 0.0)
            + (self.return_module_kg or 0.0)
            + self.service_module_dry_kg
            + (self.cargo_module_kg or 0.0)
            + (self.cargo_kg or 0.0)
        )


class ShipEngines(Table):
    """`main_backup_thrust_n`: of the main engines that take over where one in use stops; 0 without."""

    main_thrust_n: Annotated[float, within(100, 1e5)]
    main_isp_s: Annotated[float, within(150, 470)]
    main_backup_thrust_n: Annotated[float, within(0, 1e5)] = 0.0
    translation_thrust_n: Annotated[float, within(1, 1e4)]
    translation_isp_s: Annotated[float, within(150, 470)]


class ReactionControl(Table):
    """Thrust begins `valve_delay_s` after the command to open or to close, and rises and falls in straight lines."""

    min_on_s: Annotated[float, within(0, 0.2)]
    valve_delay_s: Annotated[float, within(0, 0.1)] = 0.0
    rise_s: Annotated[float, within(0, 0.1)] = 0.0
    fall_s: Annotated[float, within(0, 0.1)] = 0.0
    thrust_spread: Annotated[float, within(0, 0.3)]
    direction_spread_deg: Annotated[float, within(0, 10)]


class Thruster(Table):
    """`direction` is that of the push, against the exhaust; body axes, x out of the docking ring."""

    name: Craft
    position_m: Triple[Annotated[float, within(-30, 30)]]
    direction: Triple[Annotated[float, within(-1, 1)]]
    thrust_n: Annotated[float, within(0.1, 5e3)]
    isp_s: Annotated[float, within(50, 470)]


class DockingSprings(Table):
    """Stiffness and damping along the docking axis, across it, and about the axes across it and along it."""

    axial_kn_m: Annotated[float, within(0.1, 1e3)]
    axial_kn_s_m: Annotated[float, within(0, 1e3)]
    lateral_kn_m: Annotated[float, within(0.1, 1e3)]
    lateral_kn_s_m: Annotated[float, within(0, 1e3)]
    pitch_yaw_kn_m_rad: Annotated[float, within(0.1, 1e4)]
    pitch_yaw_kn_m_s_rad: Annotated[float, within(0, 1e4)]
    roll_kn_m_rad: Annotated[float, within(0.1, 1e4)]
    roll_kn_m_s_rad: Annotated[float, within(0, 1e4)]


class FarNavigation(Table):
    """One sigma of every axis: of either craft's orbit by itself, and of the relative state within the link's range,
    where the errors fall in proportion to the range down to the `near` ones."""

    orbit_position_m: Annotated[float, within(0, 1e4)]
    orbit_velocity_m_s: Annotated[float, within(0, 10)]
    link_range_km: Annotated[float, within(0, 1000)]
    relative_position_m: Annotated[float, within(0, 1e3)]
    relative_velocity_m_s: Annotated[float, within(0, 1)]
    near_position_m: Annotated[float, within(0, 100)]
    near_velocity_m_s: Annotated[float, within(0, 1)]


class BurnErrors(Table):
    """One sigma: of the size, and of the direction about either axis across it."""

    size_percent: Annotated[float, within(0, 20)]
    direction_deg: Annotated[float, within(0, 20)]


class DockingBlock(Table):
    """`tunnel_m`: diameter of the passage; where the port gives its own, the two are the same."""

    ring_from_centre_of_mass_m: Annotated[float, within(0.1, 30)]
    tunnel_m: Annotated[float, within(0.1, 5)] | None = None
    push_off_m_s: Annotated[float, within(0.01, 1)]
    closing_min_m_s: Annotated[float, within(0, 1)]
    closing_max_m_s: Annotated[float, within(0.01, 2)]
    lateral_offset_max_m: Annotated[float, within(0.001, 2)]
    lateral_speed_max_m_s: Annotated[float, within(0.001, 2)]
    pitch_yaw_max_deg: Annotated[float, within(0.1, 30)]
    roll_max_deg: Annotated[float, within(0.1, 30)]
    rate_max_deg_s: Annotated[float, within(0.01, 5)]
    force_max_kn: Annotated[float, within(0.1, 200)]
    restitution: Annotated[float, within(0, 1)]
    stroke_m: Annotated[float, within(0.01, 2)]
    retraction_m: Annotated[float, within(0, 2)]
    retraction_s: Annotated[float, within(0, 7200)]
    contact_to_hard_mate_s: Annotated[float, within(0, 7200)]
    push_off_max_m_s: Annotated[float, within(0.01, 1)]
    push_off_stroke_m: Annotated[float, within(0.005, 0.5)]
    push_off_aside_m: Pair[Annotated[float, within(-1, 1)]] = (0.0, 0.0)
    springs: DockingSprings


class ShipFile(File):
    kind: Literal["ship"]
    note: Words = ""
    crew_seats: Annotated[int, within(0, 10)]
    mass: ShipMass
    engines: ShipEngines
    inertia: Inertia
    reaction_control: ReactionControl
    thrusters: Annotated[tuple[Thruster, ...], length(7, 48)]
    drag: Drag
    far_navigation: FarNavigation | None = None
    burn_errors: BurnErrors | None = None
    docking: DockingBlock
    capsule: CapsuleBlock | None = None
    parachutes: Parachutes | None = None
    touchdown: TouchdownBlock | None = None
    sensors: SensorsBlock
    navigation: NavigationBlock
    escape: EscapeBlock | None = None
    deorbit: DeorbitBlock | None = None

    @property
    def lands(self) -> bool:
        """Whether it has what a return needs: seats, a capsule and its parachutes."""
        return self.crew_seats > 0 and self.capsule is not None and self.parachutes is not None


class StationMass(Table):
    modules_kg: Annotated[float, within(5e3, 1e6)]


class StationEngines(Table):
    thrust_n: Annotated[float, within(1, 1e5)]
    isp_s: Annotated[float, within(150, 4000)]


class StationAttitude(Table):
    """An attitude oscillation about LVLH, about each axis by itself."""

    amplitude_deg: Triple[Annotated[float, within(0, 5)]]
    period_s: Triple[Annotated[float, within(10, 1e4)]]


def looks_down(axis: Sequence[float]) -> bool:
    """Whether an axis of LVLH points to the nadir, within 45 deg."""
    return axis[2] > DOWN


class PortBlock(Table):
    """`position_m` in the station's own frame, from the centre of mass of its modules without visitors; `tunnel_m`:
    diameter of the passage, as in a ship's [docking]."""

    position_m: Triple[Annotated[float, within(-100, 100)]]
    axis: Triple[Annotated[float, within(-1, 1)]]
    tunnel_m: Annotated[float, within(0.1, 5)] | None = None

    @property
    def down(self) -> bool:
        """Whether it looks to the nadir, z of LVLH, rather than along the orbit."""
        return looks_down(self.axis)


class StationFile(File):
    """Mass, inertia and drag are those of the modules; what is docked adds its own."""

    kind: Literal["station"]
    note: Words = ""
    mass: StationMass
    drag: Drag
    engines: StationEngines
    inertia: Inertia
    attitude: StationAttitude
    ports: Annotated[dict[str, PortBlock], Field(min_length=1)]


def looking_down(station: StationFile) -> frozenset[str]:
    """The names of the ports that look to the nadir."""
    return frozenset(name for name, port in station.ports.items() if port.down)
