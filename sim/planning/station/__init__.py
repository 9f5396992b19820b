"""Keeping the station: raises that hold its altitude and set the phase of coming launches."""
