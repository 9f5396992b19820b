"""Passes of station and ship over places on the ground: when, where in the sky, lit or not, how bright; and contact."""
