"""Docking windows: constraints as margins over time, their edges as roots, and intervals that keep the reason."""
