"""The body file: what a craft flies about, as data: gravity fields with their axes, orientation, third bodies, size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from sim.files import packaged
from sim.files.problems import listed, nearest
from sim.scenario.kinds import Craft, File, Pair, Table, Triple, Words, length, within
from sim.scenario.sources import SOURCES
from sim.scenario.view import Finding, View

AxesName = Annotated[
    str,
    Field(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$", description="a name of lower-case letters, digits and underscores"),
]
DataName = Annotated[
    str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,79}$", description="the name of a file in seeds/assets")
]
EphemerisName = Literal["sun", "mercury", "venus", "earth", "moon", "mars"]  # of DE421, whose centres they are
MuM3S2 = Annotated[float, within(1e6, 1e21)]
RadiusM = Annotated[float, within(1e3, 1e9)]
MOST_COEFFICIENTS = 2000
LARGEST_DEGREE = 60  # of a field that is written out
WHY_AXES = (
    "the name of the axes that the field is given in, one of {known}; without them the same numbers pull elsewhere: "
    "for the Moon, axes that differ by 0.3 deg cost kilometres in days, and those of its maps tens of metres"
)
SUN = "sun"


class FieldBlock(Table):
    """A field: `file` of seeds/assets, or `mu_m3_s2`, `radius_m` and `coefficients`: rows of degree, order, C and S,
    fully normalised, without degree 0."""

    name: Craft
    axes: AxesName | None = None
    file: DataName | None = None
    mu_m3_s2: MuM3S2 | None = None
    radius_m: RadiusM | None = None
    coefficients: Annotated[
        tuple[Annotated[tuple[Annotated[float, within(-1e3, 1e3)], ...], length(4, 4)], ...],
        length(1, MOST_COEFFICIENTS),
    ] = ()


class TurnedAxes(Table):
    """Axes at a constant rotation from the orientation's: r_axes = R1(x) R2(y) R3(z) r, rotations of the frame."""

    axes: AxesName
    arcsec: Triple[Annotated[float, within(-648000, 648000)]]


class BodyOrientationBlock(Table):
    """`euler_table`: angles phi, theta, psi in a `file` of seeds/assets. `pole`: pole and prime meridian, at J2000 and
    by a century (pole) or a day (meridian). `earth`: IAU 2006/2000A with the table of the IERS."""

    model: Literal["euler_table", "pole", "earth"]
    axes: AxesName
    file: DataName | None = None
    right_ascension_deg: Pair[Annotated[float, within(-1e3, 1e3)]] | None = None
    declination_deg: Pair[Annotated[float, within(-1e3, 1e3)]] | None = None
    prime_meridian_deg: Pair[Annotated[float, within(-1e6, 1e6)]] | None = None
    turned: Annotated[tuple[TurnedAxes, ...], length(0, 20)] = ()


class ThirdBodyBlock(Table):
    """`radius_m`: of the shadow that it casts; 0 for none."""

    name: EphemerisName
    mu_m3_s2: MuM3S2
    radius_m: Annotated[float, within(0, 1e9)] = 0.0


class BodyFile(File):
    """`ephemeris`: the body's name in DE421. The first of `fields` holds where an orbit file names none."""

    kind: Literal["body"]
    note: Words = ""
    ephemeris: EphemerisName
    mu_m3_s2: MuM3S2
    mean_radius_m: RadiusM
    sphere_of_influence_m: Annotated[float, within(0, 1e11)] = 0.0
    map_axes: AxesName
    degree: Annotated[int, within(0, 120)] = 0
    orientation: BodyOrientationBlock
    fields: Annotated[tuple[FieldBlock, ...], length(0, 20)] = ()
    third_bodies: Annotated[tuple[ThirdBodyBlock, ...], length(0, 2)] = ()


def _given(view: View, *path: str | int) -> bool:
    return path[-1] in view.keys(*path[:-1])


def axes(view: View) -> Iterator[Finding]:
    """Fields and maps are in axes that the orientation knows."""
    turned = [table["axes"] for table in view("orientation", "turned") or ()]
    known = [name for name in (view("orientation", "axes"), *turned) if name]
    names = ", ".join(f"'{name}'" for name in known)
    name = view("map_axes")
    if name and known and name not in known:
        yield Finding(("map_axes",), f"'{name}'", f"axes of [orientation]: {names}")
    for i in range(view.length("fields")):
        key = ("fields", i, "axes")
        if not _given(view, *key):
            yield Finding(key, "a gravity field without axes", WHY_AXES.format(known=names or "[orientation]"))
        elif view(*key) and known and view(*key) not in known:
            allowed = f"axes of [orientation]: {names}; a table [[orientation.turned]] adds others"
            yield Finding(key, f"'{view(*key)}'", allowed)


