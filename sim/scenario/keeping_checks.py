"""What no single key of `[keeping]` can get wrong: orders of limits, kinds of ships, ports."""

from __future__ import annotations

from collections.abc import Iterator

from sim.files.problems import listed, nearest
from sim.scenario.view import Finding, View


def keeping(view: View) -> Iterator[Finding]:
    """Low limits before high ones; quiet times that end after they begin; burners of kinds that there are."""
    if not isinstance(view.raw.get("keeping"), dict):
        return
    for key in ("band_km", "raise_m_s", "awake_beijing_h"):
        given = view("keeping", key)
        if isinstance(given, list) and len(given) == 2 and not given[0] < given[1]:
            yield Finding(("keeping", key), str(given), "the lower limit before the higher one")
    band, margin = view("keeping", "band_km"), view("keeping", "margin_km")
    if isinstance(band, list) and len(band) == 2 and margin is not None and 2.0 * margin >= band[1] - band[0] > 0.0:
        allowed = f"less than half of the band, which is {band[1] - band[0]:g} km wide"
        yield Finding(("keeping", "margin_km"), str(margin), allowed)
    for i in range(_length(view, "quiet")):
        start, end = (view.epoch("keeping", "quiet", i, k) for k in ("start_utc", "end_utc"))
        if start and end and not start < end:
            yield Finding(("keeping", "quiet", i, "end_utc"), end.utc(0), f"a time after {start.utc(0)}")
    kinds = view.keys("kinds")
    for i in range(_length(view, "burners")):
        kind = view("keeping", "burners", i, "kind")
        if kind is not None and kind not in kinds:
            yield Finding(
                ("keeping", "burners", i, "kind"), f"'{kind}'", f"one of {listed(kinds)}", nearest(kind, kinds)
            )
        elif kind is not None and view("kinds", kind, "vehicle") is None:
            yield Finding(("keeping", "burners", i, "kind"), f"'{kind}'", "a kind with a vehicle, which has engines")


def _length(view: View, key: str) -> int:
    value = view.raw["keeping"].get(key)
    return min(len(value), 50) if isinstance(value, list) else 0
