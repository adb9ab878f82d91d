"""The device and Eqs. 1-17, with QuTiP as an independent check of the fast solver.

Nothing here uses that solver.
"""
