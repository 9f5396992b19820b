"""Numbers without physics: vectors, lanes of doubles, functions, random numbers, coefficients."""
