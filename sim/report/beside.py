"""The files that lie beside the report, as links for the top of the page."""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import quote

from sim.report.markup import Html

VIEWER = "view.html"
# File of a run -> what it is, in the order of the page.
FILES = {
    "flight.json": "everything of the flight: events, rules, figures",
    "events.csv": "the timeline as a table",
    "series.npz": "histories of the phases, NumPy",
    "trajectories.npz": "trajectories, NumPy",
    "manifest.json": "inputs, versions and hashes",
}
FOLDERS = {"plots": "the pictures", "cards": "a day card for each person"}
EPHEMERIDES = "ephemeris_*.oem"
LATER = ("manifest.json",)  # written after the report, since it holds the report's own hash


def links(directory: Path) -> Html:
    """The viewer, and an unfolding list of the files in the directory; the addresses are relative to the page."""
    files = [(name, what) for name, what in FILES.items() if name in LATER or (directory / name).is_file()]
    files += [(path.name, "ephemeris, CCSDS OEM") for path in sorted(directory.glob(EPHEMERIDES))]
    files += [(f"{name}/", what) for name, what in FOLDERS.items() if (directory / name).is_dir()]
    lines = "".join(f"<li>{_link(name)} <span>{escape(what)}</span></li>\n" for name, what in files)
    return Html(
        f'<p class="beside"><a class="button" href="{VIEWER}">View in three dimensions</a></p>\n'
        f"<details><summary>Files of this flight</summary><ul>\n{lines}</ul></details>\n"
    )


def _link(name: str) -> str:
    return f'<a href="{quote(name)}">{escape(name)}</a>'
