"""Paths, text files and their limits, problems and errors, output directories."""
