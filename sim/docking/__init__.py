"""The last kilometre in six degrees of freedom: who meets whom, how it is flown, and what is told of it."""
