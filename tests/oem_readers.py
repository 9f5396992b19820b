"""Independent readers of an OEM, each in a process of its own: `python oem_readers.py READER FILE`, and for Orekit the
folder that holds tai-utc.dat.

Prints JSON: for each segment the number of its rows and the state (km, km/s) in the middle of its useable time, by the
interpolation that the reader makes of the file's own words; and the state at the end of the file. Each reader runs
without this program's packages.
"""

from __future__ import annotations

import json
import sys


def by_oem(file: str) -> dict:
    """github.com/bradsease/oem: Hermite of the degree on half as many points."""
    from oem import OrbitEphemerisMessage

    segments, end = [], None
    for segment in OrbitEphemerisMessage.open(file).segments:
        first, last = segment.useable_start_time, segment.useable_stop_time
        middle, end = segment(first + 0.5 * (last - first)), segment(last)
        segments.append({"rows": len(list(segment.states)), "middle": [*middle.position, *middle.velocity]})
    return {"segments": segments, "end": [*end.position, *end.velocity]}


def by_ccsds_ndm(file: str) -> dict:
    """It reads by the schema of the standard, and interpolates nothing: of each segment the middle row."""
    from ccsds_ndm.ndm_io import NdmIo

    segments, end = [], []
    for segment in NdmIo().from_path(file).body.segment:
        rows = segment.data.state_vector
        states = [
            [float(getattr(row, name).value) for name in ("x", "y", "z", "x_dot", "y_dot", "z_dot")] for row in rows
        ]
        one = segment.metadata.useable_stop_time == rows[0].epoch
        segments.append({"rows": len(rows), "epoch": rows[len(rows) // 2].epoch, "state": states[len(rows) // 2]})
        end = states[0 if one else -1]
    return {"segments": segments, "end": end}


def by_beyond(file: str) -> dict:
    """It knows Lagrange only, so it has to use that on the rows; and it passes the useable times over."""
    from beyond.config import config
    from beyond.io.ccsds import loads

    config.update({"eop": {"missing_policy": "pass"}})
    with open(file, encoding="ascii") as text:
        found = loads(text.read())
    segments, end = [], None
    for ephemeris in found if isinstance(found, list) else [found]:
        ephemeris.method, ephemeris.order = "lagrange", 8
        middle = ephemeris.interpolate(ephemeris.start + (ephemeris.stop - ephemeris.start) / 2)
        segments.append({"rows": len(list(ephemeris)), "middle": [float(x) / 1e3 for x in middle]})
        end = [float(x) / 1e3 for x in list(ephemeris)[-1]]
    return {"segments": segments, "end": end}


def by_orekit(file: str, folder: str) -> dict:
    """Orekit asks for a degree and one rows, and joins the segments to one propagator."""
    import orekit_jpype

    orekit_jpype.initVM()
    from java.io import File
    from jpype import JImplements, JOverride
    from org.orekit.data import DataContext, DataSource, DirectoryCrawler
    from org.orekit.files.ccsds.ndm import ParserBuilder
    from org.orekit.frames import FramesFactory

    @JImplements("org.orekit.bodies.CelestialBody")
    class Earth:
        """Orekit looks for its centre in JPL's files; of the Earth itself it needs the axes alone."""

        @JOverride
        def getName(self):
            return "Earth"

        @JOverride
        def getGM(self):
            return 3.986004418e14

        @JOverride
        def getInertiallyOrientedFrame(self):
            return FramesFactory.getGCRF()

        @JOverride
        def getBodyOrientedFrame(self):
            raise NotImplementedError("not needed to read an OEM")

        @JOverride
        def getPVCoordinates(self, *_):
            raise NotImplementedError("not needed to read an OEM")

        @JOverride
        def getPosition(self, *_):
            raise NotImplementedError("not needed to read an OEM")

        @JOverride
        def toOrbitRelativeFrame(self, *_):
            raise NotImplementedError("not needed to read an OEM")

    @JImplements("org.orekit.bodies.CelestialBodyLoader")
    class Loader:
        @JOverride
        def loadCelestialBody(self, _):
            return Earth()

    context = DataContext.getDefault()
    context.getDataProvidersManager().addProvider(DirectoryCrawler(File(folder)))
    context.getCelestialBodies().addCelestialBodyLoader("Earth", Loader())
    message = ParserBuilder().withMu(3.986004418e14).buildOemParser().parseMessage(DataSource(file))
    satellite = message.getSatellites().values().iterator().next()
    frame, segments = FramesFactory.getGCRF(), []

    def state(source, date) -> list[float]:
        found = source.getPVCoordinates(date, frame)
        parts = (found.getPosition(), found.getVelocity())
        return [float(x) / 1e3 for part in parts for x in (part.getX(), part.getY(), part.getZ())]

    for segment in satellite.getSegments():
        start, stop = segment.getStart(), segment.getStop()
        middle = state(segment.getPropagator(), start.shiftedBy(0.5 * stop.durationFrom(start)))
        segments.append({"rows": segment.getCoordinates().size(), "middle": middle})
    return {"segments": segments, "end": state(satellite.getPropagator(), satellite.getStop())}


if __name__ == "__main__":
    reader, *arguments = sys.argv[1:]
    print(json.dumps(globals()[f"by_{reader}"](*arguments)))
