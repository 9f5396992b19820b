"""What the closed loop near the station leaves out, and what its navigation and control know exactly."""

from sim.core.simplification import Simplification

NEAR = "near the station"
SIMPLIFIED = (
    Simplification(
        "near.rigid",
        "The ship is one rigid body; its centre of mass and inertia stay while the tanks empty. Slosh and arrays that "
        "bend are left out.",
        NEAR,
    ),
    Simplification("near.inertia_known", "The ship's control knows its inertia exactly.", NEAR),
    Simplification(
        "near.thrust", "A thruster gives its full thrust from the first to the last instant of a pulse.", NEAR
    ),
    Simplification(
        "near.sensors",
        "The noise of all sensors is white. Gyro and accelerometer have a constant bias besides; other biases, "
        "misalignments, scale factors, delays and outliers are left out.",
        NEAR,
    ),
    Simplification(
        "near.camera", "The camera sees its target in any light: neither the Sun nor darkness blinds it.", NEAR
    ),
    Simplification("near.axes_known", "Navigation knows the station's LVLH axes and their rate exactly.", NEAR),
    Simplification(
        "near.station_fixed", "The station's centre of mass, inertia and ports do not follow what is docked.", NEAR
    ),
    Simplification(
        "near.station_unmoved",
        "Until the ship is captured, nothing that it does moves the station: neither its plume nor a touch.",
        NEAR,
    ),
    Simplification(
        "near.oscillation", "The station's attitude oscillates about LVLH by a sine about each axis, as assumed.", NEAR
    ),
)
MASS_KNOWN = Simplification("near.mass_known", "The ship's control begins with its true mass.", NEAR)
HEALTHY = Simplification("near.healthy", "No thruster and no sensor fails.", NEAR)
