"""Launch windows: planes, phase, trim, the margin of the launcher, light, and the judgement of each opportunity."""
