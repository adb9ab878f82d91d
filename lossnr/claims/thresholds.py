"""The thresholds of the criteria, and what counts as rounding, each with its reason.

One more, `NOISE`, stands in `lossnr.model.names`: tables call the same differences rounding.
"""

#: *About* a value: within a twentieth of a linewidth, or of full transmission.
ABOUT = 0.05
#: Transmissions that differ by no more are *reciprocal*: the eye cannot tell them in a figure.
RECIPROCAL_T = 0.01
#: Correlations that differ by no more, relatively, are *reciprocal*: more shows on a decadic axis.
RECIPROCAL_G2 = 0.05
#: *Much less* and *much greater* than 1: by this factor, the least that the words can mean.
FACTOR = 10.0
#: What *barely changes* stays within this factor, which is little on an axis of decades.
STEADY = 2.0
#: *Five orders of magnitude*: what rounds to five.
FIVE_ORDERS = (10**4.5, 10**5.5)
#: A maximum counts from this share of the highest one on, which is at least this high: 0 is
#: reciprocal, 1 is one-way.
ONE_PEAK = {"share": 0.9, "height": 0.5}
#: Relative error of an expression of leading order in the drive: of the order of Omega^2.
LEADING_ORDER = 0.01
#: How far a parameter may be expected to drift, in kappa or rad: a resonator can be tuned to a
#: twentieth of its linewidth.
DRIFT = 0.05

#: Two methods confirm each other up to this relative difference.
CONFIRMED = 1e-3
#: The solver's tolerance: the two g2 agree if they differ relatively by less.
SOLVER = 1e-6
#: Correlations and probabilities are resolved as above or below a value if they differ by more.
RESOLVED = 1e-12
#: Rounding of the scattering matrix: a few hundred operations on numbers of order one.
ROUNDING_OF_S = 1e-10
#: How near a solution found by least squares comes: T = 1 is a maximum, so half the digits.
FOUND = 1e-5
