"""Conjunctions: which objects come near, how likely they touch, and what to do about it."""
