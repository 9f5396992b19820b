"""Where Cesium has our craft: `python -m benches.czml_in_cesium DIR CESIUM [--picture PNG]`.

DIR: the directory of a flight; CESIUM: the folder Build/Cesium of the npm package `cesium` (`npm install cesium`: 128
MB, so no test asks for it). Its CzmlDataSource loads the file in a headless Chromium, without the network, and its
entities are asked for positions and attitudes, which are held against the stored trajectories. Prints a line a craft.
"""

from __future__ import annotations

import argparse
import mimetypes
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from sim.export.aem import angle_deg
from sim.export.czml import FIXED, czml, to_fixed
from sim.export.ground import earth_fixed
from sim.output.export import Finished, load

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

PAGE = Path(__file__).with_suffix(".html")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
HOST = "http://localhost"  # which nobody serves: the browser is handed each file
PLACES = 400  # of each leg
EDGE_S = 1e-5  # intervals are written to the microsecond, and of two that touch Cesium takes one


class NotLoaded(RuntimeError):
    """The page, or Cesium, reports an error."""


def served(cesium: Path, document: str) -> Callable[[Route], None]:
    """A handler of the requests of the page: the page itself, the file, and Cesium's own."""

    def serve(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path == "/":
            route.fulfill(path=PAGE, content_type="text/html")
        elif path == "/flight.czml":
            route.fulfill(body=document, content_type="application/json")
        elif path.startswith("/cesium/") and (cesium / path[8:]).is_file():
            route.fulfill(path=cesium / path[8:], content_type=mimetypes.guess_type(path)[0])
        else:
            route.abort()

    return serve


def asked(start: float, end: float) -> np.ndarray:
    """Seconds since zero, in a leg."""
    return np.sort(np.random.default_rng(1).uniform(start + EDGE_S, end - EDGE_S, PLACES))


def compare(page: Page, flight: Finished, craft: str, zero: str) -> dict[str, Any]:
    """Of one craft the worst distance (m) in each of its frames, the worst of its attitudes (deg), how many were asked,
    and how far it is over the ground (m) where Cesium turns inertial positions into Earth-fixed ones."""
    flown, worst = flight.flown, {"INERTIAL": 0.0, "FIXED": 0.0, "over the ground": 0.0, "attitude": 0.0, "asked": 0}
    for path in flown.vehicles[craft]:
        t = asked(path.trajectory.start, path.trajectory.end)
        r, v, _ = path.trajectory.at(t)
        on_ground, _ = earth_fixed(flown.earth, t, r, v)
        frame = "FIXED" if path.phase in FIXED else "INERTIAL"
        for name, true, key in ((frame, on_ground if frame == "FIXED" else r, frame), ("FIXED", on_ground, "ground")):
            found = page.evaluate("a => places(...a)", [craft, zero, t.tolist(), name])
            if None in found:
                raise NotLoaded(f"Cesium has no position of {craft} at {t[found.index(None)]:.6f} s")
            error = float(np.linalg.norm(np.array(found) - true, axis=1).max())
            key = key if key != "ground" else "over the ground"
            if key != "over the ground" or frame == "INERTIAL":
                worst[key] = max(worst[key], error)
        worst["asked"] += len(t)
    for rows in flight.attitudes[craft]:
        if len(rows.t) > 1:
            t = asked(rows.t[0], rows.t[-1])
            found = page.evaluate("a => turns(...a)", [craft, zero, t.tolist()])
            known = [k for k, q in enumerate(found) if q is not None]
            if len(known) < len(t):
                raise NotLoaded(f"Cesium has no attitude of {craft} at {len(t) - len(known)} of {len(t)} times")
            true = to_fixed(flown.earth, t, between(rows.t, rows.q, t))
            worst["attitude"] = max(worst["attitude"], float(angle_deg(np.array(found), true).max()))
    return worst


def between(t: np.ndarray, q: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Even turns between the attitudes q (n, 4) that are stored at t (n,) s."""
    from scipy.spatial.transform import Rotation, Slerp

    return Slerp(t, Rotation.from_quat(q))(at).as_quat()


def run(directory: Path, cesium: Path, picture: Path | None) -> None:
    from playwright.sync_api import sync_playwright

    flight = load(directory, ())
    flown = flight.flown
    document = czml(flight.data, flown, flight.attitudes, flight.crafts)
    zero = flown.zero.utc(6)
    ends = [path.trajectory for paths in flown.vehicles.values() for path in paths]
    span = [min(path.start for path in ends), max(path.end for path in ends)]
    errors: list[str] = []
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": 1200, "height": 800})
        page.route("**", served(cesium, document))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{HOST}/")
        entities = page.evaluate("read('/flight.czml')")
        print(f"Cesium {page.evaluate('Cesium.VERSION')}: {len(entities)} entities, {len(document) / 1e6:.1f} MB")
        before = {craft: compare(page, flight, craft, zero) for craft in flight.crafts}
        page.evaluate("a => turnTheEarth(...a)", [zero, span])
        print("| craft | asked | inertial, m | Earth-fixed, m | attitude, deg | over ground, m | without tables, m |")
        print("|---|---|---|---|---|---|---|")
        for craft in flight.crafts:
            found = compare(page, flight, craft, zero)
            cells = [f"{found['INERTIAL']:.4f}", f"{found['FIXED']:.4f}", f"{found['attitude']:.4f}"]
            grounds = [f"{each['over the ground']:.0f}" for each in (found, before[craft])]
            print("|", " | ".join([craft, str(found["asked"]), *cells, *grounds]), "|")
            spans = next(entity["available"] for entity in entities if entity["id"] == craft)
            print(f"{craft}: {', '.join(' to '.join(s) for s in spans)}")
        if picture is not None:
            craft = flight.crafts[-1]
            path = flown.vehicles[craft][-1].trajectory
            page.evaluate("a => show(...a)", [craft, zero, 0.5 * (path.start + path.end)])
            page.wait_for_timeout(8000)
            page.screenshot(path=picture, timeout=120_000)
        browser.close()
    if errors:
        raise NotLoaded("; ".join(errors))


def chromium() -> str:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise NotLoaded(f"no browser; install one of {', '.join(BROWSERS)}")
    return found


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benches.czml_in_cesium", description=__doc__)
    parser.add_argument("directory", type=Path, help="of a flight, as tiangong run writes it")
    parser.add_argument("cesium", type=Path, help="Build/Cesium of the npm package")
    parser.add_argument("--picture", type=Path, help="PNG of the craft that lands, over the globe")
    given = parser.parse_args(arguments)
    if not (given.cesium / "Cesium.js").is_file():
        parser.error(f"cesium: {given.cesium} has no Cesium.js; give the folder Build/Cesium of the npm package cesium")
    try:
        run(given.directory, given.cesium.resolve(), given.picture)
    except NotLoaded as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
