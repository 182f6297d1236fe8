"""Lines, half planes and arrows as corners (n, 2): what a picture of a plane that is cut in two is made of."""
import numpy as np

NOTHING = np.zeros((0, 2))


def closed(corners):
    """Corners as a patch takes them: of none, one point that draws nothing."""
    return corners if len(corners) else np.zeros((1, 2))


def half_plane(w, b, low, high):
    """Where w.x + b > 0 in the square low..high: walk round the square, keep what lies inside, add the crossings.

    >>> half_plane(np.array([1.0, 0.0]), -0.5, 0, 2).tolist()
    [[0.5, 0.0], [2.0, 0.0], [2.0, 2.0], [0.5, 2.0]]
    """
    square = np.array([[low, low], [high, low], [high, high], [low, high]], dtype=float)
    z, corners = square @ w + b, []
    for n in range(4):
        here, there, z0, z1 = square[n], square[(n + 1) % 4], z[n], z[(n + 1) % 4]
        if z0 > 0:
            corners.append(here)
        if z0 * z1 < 0:
            corners.append(here + z0 / (z0 - z1) * (there - here))
        elif z1 == 0 and z0 > 0 or z0 == 0 and z1 > 0:
            corners.append(there if z1 == 0 else here)
    return np.array(corners) if corners else NOTHING


def foot_of(w, b, point):
    """The point of the line w.x + b = 0 that is nearest to a point (2,)."""
    return point - (w @ point + b) / (w @ w) * w


def segment(w, b, middle, reach=5.0):
    """Both ends of a piece of the line w.x + b = 0, up to `reach` from what is nearest to middle; none while w = 0."""
    if not w.any():
        return NOTHING
    along = np.array([-w[1], w[0]]) / np.linalg.norm(w)
    foot = foot_of(w, b, middle)
    return np.stack([foot - reach * along, foot + reach * along])


def inside(w, b, low, high):
    """Both ends of the line w.x + b = 0 in the square low..high; none where it does not pass through it.

    >>> inside(np.array([1.0, 0.0]), -0.5, 0, 2).tolist()
    [[0.5, 0.0], [0.5, 2.0]]
    """
    corners = half_plane(w, b, low, high)
    on = corners[np.abs(corners @ w + b) < 1e-9 * (1 + np.abs(w).sum())] if len(corners) else NOTHING
    return on[[0, -1]] if len(on) > 1 else NOTHING


def arrow(start, end, half, head):
    """An arrow as a polygon: half its shaft's width, the length of its head (shorter, if the arrow is short)."""
    length = np.linalg.norm(end - start)
    if length == 0:
        return NOTHING
    along = (end - start) / length
    across, head = np.array([-along[1], along[0]]), min(head, 0.7 * length)
    neck, wide = end - head * along, 0.42 * head
    return np.stack([start + half * across, neck + half * across, neck + wide * across, end,
                     neck - wide * across, neck - half * across, start - half * across])
