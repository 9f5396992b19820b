"""A suborbital flight from a carrier aircraft: drop, burn, coast, feathered fall, glide."""
