"""Elements and states in and out: TLE, OMM (KVN, XML, CSV, JSON), OEM, OPM, state vectors, Keplerian elements.

`files` reads and writes: `read_mean_elements`, `write_mean_elements`, `starting_state`. The nouns are
`mean.MeanElements` (SGP4 mean elements) and `state.OrbitState` (an osculating state in a named frame);
`opm` and `oem` read and write the CCSDS messages. Broken input raises `problems.InterchangeError`, with everything
that is wrong in it.
"""
