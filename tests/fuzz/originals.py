"""The good files that the fuzzer spoils, by kind, and how each kind is read as a flight would read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sim.api.checking import check
from sim.environment.gravity import icgem
from sim.files import paths
from sim.interchange.files import starting_state
from tests.messages import CSS, MARIO, OEM, OMM_FORMS, OPM, TWO, in_form


@dataclass(frozen=True)
class Kind:
    """Files of one kind: what a good one holds, how a file is read, how many of 20,000 cases are spent on it, and what
    is laid beside each (name, text)."""

    texts: tuple[str, ...]
    read: Callable[[Path], object]
    cases: int
    beside: tuple[tuple[str, str], ...] = ()


def shipped(folder: Path, *names: str) -> tuple[str, ...]:
    """The catalogue's files of a folder, or those with these names."""
    chosen = [folder / f"{name}.toml" for name in names] or sorted(folder.glob("*.toml"))
    return tuple(path.read_text("utf-8") for path in chosen)


def named(key: str, texts: tuple[str, ...], cases: int) -> Kind:
    """Files that a mission names by a key, each read through such a mission beside it."""
    table, _, leaf = key.partition(".")
    mission = f"""extends = "shenzhou-24-pakistan"
schema = 1
kind = "rotation"
name = "a mission beside a spoilt file"

[{table}]
{leaf} = "./spoilt.toml"

[sources]
"launch.plane_bias_s" = "assumed: whatever the site is"
"""
    return Kind(texts, lambda path: check(path.parent / "mission.toml"), cases, (("mission.toml", mission),))


GFC = """product_type gravity_field
modelname TINY
earth_gravity_constant 0.3986004415E+15
radius 0.6378136300E+07
max_degree 3
errors no
norm fully_normalized
tide_system tide_free
end_of_head
gfc 0 0 1.0 0.0
gfc 2 0 -0.484165143790815D-03 0.0
gfc 2 1 -0.206615509074176E-09 0.138441389137979E-08
gfc 2 2 0.243938357328313E-05 -0.140027370385934E-05
gfc 3 0 0.957161207093473E-06 0.0
gfc 3 1 0.203046201047864E-05 0.248200415856872E-06
gfc 3 2 0.904787894809528E-06 -0.619005475177618E-06
gfc 3 3 0.721321757121568E-06 0.141434926192941E-05
"""
KINDS = {
    "mission": Kind(shipped(paths.MISSIONS), check, 600),
    "launcher": named("launch.launcher", shipped(paths.VEHICLES, "cz2f-g", "cz7"), 150),
    "ship": named("launch.vehicle", shipped(paths.VEHICLES, "shenzhou"), 100),
    "site": named("launch.site", shipped(paths.SITES, "jiuquan", "wenchang"), 75),
    "profile": named("rendezvous.profile", shipped(paths.PROFILES), 75),
    "orbit": Kind(shipped(paths.ORBITS), check, 2_500),
    "campaign": Kind(shipped(paths.CAMPAIGNS), check, 1_500),
    "tle": Kind((TWO, f"CSS\n{TWO}", f"0 CSS\r\n{TWO}"), lambda path: starting_state(path, CSS.epoch), 4_500),
    "omm": Kind(tuple(in_form(form) for form in OMM_FORMS), lambda path: starting_state(path, MARIO.epoch), 4_500),
    "opm": Kind((OPM,), starting_state, 2_000),
    "oem": Kind((OEM,), starting_state, 2_400),
    "gfc": Kind((GFC,), lambda path: icgem(path, 3), 1_600),
}
