"""`view.html`: a flight in three dimensions in one file that opens without a network."""

from sim.report.viewer.page import write_view

__all__ = ["write_view"]
