"""Spacewalks: when a crew may work outside, which rules the record kept, and a plan for a crew's stay."""
