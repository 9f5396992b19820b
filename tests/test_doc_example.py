"""The example that users copy runs as it stands."""

import doctest

import sim


def test_the_example_of_sim_propagate():
    found = doctest.DocTestFinder().find(sim.propagate, "propagate", globs={})
    runner = doctest.DocTestRunner()
    for example in found:
        runner.run(example)
    assert runner.tries >= 6 and runner.failures == 0
