"""The robotic arm: kinematics, moves of its joints, capture of a free craft, and how the station reacts."""
