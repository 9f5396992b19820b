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
        "near.propellant_known",
        "The ship's control begins with the propellant that is left, exactly, and counts on by the flow that it plans.",
        NEAR,
    ),
    Simplification(
        "near.thrust",
        "A pulse of a thruster is flown as a rectangle, as late as its rise and with its whole impulse.",
        NEAR,
    ),
    Simplification(
        "near.sensors",
        "The noise of all sensors is white; their biases, misalignments and latencies stay the same for a flight. "
        "Scale factors and outliers are left out.",
        NEAR,
    ),
    Simplification(
        "near.camera",
        "The Sun blinds the camera all at once, and only near its axis; glare of the station and of the Earth is left "
        "out.",
        NEAR,
    ),
    Simplification("near.axes_known", "Navigation knows the station's LVLH axes and their rate exactly.", NEAR),
    Simplification(
        "near.port_known",
        "Navigation knows exactly where the port is from the station's centre of mass; what is docked may weigh "
        "otherwise than is known.",
        NEAR,
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
