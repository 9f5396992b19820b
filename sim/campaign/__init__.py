"""Campaigns: one phase of a mission flown many times, each with what was drawn for it, told as one table."""