def orientation(view: View) -> Iterator[Finding]:
    """Each model has its own keys, and no other's."""
    model = view("orientation", "model")
    keys = {"euler_table": ("file",), "pole": ("right_ascension_deg", "declination_deg", "prime_meridian_deg")}
    for other, names in keys.items():
        for name in names:
            if other == model and not _given(view, "orientation", name):
                yield Finding(("orientation", name), "nothing", f"a value, which model = '{model}' needs")
            elif model and other != model and _given(view, "orientation", name):
                found = f"a key of model = '{other}' beside model = '{model}'"
                yield Finding(("orientation", name), found, "the keys of one model")


def fields(view: View) -> Iterator[Finding]:
    """A field comes from a file or is written out; coefficients stand once each, with the order up to the degree."""
    for i in range(view.length("fields")):
        written = _given(view, "fields", i, "coefficients")
        if written == _given(view, "fields", i, "file"):
            found = "both file and coefficients" if written else "neither file nor coefficients"
            yield Finding(("fields", i), found, "exactly one of them")
        for key in ("mu_m3_s2", "radius_m"):
            if written and not _given(view, "fields", i, key):
                yield Finding(("fields", i, key), "nothing", "a number, which coefficients need")
            elif not written and _given(view, "fields", i, key):
                yield Finding(("fields", i, key), "a number beside file", "no such key: the file has its own")
        yield from _coefficients(view, i)


def data(view: View) -> Iterator[Finding]:
    """Files are shipped ones that hold what is asked of them."""
    keys = [(("fields", i, "file"), ("C", "S")) for i in range(view.length("fields"))]
    for key, needed in [*keys, (("orientation", "file"), ("coef",))]:
        name = view(*key)
        if name is None:
            continue
        shipped = [path.rpartition("/")[2] for path in packaged.listed() if path.startswith("seeds/assets/")]
        fit = [each for each in shipped if each.endswith(".npz") and each.startswith(("moon_", "egm"))]
        if name not in shipped or not set(needed) <= set(packaged.arrays(f"seeds/assets/{name}")):
            fit = [each for each in fit if set(needed) <= set(packaged.arrays(f"seeds/assets/{each}"))]
            own = "; a field of your own is written out as coefficients" if key[0] == "fields" else ""
            allowed = f"one of {listed(fit)}{own}"
            yield Finding(key, f"'{name}'", allowed, nearest(name, fit))


def _coefficients(view: View, i: int) -> Iterator[Finding]:
    seen = set()
    for k, row in enumerate(view("fields", i, "coefficients") or ()):
        n, m = row[:2]
        key = ("fields", i, "coefficients", k)
        if n != int(n) or m != int(m) or not 0 <= m <= n or not 1 <= n <= LARGEST_DEGREE:
            allowed = f"whole numbers, degree 1 to {LARGEST_DEGREE}, order 0 to the degree"
            yield Finding(key, f"degree {n:g}, order {m:g}", allowed)
        elif (n, m) in seen:
            yield Finding(key, f"degree {n:g}, order {m:g} a second time", "each once")
        seen.add((n, m))


def third_bodies(view: View) -> Iterator[Finding]:
    """The Sun and one other at most, each once, and none the body itself."""
    names = [view("third_bodies", i, "name") for i in range(view.length("third_bodies"))]
    for i, name in enumerate(names):
        if name and name == view("ephemeris"):
            yield Finding(("third_bodies", i, "name"), f"'{name}', which is the body itself", "another body")
        elif name and name in names[:i]:
            yield Finding(("third_bodies", i, "name"), f"'{name}' a second time", "each once")
    if len(names) == 2 and all(names) and SUN not in names:
        found = " and ".join(f"'{name}'" for name in names)
        yield Finding(("third_bodies", 1, "name"), found, "the Sun ('sun') and one other body: the kernels take two")


RULES = (*SOURCES, axes, orientation, fields, data, third_bodies)
