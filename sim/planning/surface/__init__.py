"""Light and links of a site on another body: the Sun, stations on the Earth, a relay about the body."""
