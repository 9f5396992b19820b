"""The flight rules in the report: the broken ones first, then by how near each came to its limit."""

from __future__ import annotations

from collections.abc import Mapping

from sim.core.epoch import Epoch
from sim.core.flight import phase_name
from sim.export.stored import PlotData
from sim.report.markup import WHEN, Cell, Html, joined, moment, number, paragraph, section, table

LAST = 1e30  # by what a rule without a relative margin is sorted: behind all others


def relative_margin(rule: Mapping) -> float | None:
    """The margin over the size of the limit, below zero for a broken rule; None where the limit is zero."""
    return rule["margin"] / abs(rule["limit"]) if rule["limit"] else None


def tightest_first(rules: list[Mapping]) -> list[Mapping]:
    """Broken ones on top; those whose limit is zero at the end of their group, for want of a measure."""

    def order(rule: Mapping) -> tuple[bool, float]:
        relative = relative_margin(rule)
        return rule["passed"], LAST if relative is None else relative

    return sorted(rules, key=order)


def flight_rules(data: PlotData) -> Html:
    """Each with its worst value; the word decides, colour only helps."""
    rules = tightest_first(data.record["verdicts"])
    if not rules:
        return Html()
    rows = [
        (
            Html('<strong class="broken">BROKEN</strong>') if not rule["passed"] else "holds",
            rule["rule"],
            phase_name(rule["phase"]),
            number(rule["value"]),
            f"{'≤' if rule['sense'] == '<=' else '≥'} {number(rule['limit'])}",
            number(rule["margin"]),
            rule["unit"].replace("m2", "m²"),
            _relative(rule),
            moment(Epoch.from_utc(rule["utc"])),
        )
        for rule in rules
    ]
    text = (
        "The broken ones on top, then those with the least margin for their limit. A limit that is zero has no such "
        "measure (–): these stand last."
    )
    heads = ("verdict", "rule", "phase", "worst value", "limit", "margin", "unit", "of the limit", WHEN)
    return section("Flight rules", paragraph(text), table(heads, rows, numeric=(3, 4, 5, 7), unbroken=(8,)))


def _relative(rule: Mapping) -> Cell:
    """In percent, with a bar that is full where the limit is reached."""
    relative = relative_margin(rule)
    if relative is None:
        return Cell("–", LAST)
    percent = 100.0 * relative
    text = f"{percent:.1f} %" if abs(percent) < 99.5 else f"{percent:.0f} %"
    return Cell(joined(text, _bar(rule)), percent)


def _bar(rule: Mapping) -> Html:
    """How much of the limit is used: the value over an upper limit, a lower limit over the value."""
    value, limit = (rule["value"], rule["limit"]) if rule["sense"] == "<=" else (rule["limit"], rule["value"])
    share = value / limit if limit else 1.0
    used = 100.0 if not rule["passed"] else 100.0 * min(max(share, 0.0), 1.0)
    return Html(f'<span class="used" aria-hidden="true"><i style="width:{used:.0f}%"></i></span>')
