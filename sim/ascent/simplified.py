"""What the model of an ascent leaves out, and what its guidance knows exactly."""

from sim.core.simplification import Simplification

ASCENT = "ascent"
SIMPLIFIED = (
    Simplification(
        "ascent.point",
        "The launcher is a point whose thrust points as commanded at once. Lift and moments, slosh, bending, start-up "
        "and tail-off of engines are left out.",
        ASCENT,
    ),
    Simplification(
        "ascent.speed_known",
        "The first stage flies its pitch programme in one plane, by an exact speed through the air.",
        ASCENT,
    ),
    Simplification("ascent.acceleration_known", "The upper stage measures its own acceleration exactly.", ASCENT),
)
WIND = Simplification(
    "ascent.wind", "One wind that depends on height alone blows on the launcher; gusts are left out.", ASCENT
)
NAVIGATION_EXACT = Simplification(
    "ascent.navigation_exact", "The upper stage knows its place and speed exactly.", ASCENT
)
NAVIGATION_OFFSET = Simplification(
    "ascent.navigation_offset", "The error of the upper stage's navigation stays the same all the way.", ASCENT
)
ROCKET_KNOWN = Simplification(
    "ascent.rocket_known", "The steering is solved for exactly the rocket that then flies it.", ASCENT
)
