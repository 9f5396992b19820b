"""What the models of the arm leave out."""

from sim.core.simplification import Simplification

ARM = "arm"
RIGID_ARM = Simplification(
    "arm.rigid",
    "The arm's links and joints are rigid and have no mass of their own: they do not bend, and what they weigh is left "
    "out of the exchange of momentum. Joints keep limits of angle, rate and acceleration, not of torque.",
    ARM,
)
NO_COLLISIONS = Simplification(
    "arm.clearance",
    "Whether the arm or what it carries would touch the station on its way is not looked at; nor what a plume does to "
    "the arm.",
    ARM,
)
FIXTURE_KNOWN = Simplification(
    "arm.fixture_known", "The arm's control knows exactly where the fixture is and how it moves.", ARM
)
DRIFT = Simplification(
    "arm.drift",
    "While the arm closes in, both craft drift with their thrusters and gyroscopes off, each turning at the rate that "
    "it had; as the snares hold, the rest of the relative motion is gone at once.",
    ARM,
)
CONTROL_OFF = Simplification(
    "arm.control_off",
    "While something is carried the station's control is off and it turns; afterwards it is back in its oscillation "
    "about LVLH, and what that takes is not flown.",
    ARM,
)
