"""One steady state, fast, with an estimate of its error."""
