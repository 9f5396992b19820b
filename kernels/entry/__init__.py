"""From the deorbit burn to the ground: guided entry and parachutes."""
