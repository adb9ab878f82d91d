"""The device, and what quantum optics says of it: Eqs. 1-17, with QuTiP as the oracle.

Nothing here knows of the fast solver, which the oracle judges.
"""
