"""Entry and descent: their history."""
