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
    "qualified": "it holds in part of the stated range, approximately, or in one reading of its "
    "words",
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

    Without a threshold the value is true or false. nan fulfils no condition. The value of a `share`
    is counted from other conditions, ``counted``.

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
    counted: tuple = ()

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


def share(what, conditions, least):
    """Return the condition that at least this share of some conditions holds.

    These have one threshold in common: where it moves, the share is counted again.

    >>> drifts = [Condition("x", 0.06, ">=", 0.05), Condition("y", 0.02, ">=", 0.05)]
    >>> share("wide enough", drifts, 0.5).value
    0.5

    Raises
    ------
    ValueError
        If the conditions differ in relation or threshold.
    """
    if len({(each.relation, each.threshold) for each in conditions}) != 1:
        raise ValueError("conditions: allowed are some with one relation and one threshold")
    held = sum(each.holds for each in conditions) / len(conditions)
    return Condition(what, held, ">=", least, counted=tuple(conditions))


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
    """Return the verdict if the threshold of condition k moved just past its value.

    This condition turns from true to false, or from false to true. If a `share` counts it, the
    threshold is that of all conditions counted, and the share is counted again.

    >>> turned([Condition("x", 1, "<=", 2), Condition("y", 3, "<=", 2, "qualified")], 1)
    'reproduced'
    >>> drifts = [Condition(name, 0.06, ">=", 0.05, "qualified") for name in "xy"]
    >>> turned([*drifts, share("wide enough", drifts, 0.5)], 0)
    'not-reproduced'
    """
    turning, relation = conditions[k], _RELATIONS[conditions[k].relation]
    moving = next((each.counted for each in conditions if turning in each.counted), (turning,))

    def holds(each):
        if each in moving:
            if each is turning or each.value == turning.value:
                return not turning.holds
            return relation(each.value, turning.value)
        if turning in each.counted:
            return sum(map(holds, each.counted)) / len(each.counted) >= each.threshold
        return each.holds

    return _worst(each.otherwise for each in conditions if not holds(each))


def _worst(verdicts):
    return max(verdicts, key=list(VERDICTS).index, default="reproduced")
