"""The nouns that every phase and every reader of a flight share: what a phase recorded, by name and with its unit."""
