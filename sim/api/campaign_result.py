"""A campaign as Python sees it: a table of runs, a summary, and pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.api.tables import dataframe
from sim.files.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd

PICTURES = ("contact", "touchdown", "insertion", "influence")
WORDS = ("status", "reason", "rules_broken")  # columns of words; all others are numbers


@dataclass(frozen=True, eq=False, repr=False)
class CampaignPlots:
    """`result.plot`. A method without axes returns a matplotlib figure; with `ax` it draws there and returns `ax`.

    Given axes are switched off, and the picture lies inside them as an image.
    BadInput where the phase has no such picture, or fewer than two runs came to their end.
    """

    rows: Sequence[Mapping[str, str]]
    content: Mapping[str, Any]
    written: Sequence[str]

    def __call__(self) -> list[str]:
        """The names of the pictures that this campaign has."""
        return [name for name in PICTURES if f"{name}.png" in self.content["pictures"]]

    def contact(self, ax: Any = None) -> Any:
        """The contacts against every side of the capture box. Given axes are switched off."""
        from sim.plots.campaign_docking import contact

        return self._draw("contact", contact, ax, self._flown(), self.content, self.content["nominal"], self._title())

    def touchdown(self, ax: Any = None) -> Any:
        """Where returns come down, about the site, with load, heat, miss and speeds. Given axes are switched off."""
        from sim.plots.campaign_return import touchdown

        return self._draw(
            "touchdown", touchdown, ax, self._flown(), self.content, self.content["nominal"], self._title()
        )

    def insertion(self, ax: Any = None) -> Any:
        """Apsides, plane, place in the orbit and propellant at cut-off. Given axes are switched off."""
        from sim.plots.campaign import insertion

        return self._draw(
            "insertion", insertion, ax, self._flown(), self.content, self.content["nominal"], self._title()
        )

    def influence(self, ax: Any = None) -> Any:
        """What drives the scatter, by rank correlation. Given axes are switched off."""
        from sim.plots.campaign import influence

        return self._draw("influence", influence, ax, self.content, self._title(), self.written)

    def _draw(self, name: str, draw: Any, ax: Any, *given: Any) -> Any:
        from sim.plots import drawn

        if name not in self():
            raise BadInput(f"there is no picture '{name}' of this campaign; it has {', '.join(self()) or 'none'}")
        return drawn(draw, ax, *given)

    def _flown(self) -> list[Mapping[str, str]]:
        return [row for row in self.rows if row["status"] == "flown"]

    def _title(self) -> str:
        found = self.content
        return f"{found['mission']} · {found['phase']} · {len(self.rows)} runs, seed {found['seed']}"


@dataclass(frozen=True, eq=False, repr=False)
class CampaignResult:
    """A phase flown many times: `rows` as in runs.csv, `content` as in campaign.json."""

    rows: Sequence[Mapping[str, str]]
    content: Mapping[str, Any]
    written: Sequence[str]  # the quantities whose causes are shown

    @property
    def plot(self) -> CampaignPlots:
        """The pictures: `result.plot.contact(ax=ax)`, `result.plot()` for their names."""
        return CampaignPlots(self.rows, self.content, self.written)

    def lines(self) -> list[str]:
        """The summary in words, as the command prints it."""
        from sim.campaign.lines import lines

        return list(lines(dict(self.content)))

    def to_dataframe(self) -> pd.DataFrame:
        """A pandas table with a row a run, on its number: what was drawn and what came out; NaN where a run failed.

        ImportError where pandas is missing, with what to install.
        """
        names = [name for name in (self.rows[0] if self.rows else {}) if name != "run"]
        numbers = np.array([int(row["run"]) for row in self.rows])
        columns = {name: [_cell(name, row[name]) for row in self.rows] for name in names}
        return dataframe({"run": numbers, **columns}).set_index("run")

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        found = self.content
        runs = f"{len(self)} runs of {found['phase']} of {found['mission']}"
        return f"<{runs}, seed {found['seed']}, {found['failed']} failed>"


def _cell(name: str, text: str) -> str | float:
    if name in WORDS:
        return text
    return float(text) if text else float("nan")


@dataclass(frozen=True, eq=False, repr=False)
class SweepResult:
    """One thing of a mission set to several values, a campaign for each: `content` as in sweep.json."""

    content: Mapping[str, Any]

    def lines(self) -> list[str]:
        """A row a value in words, as the command prints it."""
        from sim.campaign.lines import rows

        return list(rows(dict(self.content)))

    def to_dataframe(self) -> pd.DataFrame:
        """A pandas table with a row a value: how many runs, how they ended, and the percentiles of every quantity."""
        rows = [
            {"value": row["value"], "runs": row["runs"], **row["outcomes"]}
            | {f"{name}_p{share}": x for name, p in row["percentiles"].items() for share, x in p.items()}
            for row in self.content["rows"]
        ]
        keys = list(dict.fromkeys(key for row in rows for key in row))
        return dataframe({key: [row.get(key) for row in rows] for key in keys})

    def plot(self, ax: Any = None) -> Any:
        """What the swept value decides: a figure of its own, or drawn in given axes, which are switched off."""
        from sim.plots import drawn
        from sim.plots.sweep import figure

        return drawn(figure, ax, self.content)

    def __repr__(self) -> str:
        found = self.content
        return f"<{len(found['rows'])} values of {found['path']}, {found['phase']} of {found['mission']}>"
