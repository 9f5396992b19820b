"""The command `tiangong`, one verb a file."""
