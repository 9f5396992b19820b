"""The record against the program: the tables of `verify`."""
