"""`view.html`: a flight in three dimensions in one file that opens without a network."""
