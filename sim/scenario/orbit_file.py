"""The orbit file: one craft, where it starts, what pulls on it and for how long, as its author writes it.

A key that is left out and has no default of its own takes what the field, the tables or the spacecraft say; which of
them are needed together stands in `orbit_checks`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.disposal import DisposalBlock
from sim.scenario.kinds import (
    CatalogueNumber,
    Craft,
    File,
    Pair,
    Reference,
    SetIndex,
    Table,
    Triple,
    Utc,
    Words,
    length,
    within,
)

DataFile = Annotated[
    str, Field(pattern=r"^[^\x00-\x1f\x7f]{1,1000}$", description="a shipped name, or a path relative to this file")
]
OMEGA_RAD_S = 7.292115146706388e-5  # the Earth's turn, IERS Conventions 2010
LONGEST_S = 3.2e8  # ten years


class EnvironmentBlock(Table):
    """`third_bodies`: those of the body's file that pull; all of them without the key. `other_centre`: a second body,
    about which the orbit is flown within the sphere of influence of the smaller of the two."""

    body: Reference = "earth"
    third_bodies: Annotated[tuple[Craft, ...], length(0, 2)] | None = None
    other_centre: Reference | None = None


class StartBlock(Table):
    """When `t_s` is 0. `tai_utc_s` replaces the leap-second table, for published cases that do."""

    utc: Utc
    tai_utc_s: Annotated[float, within(0, 100)] | None = None


class StateVector(Table):
    frame: Literal["gcrf", "icrf", "itrf", "teme", "eme2000"] = "gcrf"
    position_m: Triple[Annotated[float, within(-1e9, 1e9)]] | None = None
    velocity_m_s: Triple[Annotated[float, within(-1e5, 1e5)]] | None = None
    elements: DataFile | None = None
    elements_index: SetIndex | None = None
    elements_number: CatalogueNumber | None = None


class KeplerianBlock(Table):
    """Osculating, about the file's mu, in ICRS axes (GCRF's), or on the equator of the body with its prime meridian as
    they stand at the epoch."""

    axes: Literal["icrf", "equator"] = "icrf"
    semi_major_axis_m: Annotated[float, within(1e5, 1e9)]
    eccentricity: Annotated[float, within(0, 0.999)]
    inclination_deg: Annotated[float, within(0, 180)]
    raan_deg: Annotated[float, within(-360, 360)]
    argument_of_perigee_deg: Annotated[float, within(-360, 360)]
    true_anomaly_deg: Annotated[float, within(-360, 360)]


class Span(Table):
    duration_s: Annotated[float, within(1e-3, LONGEST_S)]
    step_s: Annotated[float, within(1e-3, LONGEST_S)]


class Spacecraft(Table):
    mass_kg: Annotated[float, within(1e-3, 1e7)] | None = None
    drag_area_m2: Annotated[float, within(0, 1e6)] | None = None
    drag_coefficient: Annotated[float, within(0, 10)] = 2.2
    srp_area_m2: Annotated[float, within(0, 1e6)] | None = None
    reflectivity_coefficient: Annotated[float, within(0, 5)] = 1.0


class GravityField(Table):
    """`field`: "point", "j2", "egm2008", or the path of an ICGEM file. Without `order` it is the degree."""

    field: DataFile = "egm2008"
    degree: Annotated[int, within(0, 2190)] | None = None
    order: Annotated[int, within(0, 2190)] | None = None
    mu_m3_s2: Annotated[float, within(1e14, 1e15)] | None = None
    radius_m: Annotated[float, within(6e6, 7e6)] | None = None
    j2: Annotated[float, within(-0.01, 0.01)] | None = None


class OrientationBlock(Table):
    model: Literal["iau2006", "iau1976", "uniform"] = "iau2006"
    ut1_utc_s: Annotated[float, within(-10, 10)] | None = None
    polar_motion_arcsec: Pair[Annotated[float, within(-5, 5)]] | None = None
    theta0_deg: Annotated[float, within(-3600, 3600)] | None = None
    rate_rad_s: Annotated[float, within(-1e-3, 1e-3)] | None = None


class ThirdBody(Table):
    sun: bool = False
    moon: bool = False
    mu_sun_m3_s2: Annotated[float, within(1e20, 2e20)] | None = None
    mu_moon_m3_s2: Annotated[float, within(4e12, 6e12)] | None = None
    ephemeris: Literal["de421", "analytic"] = "de421"


class AirBlock(Table):
    """Each model takes its own keys, all of them, but that nrlmsise00 without any takes the packaged space weather.

    The wind turns with the Earth unless the file has it otherwise.
    """

    model: Literal["none", "constant", "exponential", "us76", "nrlmsise00"] = "none"
    density_kg_m3: Annotated[float, within(0, 2)] | None = None
    reference_density_kg_m3: Annotated[float, within(0, 2)] | None = None
    reference_altitude_m: Annotated[float, within(-1e4, 1e7)] | None = None
    scale_height_m: Annotated[float, within(1, 1e7)] | None = None
    f107: Annotated[float, within(60, 400)] | None = None
    f107a: Annotated[float, within(60, 400)] | None = None
    ap: Annotated[float, within(0, 400)] | None = None
    wind_axis: Literal["pole", "inertial_z"] = "pole"
    wind_rate_rad_s: Annotated[float, within(-1e-3, 1e-3)] = OMEGA_RAD_S


class SolarRadiation(Table):
    model: Literal["none", "conical"] = "none"
    pressure_n_m2: Annotated[float, within(0, 1e-4)] = 4.56e-6
    occulter: Literal["sphere", "ellipsoid"] = "ellipsoid"


class BurnBlock(Table):
    start_s: Annotated[float, within(0, LONGEST_S)]
    duration_s: Annotated[float, within(0, 1e7)]
    thrust_n: Annotated[float, within(0, 1e8)]
    direction: Triple[Annotated[float, within(-1e6, 1e6)]]
    frame: Literal["inertial", "lvlh", "rtn", "velocity", "body"] = "lvlh"
    isp_s: Annotated[float, within(10, 1e5)] | None = None
    mass_flow_kg_s: Annotated[float, within(0, 1e5)] | None = None
    body_axes: Literal["lvlh", "inertial"] | None = None
    body_rate_rad_s: Triple[Annotated[float, within(-10, 10)]] | None = None


class Impulse(Table):
    """Without `isp_s` the mass stays. `t_s` = `at_s` is written with the state after it."""

    at_s: Annotated[float, within(0, LONGEST_S)]
    delta_v_m_s: Triple[Annotated[float, within(-2e4, 2e4)]]
    frame: Literal["inertial", "lvlh", "rtn", "velocity", "body"] = "lvlh"
    isp_s: Annotated[float, within(10, 1e5)] | None = None
    body_axes: Literal["lvlh", "inertial"] | None = None
    body_rate_rad_s: Triple[Annotated[float, within(-10, 10)]] | None = None


class SlotKeeping(Table):
    """A geostationary slot that is kept by burns that are planned as the orbit is flown, one cycle after the other.

    What the planner does not know: one sigma of the orbit at the start of a cycle, of each burn; the share by which its
    pressure of sunlight is too large; the degree of its gravity field. `places`: from where the craft is looked at.
    """

    longitude_deg: Annotated[float, within(-180, 360)]
    half_width_deg: Annotated[float, within(0.01, 5)]
    inclination_deg: Annotated[float, within(0.01, 5)]
    east_west_days: Annotated[float, within(2, 60)] = 7.0
    north_south_days: Annotated[float, within(2, 366)] = 14.0
    eccentricity: Annotated[float, within(0, 0.01)] = 2.0e-4
    isp_s: Annotated[float, within(10, 1e5)] | None = None
    longitude_sigma_deg: Annotated[float, within(0, 0.1)] = 0.0
    plane_sigma_deg: Annotated[float, within(0, 0.1)] = 0.0
    axis_sigma_m: Annotated[float, within(0, 1e4)] = 0.0
    burn_sigma_percent: Annotated[float, within(0, 30)] = 0.0
    sunlight_off_percent: Annotated[float, within(-90, 100)] = 0.0
    known_degree: Annotated[int, within(0, 70)] = 4
    seed: Annotated[int, within(0, 2**32 - 1)] = 1
    places: Annotated[tuple[str, ...], length(0, 40)] = ()


class Imaging(Table):
    """A camera: what it sees of an area, straight down, and how often of places, with a roll to either side."""

    swath_m: Annotated[float, within(100, 3e6)]
    roll_deg: Annotated[float, within(0, 60)] = 0.0
    sun_elevation_deg: Annotated[float, within(-90, 90)] = 10.0
    area_deg: Annotated[tuple[Pair[Annotated[float, within(-180, 180)]], ...], length(0, 200)] = ()
    places: Annotated[tuple[str, ...], length(0, 40)] = ()


class Integrator(Table):
    tolerance: Annotated[float, within(1e-15, 1e-3)] = 1e-12


class OrbitFile(File):
    """`state`, `keplerian` or `elements`: exactly one. With elements and without `epoch` it starts at theirs.

    Of several element sets in a file `elements_index` or `elements_number` names one; without them it is the set of the
    one object in it whose epoch is nearest to the start, or the latest where there is no [epoch].
    """

    kind: Literal["orbit"]
    note: Words = ""
    environment: EnvironmentBlock = EnvironmentBlock()
    epoch: StartBlock | None = None
    elements: DataFile | None = None
    elements_index: SetIndex | None = None
    elements_number: CatalogueNumber | None = None
    state: StateVector | None = None
    keplerian: KeplerianBlock | None = None
    span: Span
    spacecraft: Spacecraft = Spacecraft()
    gravity: GravityField = GravityField()
    orientation: OrientationBlock = OrientationBlock()
    third_body: ThirdBody = ThirdBody()
    atmosphere: AirBlock = AirBlock()
    solar_radiation: SolarRadiation = SolarRadiation()
    burns: Annotated[tuple[BurnBlock, ...], length(0, 40)] = ()
    impulses: Annotated[tuple[Impulse, ...], length(0, 40)] = ()
    integrator: Integrator = Integrator()
    station_keeping: SlotKeeping | None = None
    imaging: Imaging | None = None
    disposal: DisposalBlock | None = None
