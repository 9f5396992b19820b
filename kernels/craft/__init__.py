"""A rigid body with thrusters: attitude, selection of thrusters, control periods."""
