"""Many steady states, on any executor, saved as they are found."""
