"""Campaigns: one phase of a mission flown many times, each with its own random draws, reported in one table."""
