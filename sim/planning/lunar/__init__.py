"""Flights to the Moon: departure and insertion targeted by flown trajectories, and what the orbit there is like."""
