"""Motion of a chaser about a target: Hill's equations, retreats, how a plan of burns responds."""
