"""Range safety of an ascent: impact points, falling stages, aborts, published times, visibility from the ground."""
