"""Files and their faults: the errors that the library raises."""
