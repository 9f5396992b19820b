"""An assessed encounter as a dictionary and as lines of text."""

from __future__ import annotations

from sim.conjunctions.assessment import Assessment
from sim.interchange.cdm import Cdm, CdmObject

TITLES = {
    "alfano": "Alfano",
    "foster": "Foster",
    "patera": "Patera",
    "chan": "Chan (series)",
    "alfriend": "Alfriend (density)",
    "square": "square of side 2 r",
}


def content(cdm: Cdm, found: Assessment) -> dict:
    """Numbers in SI units; what is not known is null."""
    largest, scale = found.maximum or (None, None)
    return {
        "tca": cdm.tca.utc(6),
        "objects": [_object(cdm.first), _object(cdm.second)],
        "miss_m": found.miss,
        "miss_rtn_m": [float(x) for x in found.miss_rtn],
        "relative_speed_m_s": found.speed,
        "relative_velocity_rtn_m_s": [float(x) for x in found.velocity_rtn],
        "closest_approach_after_tca_s": found.dt_s,
        "radius_m": found.encounter.radius_m,
        "probability": found.best,
        "two_dimensional": found.probabilities or None,
        "largest": largest,
        "largest_at_scale": scale,
        "region": _region(found),
        "two_dimensions_serve": found.fitness.fits,
        "reason": found.fitness.reason,
        "expected_collisions": found.collisions,
        "not_integrated": found.not_integrated,
        "worst_case_of_a_missing_covariance": found.bounded,
        "message": {
            "id": cdm.fields["MESSAGE_ID"],
            "originator": cdm.fields["ORIGINATOR"],
            "probability": cdm.number("COLLISION_PROBABILITY"),
            "method": cdm.fields.get("COLLISION_PROBABILITY_METHOD"),
        },
    }


def lines(cdm: Cdm, found: Assessment) -> list[str]:
    """A line a quantity."""
    r, t, n = found.miss_rtn
    out = [
        f"closest approach  {cdm.tca.utc(3)}",
        f"objects           {_named(cdm.first)}; {_named(cdm.second)}",
        f"miss              {found.miss:.3f} m: radial {r:.3f}, in-track {t:.3f}, cross-track {n:.3f}",
        f"relative speed    {found.speed:.3f} m/s",
        f"radius of both    {found.encounter.radius_m:g} m",
    ]
    if found.probabilities:
        out.append("probability of collision, two dimensions")
        rough = _rough(found)
        out += [
            f"  {TITLES[name]:<18}  {value:.6e}{'  (an approximation)' if name in rough else ''}"
            for name, value in found.probabilities.items()
        ]
    if found.maximum is not None:
        out.append(f"  {'largest':<18}  {found.maximum[0]:.6e}  {_largest(found)}")
    if found.bounded:
        out.append("  one covariance is missing: the one that makes the probability largest was taken")
    if found.fitness.fits:
        out.append(f"two dimensions serve: bend {found.fitness.bend:.2g} of the narrow sigma")
    else:
        out.append(f"two dimensions do not serve: {found.fitness.reason}")
    if found.collisions is not None:
        out.append(f"integrated over time  {found.collisions:.6e} collisions expected")
    elif found.not_integrated:
        out.append(f"not integrated over time: {found.not_integrated}")
    if (given := cdm.number("COLLISION_PROBABILITY")) is not None:
        out.append(
            f"the message gives {given:.4e} ({cdm.fields.get('COLLISION_PROBABILITY_METHOD', 'method unknown')})"
        )
    return out


def _object(one: CdmObject) -> dict:
    return {"name": one.name, "designator": one.designator, "has_covariance": one.covariance is not None}


def _named(one: CdmObject) -> str:
    return f"{one.name} ({one.designator})"


def _rough(found: Assessment) -> tuple[str, ...]:
    """Methods that are off by more than 1 %: series and density where the radius is not small, and the square."""
    exact = found.probabilities["alfano"]
    return tuple(n for n in ("chan", "alfriend", "square") if abs(found.probabilities[n] - exact) > 0.01 * exact)


def _region(found: Assessment) -> str | None:
    return None if found.diluted is None else "diluted" if found.diluted else "robust"


def _largest(found: Assessment) -> str:
    assert found.maximum is not None
    if found.miss <= found.encounter.radius_m:
        return "diluted: the miss lies inside the radius, and smaller errors make it certain"
    at = f"at {found.maximum[1]:.3g} times the errors: "
    if found.diluted:
        return f"{at}diluted, smaller errors may make the probability larger"
    return f"{at}robust, smaller errors make the probability smaller"
