"""The command line `tiangong`, one command a file."""
