"""The end of a station: its orbit is lowered in steps, the last burn leads it into an area of the sea."""
