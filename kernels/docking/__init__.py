"""From the fly-around to hard mate: route, mode logic, control, contact and capture."""
