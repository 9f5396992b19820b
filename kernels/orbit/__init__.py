"""Motion about the Earth: gravity, third bodies, sunlight, thrust, and the integrators; two-body motion; SGP4."""
