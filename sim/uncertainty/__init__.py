"""What is true: the draws of a flight or of a run of a campaign, written into a mission."""
