"""The report of a flight: one HTML file that stands alone, with its pictures inside."""

from sim.report.page import write_report

__all__ = ["write_report"]
