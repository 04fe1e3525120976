"""The fair price of an instrument through a trading day, as a Brownian bridge over steps.

A day is cut into nodes of 4,096 steps, those into 64, those into single steps; each level is a
bridge between two nodes of the level above, every increment a counted draw. So the price at any
step is the same whether the steps before it were looked at or not, and catching up on a whole
day costs some hundred draws rather than one for each of 57,600 half seconds. Time runs forward
only: no more than the present place is kept.
"""

from collections.abc import Sequence
from math import sqrt

from webctp.sim.noise import draw, normal

_SPAN = 64
_LEAST_SHARE = 0.1
"""Where the end has less of a share in the samples, it would have to be far off."""
COARSE = _SPAN * _SPAN
"""Steps from one node of the coarsest level to the next."""
# Draws of the three levels must not be the same numbers.
_COARSE_KEY = 0x5851F42D4C957F2D
_MIDDLE_KEY = 0x14057B7EF767814F
_SQRT_LEFT = tuple(sqrt((left - 1) / left) if left else 0.0 for left in range(_SPAN + 1))
"""By how much the noise of a bridge shrinks when ``left`` increments are left to its end."""


def averaging(
    key: int, start: float, target: float, steps: int, sigma: float, samples: Sequence[int]
) -> "FairPath":
    """A path whose average over ``samples``, rising steps of the day, is ``target``.

    The end of a path has a share in every step that grows with the steps, so that one trial tells
    where it must be. See `FairPath` for the other arguments.
    """
    end = target
    whole = max(1, -(-steps // COARSE)) * COARSE
    share = sum(samples) / max(1, len(samples)) / whole
    if share > _LEAST_SHARE:
        trial = FairPath(key, start, target, steps, sigma)
        mean = sum(trial.at(step) for step in samples) / len(samples)
        end += (target - mean) / share
    return FairPath(key, start, end, steps, sigma)


class FairPath:
    """The deviation of the fair price from its reference, as a fraction, step by step.

    :param key: what the path is drawn from.
    :param start: deviation at step 0.
    :param end: deviation at the step ``steps``; later steps wander about it.
    :param sigma: standard deviation of one step.
    """

    __slots__ = (
        "_coarse_left",
        "_coarse_next",
        "_end",
        "_key",
        "_middle_next",
        "_sigma",
        "_step",
        "_value",
    )

    def __init__(self, key: int, start: float, end: float, steps: int, sigma: float) -> None:
        self._key = key
        self._end = end
        self._sigma = sigma
        self._coarse_left = max(1, -(-steps // COARSE))
        self._step = 0
        self._value = start
        self._coarse_next = self._next_coarse(start, 0)
        self._middle_next = self._next_middle(start, 0)

    def at(self, step: int) -> float:
        """The deviation at ``step``, or at the latest step asked for if that is later."""
        here = self._step
        if step <= here:
            return self._value
        value = self._value
        # Whole nodes first: nobody sees the steps inside them.
        while step >> 12 > here >> 12:
            value = self._coarse_next
            here = ((here >> 12) + 1) << 12
            self._coarse_next = self._next_coarse(value, here >> 12)
            self._middle_next = self._next_middle(value, here >> 6)
        while step >> 6 > here >> 6:
            value = self._middle_next
            here = ((here >> 6) + 1) << 6
            self._middle_next = self._next_middle(value, here >> 6)
        target, sigma, key = self._middle_next, self._sigma, self._key
        while here < step:
            left = _SPAN - (here & 63)
            noise = normal(draw(key, here)) * sigma * _SQRT_LEFT[left]
            value += (target - value) / left + noise
            here += 1
        self._step, self._value = here, value
        return value

    def _next_coarse(self, value: float, node: int) -> float:
        left = self._coarse_left - node
        noise = normal(draw(self._key ^ _COARSE_KEY, node)) * self._sigma * _SPAN
        if left > 0:
            return value + (self._end - value) / left + noise * sqrt((left - 1) / left)
        return self._end + (value - self._end) * 0.9 + noise

    def _next_middle(self, value: float, node: int) -> float:
        left = _SPAN - (node & 63)
        noise = normal(draw(self._key ^ _MIDDLE_KEY, node)) * self._sigma * 8.0
        return value + (self._coarse_next - value) / left + noise * _SQRT_LEFT[left]
