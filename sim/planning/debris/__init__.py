"""Debris and meteoroids: how often they hit, what they go through, and what a shield changes."""
