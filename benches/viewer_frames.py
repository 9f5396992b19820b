"""How soon do report.html and view.html show something, and how long does a picture of the flight take?

    python -m benches viewer_frames [DIR] [--pictures N] [--starts N]

DIR: results of `tiangong run`; without it the rotation of Shenzhou-24 is flown into a folder that goes again. Needs
playwright and a Chromium (`TIANGONG_CHROMIUM` names one that is not on the path). WebGL is drawn by the processor
(SwiftShader), as in CI. Columns, median and 95 % of N pictures of 1280 x 720:

* still: wall time of one picture at full sharpness, until a pixel of it can be read;
* script: the part of it in JavaScript, until everything is handed to the graphics - the rest is rasterisation;
* raster: processor time of the graphics process for a picture, which others on the machine do not change;
* calls, triangles, lines: what the graphics are given for it.

Then the time between two pictures while the flight plays, where the page may draw fewer pixels to keep up, and the
first contentful paint of either page: in a browser that was started for it, and in one that runs.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benches.arguments import whole
from benches.machine import machine

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MISSION = "shenzhou-24-pakistan"
PAGES = ("report.html", "view.html")
SIZE = {"width": 1280, "height": 720}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
# Cameras, the event at which each looks, and seconds after it: the whole Earth; the approach from outside, from behind
# the ship and from its nose; the capsule under its parachute.
SCENES = (
    ("globe", "orbit_insertion", 600.0),
    ("station", "contact", -120.0),
    ("chase", "contact", -300.0),
    ("docking", "contact", -60.0),
    ("landing", "touchdown", -60.0),
)
READY = "window.tiangong && window.tiangong.ready"
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
STILL = """([t, n]) => Array.from({ length: n }, (_, k) => {
  tiangong.clock.seek(t + 0.5 * k);
  return tiangong.cost();
})"""
PLAY = """([warm, n]) => new Promise((done) => {
  const steps = [];
  let before = 0;
  const button = [...document.querySelectorAll("#controls button")].find((b) => b.textContent.includes("Play"));
  const step = (now) => {
    if (before) steps.push(now - before);
    before = now;
    if (steps.length < warm + n) return requestAnimationFrame(step);
    const wide = document.getElementById("canvas").width;
    button.click();
    done({ steps: steps.slice(warm), wide });
  };
  button.click();
  requestAnimationFrame(step);
})"""


@contextmanager
def started() -> Iterator[Browser]:
    """A browser of its own, gone when the block ends; SystemExit where there is none."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise SystemExit("playwright is not installed; write: pip install playwright") from None
    path = os.environ.get("TIANGONG_CHROMIUM") or next((p for name in BROWSERS if (p := shutil.which(name))), None)
    if path is None:
        raise SystemExit("no Chromium was found; install one, or name it in TIANGONG_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def page_of(browser: Browser, file: Path) -> Iterator[Page]:
    """A page of a file, in a context of its own with the network cut."""
    context = browser.new_context(offline=True, viewport=SIZE)
    page = context.new_page()
    page.goto(file.resolve().as_uri())
    yield page
    context.close()


def first_paint(browser: Browser, file: Path) -> float:
    """Milliseconds from the start of the navigation to the first text or picture on the screen."""
    with page_of(browser, file) as page:
        return float(page.wait_for_function(PAINT).json_value())


def spread(values: list[float]) -> str:
    """Median and 95 %, as `12.3 / 45.6`."""
    ordered = sorted(values)
    return f"{statistics.median(ordered):.1f} / {ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]:.1f}"


def graphics_seconds(browser: Browser) -> Callable[[], float]:
    """Processor time, s, that the graphics process of a browser has taken until it is asked."""
    session = browser.new_browser_cdp_session()

    def read() -> float:
        rows = session.send("SystemInfo.getProcessInfo")["processInfo"]
        return sum(row["cpuTime"] for row in rows if row["type"] == "GPU")

    return read


def scenes(page: Page) -> list[tuple[str, float]]:
    """Camera and time of every scene that the flight has."""
    events = page.evaluate("tiangong.flight.events.map((e) => [e.name, e.t])")
    cameras = page.evaluate("tiangong.cameras.names")
    found = []
    for camera, event, after in SCENES:
        times = [t for name, t in events if name == event]
        if times and camera in cameras:
            found.append((camera, times[0] + after))
    return found


def frames(browser: Browser, file: Path, pictures: int) -> list[list[Any]]:
    """Rows of the table of pictures, one for each camera."""
    seconds = graphics_seconds(browser)
    rows = []
    with page_of(browser, file) as page:
        page.wait_for_function(READY)
        for camera, t in scenes(page):
            page.evaluate("([name, t]) => { tiangong.camera(name); tiangong.seek(t); tiangong.frame(); }", [camera, t])
            before = seconds()
            costs = page.evaluate(STILL, [t, pictures])
            raster = 1e3 * (seconds() - before) / pictures
            page.evaluate("t => tiangong.seek(t)", t)
            played = page.evaluate(PLAY, [20, pictures])
            last = costs[-1]
            still, script = (spread([cost[key] for cost in costs]) for key in ("whole", "script"))
            counts = [last[key] for key in ("calls", "triangles", "lines")]
            rows.append([camera, still, script, f"{raster:.0f}", *counts, spread(played["steps"]), played["wide"]])
    return rows


def table(heads: list[str], rows: list[list[Any]]) -> str:
    """Columns as wide as their widest entry."""
    lines = [heads, *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[k]) for line in lines) for k in range(len(heads))]
    return "\n".join("  ".join(cell.rjust(w) for cell, w in zip(line, widths, strict=True)) for line in lines)


def report(directory: Path, pictures: int, starts: int) -> None:
    """Prints the tables for the pages of a directory."""
    files = [directory / name for name in PAGES]
    if missing := [str(file) for file in files if not file.is_file()]:
        raise SystemExit(f"{' and '.join(missing)} not found; DIR holds the results of `tiangong run`")
    paints: dict[str, list[list[float]]] = {file.name: [[], []] for file in files}
    for file in files:
        for _ in range(starts):
            with started() as browser:
                paints[file.name][0].append(first_paint(browser, file))
    with started() as browser:
        for file in files:
            first_paint(browser, file)
            paints[file.name][1] = [first_paint(browser, file) for _ in range(starts)]
        rows = frames(browser, directory / "view.html", pictures)
    heads = ["camera", "still ms", "script ms", "raster ms", "calls", "triangles", "lines", "playing ms", "pixels wide"]
    print(table(heads, rows))
    print()
    shown = [[file.name, file.stat().st_size, *map(spread, paints[file.name])] for file in files]
    print(table(["page", "bytes", "first paint, just started ms", "first paint, running ms"], shown))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benches viewer_frames", description=__doc__.partition("\n")[0])
    parser.add_argument("directory", nargs="?", type=Path, metavar="DIR")
    parser.add_argument("--pictures", type=whole(2, 1000), default=20, metavar="N")
    parser.add_argument("--starts", type=whole(1, 50), default=5, metavar="N")
    given = parser.parse_args()
    print(machine())
    if given.directory is not None:
        report(given.directory, given.pictures, given.starts)
        return
    import sim

    with tempfile.TemporaryDirectory(prefix="viewer-frames-") as folder:
        sim.run(MISSION, Path(folder) / "out")
        report(Path(folder) / "out", given.pictures, given.starts)


if __name__ == "__main__":
    main()
