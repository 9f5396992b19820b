"""Orbital geometry and averages: valid for any orbit."""
