"""Many steady states, on any executor: `sweep` (grid), `workers` (tiles), `checkpoint` (file).

A sweep is cut into tiles, which threads, processes or a cluster solve. A file keeps the tiles, so
that an interrupted sweep can be resumed.
"""
