"""How far to go along a direction: a step that lowers the loss enough and ends where the slope has flattened.

Along theta + t d the loss is a function of one number, f(t). A step t is good by the strong Wolfe conditions if

    f(t) <= f(0) + c1 t f'(0)      (it went down, in proportion to the slope it started with)
    |f'(t)| <= c2 |f'(0)|          (and little of that slope is left: a longer step would gain little)

Source: J. Nocedal and S. Wright, Numerical Optimization (2006), section 3.5, algorithms 3.5 and 3.6.
"""

import numpy as np


def strong_wolfe(f, value, slope, t=1.0, *, c1=1e-4, c2=0.9, most=25):
    """A step t > 0 by both conditions; f(t) -> (value, slope) there, `value` and `slope` < 0 are those at 0.

    After `most` evaluations the best step so far that went down is taken; 0.0 if none did. The last call of f is always
    at the t that is returned. Values that are not finite count as too high.
    """
    low, high = (0.0, value, slope), None  # a good step lies between these two (high is None: anywhere beyond low)
    for _ in range(most):
        now, there = f(t)
        if not now <= value + c1 * t * slope or (low[0] > 0 and now >= low[1]):
            high = (t, now, there)  # too far: it went up again
        elif abs(there) <= c2 * -slope:
            return t
        else:
            if there * ((high[0] if high else np.inf) - low[0]) >= 0:
                high = low  # past the lowest point between the two
            low = (t, now, there)
        t = 2 * t if high is None else between(low, high)
        if high is not None and abs(high[0] - low[0]) <= 1e-12 * max(low[0], high[0]):
            break
    if low[0] > 0:
        f(low[0])
    return low[0]


def between(low, high):
    """The lowest point of the parabola through both values with the slope at `low`, kept off the two ends.

    Both are (t, value, slope).
    """
    (a, f_a, slope), (b, f_b, _) = low, high
    width = b - a
    bend = f_b - f_a - slope * width  # of the parabola, times width^2
    t = -0.5 * slope * width / bend if np.isfinite(bend) and bend > 0 else 0.5
    return a + width * min(max(t, 0.1), 0.9)
