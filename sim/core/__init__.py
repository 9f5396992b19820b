"""The nouns that every room shares: time, scene, trajectory, vehicle, flight, random streams."""
