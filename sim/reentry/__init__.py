"""The way down: histories of entry and descent."""
