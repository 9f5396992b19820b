"""The columns of a launcher's phases (kernels.records.Launcher.phases), and the end conditions of a phase."""

# Thrust in vacuum N, exit area m2, mass flow kg/s, drag area m2, end condition and its number (tank index, or
# seconds), and the mass dropped then, kg
THRUST, EXIT, FLOW, AREA, ENDS, NUMBER, DROP = range(7)
BY_TANK, BY_TIME, BY_GUIDANCE = range(3)
