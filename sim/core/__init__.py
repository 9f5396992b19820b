"""Records that phases write and readers of a flight use: states, trajectories, events, rule checks, histories."""
