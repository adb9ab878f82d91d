"""One steady state, fast, with an estimate of its error.

From the ground up: `accuracy` (thresholds and convergence), `states` (results), `spectrum`
(eigenbases), `hierarchy` (the equations), `moments` (from moments to observables), `bistability`
(whether the light may be bright), `lookahead` (photon numbers beyond the truncation), the methods
`coherent`, `series` and `krylov`, and `steadystate`, which tries them in order.
"""
