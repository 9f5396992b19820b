"""A launcher as phases, and one flight of it toward a plane."""
