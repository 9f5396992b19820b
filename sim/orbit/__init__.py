"""Orbital geometry and averages: what holds of any orbit, whoever flies it."""
