"""What no single key of a list of dispersions can get wrong: in campaign files and in files of uncertainties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sim.catalogue.facts import UnknownName, value
from sim.files.problems import listed, nearest
from sim.scenario import dispersible
from sim.scenario.catalogue import LauncherFile
from sim.scenario.dispersible import Dispersible
from sim.scenario.kinds import File
from sim.scenario.uncertainty_file import UncertaintyFile
from sim.scenario.view import Finding, View, increasing

FARTHEST_NORMAL = 6.8  # sigmas; the generator makes none beyond 6.76
LEAST_SHARE = 1e-3  # of a drawn wind, at the height where it blows most
UNITS = ("percent", "m", "m_s", "deg", "deg_s")
SPREADS = {f"{word}_{unit}": unit for word in ("sigma", "half_width") for unit in UNITS}
OF_A_FLIGHT = (
    "launcher.",
    "air.",
    "wind.",
    "navigation.",
    "elements.",
    "mass.",
    "drag_area.",
    "thrusters.",
    "station.",
    "capsule.",
    "parachutes.",
    "retro_rockets.",
)


def paths(view: View, begins: Sequence[str] = (), of: str = "") -> Iterator[Finding]:
    """Every path is one, begins as those do that may be dispersed in `of`, and is dispersed once."""
    seen: dict[str, int] = {}
    for i in range(view.length("dispersions")):
        path = view("dispersions", i, "path")
        if path is None:
            continue
        key = ("dispersions", i, "path")
        if dispersible.known(path) is None:
            yield Finding(key, f"'{path}'", listed(dispersible.paths()), nearest(path, dispersible.PATHS))
            continue
        if begins and not path.startswith(tuple(begins)):
            yield Finding(key, f"'{path}' in {of}", f"a path that begins with one of {', '.join(begins)}")
        for other in _overlapping(path, seen):
            yield Finding(key, f"'{path}', which dispersions.{seen[other]} disperses too", "each thing once")
        seen[path] = i


def paths_of_a_flight(view: View) -> Iterator[Finding]:
    yield from paths(view, OF_A_FLIGHT, "the uncertainty of a flight")


def _overlapping(path: str, seen: Iterable[str]) -> Iterator[str]:
    """Those that write over the same thing: the same path, or all stages and one of them."""
    whole, one = path.rpartition(".")[2], dispersible.stage_named(path)
    for other in seen:
        its = dispersible.stage_named(other)
        same_kind = other.startswith("launcher.") and path.startswith("launcher.") and other.endswith(f".{whole}")
        if other == path or (same_kind and (one is None) != (its is None)):
            yield other


def _each(view: View) -> Iterator[tuple[int, str, Dispersible]]:
    """The dispersions whose path is one."""
    for i in range(view.length("dispersions")):
        path = view("dispersions", i, "path")
        target = dispersible.known(path) if path else None
        if target:
            yield i, path, target


def spreads(view: View) -> Iterator[Finding]:
    """One spread, of the law's kind and in the path's unit, with which no quantity can become negative."""
    for i, _, target in _each(view):
        law, unit = view("dispersions", i, "law"), target.unit.replace("/", "_")
        given = [key for key in SPREADS if key in view.keys("dispersions", i)]
        spread_key = f"{'half_width' if law == 'uniform' else 'sigma'}_{unit}"
        if law is None:
            continue
        if given != [spread_key]:
            yield Finding(("dispersions", i), ", ".join(given) or "no spread", f"{spread_key}, for this path and law")
            continue
        spread, limit = view("dispersions", i, spread_key), view("dispersions", i, "limit_sigmas")
        if law == "lognormal" and unit != "percent":
            yield Finding(("dispersions", i, "law"), "'lognormal' for what may be negative", "'normal' or 'uniform'")
        if law == "uniform" and "limit_sigmas" in view.keys("dispersions", i):
            yield Finding(("dispersions", i, "limit_sigmas"), "a limit of a uniform law", "none: its width is one")
        farthest = (limit or FARTHEST_NORMAL) if law == "normal" else 1.0
        if spread is not None and unit == "percent" and law != "lognormal" and spread * farthest >= 100.0:
            allowed = f"less than {100.0 / farthest:.4g}, or a limit_sigmas: nothing would be left of it"
            yield Finding(
                ("dispersions", i, spread_key), f"{spread}, of which {farthest:g} times may be added", allowed
            )


def wind(view: View) -> Iterator[Finding]:
    needed = [path for _, path, target in _each(view) if target.profiled]
    if needed and "wind" not in view.raw:
        yield Finding(("wind",), "nothing", f"a table with height_km and share, which {needed[0]} needs")
    height, share = view("wind", "height_km"), view("wind", "share")
    if height and share and len(height) != len(share):
        yield Finding(("wind", "share"), f"{len(share)} shares for {len(height)} heights", "one for each")
    if share and max(map(abs, share)) < LEAST_SHARE:
        found = f"{max(map(abs, share)):g} at most"
        yield Finding(("wind", "share"), found, "a share that lets a drawn wind blow somewhere")
    yield from increasing(view, ("wind", "height_km"))


def sources(view: View) -> Iterator[Finding]:
    """A fact that is named is one."""
    for table in ("dispersions", "settings", "requirements"):
        for i in range(view.length(table)):
            source = view(table, i, "source")
            if source and source.startswith("fact:"):
                try:
                    value(source.removeprefix("fact:"))
                except UnknownName:
                    yield Finding((table, i, "source"), f"'{source}'", "a fact that `tiangong facts` knows")


def stages(uncertainty: File | None, launchers: Sequence[File | None]) -> Iterator[Finding]:
    """A stage that an uncertainty names is one of the mission's launcher."""
    if not isinstance(uncertainty, UncertaintyFile) or not launchers or None in launchers:
        return
    names = tuple(stage.name for file in launchers if isinstance(file, LauncherFile) for stage in file.stages)
    for d in uncertainty.dispersions:
        stage = dispersible.stage_named(d.path)
        if stage is not None and stage not in names:
            allowed = f"an uncertainty whose stages are those of the mission's launcher: {listed(names)}"
            yield Finding(("uncertainty",), f"one that disperses '{d.path}'", allowed)


RULES = (paths_of_a_flight, spreads, wind, sources)
