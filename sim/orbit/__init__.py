"""What a planner asks of an orbit: arcs, planes, passes, tracking."""
