"""A campaign and a sweep as lines of text, from the content of campaign.json and sweep.json."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.campaign.words import DISPERSED

CAUSES = 3  # named of a quantity


def lines(content: dict) -> Iterator[str]:
    """A campaign: how many came through, how likely, why others did not, and how far the runs lie apart."""
    yield f"{content['mission']}: {content['phase']}, {content['runs']} runs, seed {content['seed']}"
    for name, count in content["outcomes"].items():
        p = content["probability"][name]
        low, high = 100 * p["wilson_low"], 100 * p["wilson_high"]
        yield f"  {name.replace('_', ' '):<14} {count:>6}  {100 * p['value']:.1f} % ({low:.1f} to {high:.1f} %)"
    for name, p in content.get("capture", {}).items():
        low, high = 100 * p["wilson_low"], 100 * p["wilson_high"]
        yield f"  captured {name.replace('_', ' ')}: {p['runs']}, {100 * p['value']:.1f} % ({low:.1f} to {high:.1f} %)"
    yield from (f"  failed: {count} x {reason}" for reason, count in content["failures"].items())
    for rule, count in content["rules_broken"].items():
        yield f"  rule broken: {count} x {rule}" + (f", {_share(found)}" if (found := _rule(content, rule)) else "")
    if kept := [rule for rule, found in content.get("rules", {}).items() if not found["broken"]]:
        highest = 100 * max(content["rules"][rule]["wilson_high"] for rule in kept)
        yield f"  kept by all runs (so broken by {highest:.1f} % at most): {', '.join(kept)}"
    if "ellipse" in content:
        yield from _places(content)
    if week := content.get("week"):
        p = week["share"]
        low, high = 100 * p["wilson_low"], 100 * p["wilson_high"]
        share = f"{100 * p['value']:.1f} % ({low:.1f} to {high:.1f} %)"
        yield f"  week aboard: all of it held in {week['held']} of {week['flown']} flights, {share}"
    if content["spread"]:
        yield f"  {'':<26} {'nominal':>12} {'mean':>12} {'sigma':>10} {'0.135 %':>12} {'99.865 %':>12}"
    for name, s in content["spread"].items():
        p, need = content["percentiles"][name], content["requirements"].get(name)
        requirement = f"  {'within' if need['met'] else 'beyond'} the {need['sigma_allowed']:g} allowed" if need else ""
        yield (
            f"  {name:<26} {content['nominal'].get(name, math.nan):>12.6g} {s['mean']:>12.6g} {s['sigma']:>10.3g} "
            f"{p['0.135']:>12.6g} {p['99.865']:>12.6g}{requirement}"
        )
    for name in DISPERSED[content["phase"]].pictured if content["influence"] else ():
        first = list(content["influence"][name].items())[:CAUSES]
        yield f"  {name} is moved by {', '.join(f'{cause} ({rho:+.2f})' for cause, rho in first)}"
    yield f"done in {content['seconds']:.1f} s"


def _rule(content: dict, rule: str) -> dict | None:
    return content.get("rules", {}).get(rule)


def _share(p: dict) -> str:
    return f"{100 * p['value']:.1f} % ({100 * p['wilson_low']:.1f} to {100 * p['wilson_high']:.1f} %)"


def _places(content: dict) -> Iterator[str]:
    """Where returns come down."""
    ellipse, published = content["ellipse"], content["published"]
    yield (
        f"  touchdown: {ellipse['centre_along_km']:+.2f} km beyond the site and {ellipse['centre_across_km']:+.2f} km "
        f"right of it in the mean; one sigma {ellipse['sigma_major_km']:.2f} x {ellipse['sigma_minor_km']:.2f} km, "
        f"turned {ellipse['direction_deg']:.0f} deg from the track to the right"
    )
    for share, found in ellipse["shares"].items():
        axes = f"{found['semi_major_km']:.1f} x {found['semi_minor_km']:.1f} km"
        yield f"  ellipse of {share} %: semi-axes {axes}; it holds {found['inside']} of {content['completed']}"
    along, across = published["ellipse_semi_axes_km"]
    yield f"  inside the published ellipse, semi-axes {along:g} x {across:g} km: {_share(published['inside_ellipse'])}"
    yield f"  within the published {published['accuracy_km']:g} km: {_share(published['within_accuracy'])}"


def rows(content: dict) -> Iterator[str]:
    """A sweep, one line for each value."""
    yield f"{content['mission']}: {content['phase']}, {content['rows'][0]['runs']} runs at each, seed {content['seed']}"
    pictured = content["pictured"][:2]
    yield f"  {content['path'] + ', ' + content['unit']:<30} " + "".join(
        f"{name:>30}"
        for name in (
            *(f"captured {name.replace('_', ' ')}" for name in content["rows"][0].get("capture", ())),
            "success",
            *(f"{name}, median" for name in pictured),
        )
    )
    for row in content["rows"]:
        shares = [*row.get("capture", {}).values(), row["probability"]["success"]]
        cells = [f"{p['value']:.3f} ({p['wilson_low']:.4f} to {p['wilson_high']:.4f})" for p in shares]
        cells += [f"{row['percentiles'].get(name, {}).get('50', math.nan):.4g}" for name in pictured]
        yield f"  {row['value']:<30g} " + "".join(f"{cell:>30}" for cell in cells)
        yield from (f"    failed: {count} x {reason}" for reason, count in row["failures"].items())
        yield from (f"    rule broken: {count} x {rule}" for rule, count in row["rules_broken"].items())
