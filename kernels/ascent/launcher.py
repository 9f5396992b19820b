"""The columns of a launcher's phases (kernels.records.Launcher.phases), and what ends a phase."""

# Thrust in vacuum N, exit area m2, mass flow kg/s, drag area m2, what ends it and the number that goes with it (which
# tank, or how many seconds), and what falls off then, kg
THRUST, EXIT, FLOW, AREA, ENDS, NUMBER, DROP = range(7)
BY_TANK, BY_TIME, BY_GUIDANCE = range(3)
