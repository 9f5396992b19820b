"""What comes with the program: facts, element sets, and the listing of both."""
