"""The conditions that decide a claim, the verdict that follows from them, and where it would turn.

A criterion becomes a list of conditions. Each compares one measured value with one threshold, and
names the verdict if it fails. The worst of these is the verdict of the claim.
"""

import operator
from dataclasses import dataclass

from ..model.names import plain, plain_number

#: The verdicts and what they mean, from the best to the worst.
VERDICTS = {
    "reproduced": "the criterion holds at the stated parameters",
    "corrected": "it fails as printed and holds after one named correction",
    "qualified": "it holds in part of the stated range, or approximately",
    "not-reproduced": "it does not hold",
    "not-checkable": "the text does not say enough, or the solver cannot decide",
}

_RELATIONS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}


@dataclass(frozen=True)
class Condition:
    r"""A measured value, what it has to be, and the verdict if it is not.

    Without a threshold the value is true or false. nan fulfils no condition.

    >>> Condition("$T$ $a\\to c$", 0.97, ">=", 0.95).holds
    True

    Raises
    ------
    ValueError
        For another relation, or another verdict.
    """

    what: str
    value: float
    relation: str = "="
    threshold: float = True
    otherwise: str = "not-reproduced"

    def __post_init__(self):
        if self.relation not in _RELATIONS:
            raise ValueError(f"relation = {self.relation!r}: allowed are {', '.join(_RELATIONS)}")
        if self.otherwise not in VERDICTS:
            raise ValueError(f"otherwise = {self.otherwise!r}: allowed are {', '.join(VERDICTS)}")

    @property
    def holds(self):
        """Whether the value is what it has to be."""
        return bool(_RELATIONS[self.relation](self.value, self.threshold))

    @property
    def demand(self):
        """What has to be, in plain text."""
        what = plain(self.what)
        if self.threshold is True:
            return what
        return f"{what} {self.relation} {plain_number(self.threshold, 13)}"


def hold(conditions):
    """Return whether all of these conditions hold.

    >>> hold([Condition("x", 1, "<=", 2), Condition("y", 3, "<=", 2)])
    False
    """
    return all(each.holds for each in conditions)


def verdict_of(conditions):
    """Return the verdict that follows from conditions: the worst of those that fail.

    >>> verdict_of([Condition("x", 1, "<=", 2), Condition("y", 3, "<=", 2, "qualified")])
    'qualified'
    """
    return _worst(each.otherwise for each in conditions if not each.holds)


def turned(conditions, k):
    """Return the verdict if condition k alone turned from true to false, or from false to true.

    >>> turned([Condition("x", 1, "<=", 2), Condition("y", 3, "<=", 2, "qualified")], 1)
    'reproduced'
    """
    return _worst(each.otherwise for i, each in enumerate(conditions) if each.holds == (i == k))


def _worst(verdicts):
    return max(verdicts, key=list(VERDICTS).index, default="reproduced")
