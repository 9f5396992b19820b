"""Sensors, filters and navigation."""
