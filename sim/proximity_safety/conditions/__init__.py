"""Conditions of a contact: Sun, links and the crew's clock, as margins over time; planner and flight ask the same."""
