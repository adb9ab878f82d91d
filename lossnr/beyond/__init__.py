"""Physics that the paper leaves out: correlations in time, noise, tolerances, design."""
