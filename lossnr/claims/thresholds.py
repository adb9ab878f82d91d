"""The thresholds of the criteria, and what counts as rounding, each with its reason.

One more, `ROUNDING`, stands in `lossnr.model.names`: tables call the same differences rounding.
"""

#: What is *about* a value is within a twentieth of a linewidth, or of full transmission.
ABOUT = 0.05
#: Transmissions that differ by no more are *reciprocal*; the eye cannot tell them apart.
RECIPROCAL_T = 0.01
#: Correlations that differ by no more, relatively, are *reciprocal*; more shows on a decadic axis.
RECIPROCAL_G2 = 0.05
#: *Much less* and *much greater* than 1 mean this factor, the least that the words can mean.
FACTOR = 10.0
#: What *barely changes* stays within this factor, which is little on an axis of decades.
STEADY = 2.0
#: What is *not reduced equally* drops by less than this share of the decades.
UNEVEN = 0.5
#: A statement holds *in part* if it does so over this share of its range, or of its cases.
IN_PART = 0.5
#: *Five orders of magnitude* are all factors that round to five.
FIVE_ORDERS = (10**4.5, 10**5.5)
#: A maximum counts from this share of the highest one on, if that has at least this height (0 is
#: reciprocal, 1 is one-way).
ONE_PEAK = {"share": 0.9, "height": 0.5}
#: An expression of leading order in the drive may have this relative error, which is Omega^2 at the
#: paper's drive.
LEADING_ORDER = 0.01
#: A parameter may be expected to drift so far, in kappa or rad, since a resonator can be tuned to a
#: twentieth of its linewidth.
DRIFT = 0.05

#: Two methods confirm each other up to this relative difference.
CONFIRMED = 1e-3
#: An output of lower transmission is *dark*: the criteria need no smaller one, and the methods need
#: not agree on how dark it is. At weak drive rounding hides that from QuTiP.
DARK = 1e-9
#: A limit of weak drive confirms what differs from it by no more, a few times Omega^2 at most.
NEAR_LIMIT = 0.1
#: Probabilities with larger relative errors are left out, as the solver does.
TWO_DIGITS = 1e-2
#: The two g2 agree if they differ relatively by less than the solver's tolerance.
SOLVER = 1e-6
#: Correlations and probabilities are resolved as above or below a value if they differ by more.
RESOLVED = 1e-12
#: Rounding of the scattering matrix, from a few hundred operations on numbers of order one.
ROUNDING_OF_S = 1e-10
#: A solution found by least squares comes so near; T = 1 is a maximum, so half the digits.
FOUND = 1e-5
