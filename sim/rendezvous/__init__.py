"""From insertion to the homing point: relative motion, plans, targeting, burns, navigation."""
