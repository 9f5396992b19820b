"""Files for other programs, made from the directory of a finished flight alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from sim import __version__
from sim.core.epoch import Epoch
from sim.export import aem, czml, finished, kml, oem, spk, stored, trajectories
from sim.export.attitudes import AttitudeSegment, attitudes
from sim.export.burns import IN_ORBIT, maneuvers
from sim.export.plain import write_json
from sim.export.stored import PlotData
from sim.export.trajectories import Trajectories
from sim.files import packaged
from sim.files.errors import BadInput, DataError
from sim.interchange.aem_writing import aem_text, aem_xml
from sim.interchange.ics import CalendarEvent, calendar
from sim.interchange.oem_writing import WrittenSegment, oem_text, oem_xml, segments
from sim.interchange.opm import Opm, opm_text, opm_xml
from sim.interchange.state import OrbitState

FORMS: dict[str, str] = {
    "czml": "one scene for Cesium",
    "kml": "ground tracks, pad, landing place",
    "oem": "CCSDS ephemeris, KVN",
    "oem-xml": "CCSDS ephemeris, XML",
    "opm": "CCSDS state and burns, KVN",
    "opm-xml": "CCSDS state and burns, XML",
    "aem": "CCSDS attitudes, KVN",
    "aem-xml": "CCSDS attitudes, XML",
    "spk": "SPICE ephemeris",
    "ics": "calendar of the events",
}
NEEDS = {"czml": ("czml3", czml.NEEDED), "spk": ("spiceypy", spk.NEEDED)}
EVENT_S = 60.0  # in a calendar


def require(forms: Sequence[str]) -> None:
    """DataError where the package that writes a form is not installed."""
    for form in forms:
        package, sentence = NEEDS.get(form, ("", ""))
        if package and find_spec(package) is None:
            raise DataError(sentence)


@dataclass(frozen=True)
class Finished:
    """A finished flight as it is handed on: what is stored of it, for some of its `crafts`, written at `created`, ISO
    8601 UTC without a zone letter; `at`: the time of the state of an OPM, None for the first on orbit."""

    data: PlotData
    flown: Trajectories
    crafts: tuple[str, ...]
    created: str
    at: Epoch | None = None

    def object_id(self, craft: str) -> str:
        return oem.object_id(craft, self.data.scenario)

    @cached_property
    def attitudes(self) -> dict[str, tuple[AttitudeSegment, ...]]:
        return attitudes(self.data, self.flown)

    def ephemeris(self, craft: str) -> list[WrittenSegment]:
        parts = ((path.phase, path.trajectory) for path in self.flown.vehicles[craft])
        return list(segments(self.flown.zero, oem.of_parts(parts)))

    def opm(self, craft: str) -> Opm:
        """The state at `at`, and the burns that begin then or later; BadInput where the craft does not fly then."""
        paths = self.flown.vehicles[craft]
        first = next((path for path in paths if path.phase in IN_ORBIT), paths[0])
        t = first.trajectory.start if self.at is None else self.at.since(self.flown.zero)
        path = next((p.trajectory for p in reversed(paths) if p.trajectory.start <= t <= p.trajectory.end), None)
        if path is None:
            zero = self.flown.zero
            spans = "; ".join(
                f"{p.phase} {zero.plus(p.trajectory.start).utc(0)} to {zero.plus(p.trajectory.end).utc(0)}"
                for p in paths
            )
            raise BadInput(f"--at: {craft} does not fly by itself at {zero.plus(t).utc(0)}; it does in {spans}")
        r, v, mass = path.at(t)
        epoch = self.flown.zero.plus(t)
        state = OrbitState(name=craft.upper(), epoch=epoch, frame="gcrf", r=r[0], v=v[0], mass=float(mass[0]))
        after = tuple(burn for burn in maneuvers(paths, self.flown.zero) if burn.start >= epoch)
        return Opm(state, self.object_id(craft), maneuvers=after)

    def calendar(self) -> str:
        events, name = [], str(self.data.record["name"])
        for i, event in enumerate(self.data.record["events"]):
            if event["vehicle"] in self.crafts:
                start = Epoch.from_utc(event["utc"])
                words = str(event["name"]).replace("_", " ")
                values = "\n".join(f"{key}: {value}" for key, value in event["values"].items())
                uid = f"{event['name']}-{i}-{event['utc'].replace(':', '')}@tiangong-sim"
                summary = f"{words}: {event['vehicle']}"
                events.append(CalendarEvent(uid, start, start.plus(EVENT_S), summary, values, categories=(words,)))
        return calendar(name, events, Epoch.from_utc(self.created + "Z"))


def load(directory: Path, crafts: Sequence[str], at: Epoch | None = None) -> Finished:
    """What a run left in its directory; BadInput for a craft that did not fly in it."""
    data = stored.load(directory, finished.written(directory))
    flown = trajectories.load(directory)
    if unknown := [craft for craft in crafts if craft not in flown.vehicles]:
        raise BadInput(f"--craft: {', '.join(unknown)} did not fly here; there are {', '.join(flown.vehicles)}")
    chosen = tuple(craft for craft in flown.vehicles if not crafts or craft in crafts)
    return Finished(data, flown, chosen, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S"), at)


def write(flight: Finished, forms: Sequence[str], directory: Path, source: Path) -> list[str]:
    """Write the forms into a directory, which exists, and a manifest; returns the names of the files, in order."""
    made: list[str] = []

    def put(name: str, text: str) -> None:
        (directory / name).write_text(text, encoding="utf-8", newline="")
        made.append(name)

    for form in forms:
        if form == "czml":
            put("flight.czml", czml.czml(flight.data, flight.flown, flight.attitudes, flight.crafts))
        elif form == "kml":
            put("flight.kml", kml.kml(flight.data, flight.flown, flight.crafts))
        elif form == "ics":
            put("events.ics", flight.calendar())
        elif form == "spk":
            numbers = spk.bodies(flight.crafts, [flight.object_id(craft) for craft in flight.crafts])
            spk.write_spk(directory / "flight.bsp", flight.flown, numbers, flight.created)
            made.append("flight.bsp")
        else:
            for craft in flight.crafts:
                put(f"{_stem(form)}_{craft}.{_suffix(form)}", MESSAGES[form](flight, craft))
    write_json(directory / finished.MANIFEST, _manifest(directory, made, source, flight.created))
    return made


MESSAGES: dict[str, Callable[[Finished, str], str]] = {
    "oem": lambda f, craft: oem_text(craft, f.ephemeris(craft), f.created, f.object_id(craft)),
    "oem-xml": lambda f, craft: oem_xml(craft, f.ephemeris(craft), f.created, f.object_id(craft)),
    "opm": lambda f, craft: opm_text(f.opm(craft), f.created),
    "opm-xml": lambda f, craft: opm_xml(f.opm(craft), f.created),
    "aem": lambda f, craft: aem_text(craft, _attitudes(f, craft), f.created, f.object_id(craft)),
    "aem-xml": lambda f, craft: aem_xml(craft, _attitudes(f, craft), f.created, f.object_id(craft)),
}


def _attitudes(flight: Finished, craft: str):
    return aem.segments(flight.flown.zero, flight.attitudes[craft])


def _stem(form: str) -> str:
    return {"oem": "ephemeris", "opm": "state", "aem": "attitude"}[form[:3]]


def _suffix(form: str) -> str:
    return f"{form[:3]}.xml" if form.endswith("-xml") else form


def _manifest(directory: Path, made: Sequence[str], source: Path, created: str) -> dict:
    return {
        "schema": 1,
        "created_utc": created + "Z",
        "tiangong_sim": __version__,
        "flight": {"directory": source.name, "sha256": finished.written(source)},
        "files_sha256": {name: packaged.digest(directory / name) for name in made},
    }
