"""Three small tables of measurements, each with a law behind it that somebody once had to find (lesson 09).

Where they come from and under which licence: `data/README.md`.
"""

import numpy as np

from kan_edu.checks.arguments import check_choice

from .tables import Table, column_of, read_rows, words

SERIES = {"Lyman": 1, "Balmer": 2, "Paschen": 3}  # the lower level of a series of hydrogen lines
STATES = ("treated", "untreated")


def planets():
    """The orbits of the eight planets. Returns a `Table`.

    X (8, 2): semi-major axis a (astronomical units), eccentricity e (0: a circle). y (8,): period T in years of 365.25
    days, from the rate of the mean longitude, T = 36000 / (degrees a century). extra: name.
    Mean elements for the years 1800 to 2050, which the pull of the other planets has shifted: Kepler's third law holds
    for them to 0.1 %. Source: Standish, JPL.

    >>> orbits = planets()
    >>> print(orbits.extra["name"][2], orbits.X[2, 0], orbits.y[2].round(4))
    Earth 1.00000261 1.0
    """
    rows = read_rows("planets.csv")
    return Table(
        name="Planets",
        X=np.column_stack([column_of(rows, name) for name in ("semi_major_axis_au", "eccentricity")]),
        y=36000 / column_of(rows, "mean_longitude_rate_deg_per_century"),
        columns=("a", "e"),
        units=("AU", "1"),
        target="T",
        target_unit="years",
        classes=(),
        extra=words(rows, ("name",)),
        dropped=0,
        source="E. M. Standish, Keplerian Elements for Approximate Positions of the Major Planets, JPL, table 1",
        licence="public domain (work of NASA/JPL)",
    )


def hydrogen(series=None):
    """Spectral lines of the hydrogen atom in vacuum. Returns a `Table`.

    X (18, 2): the levels n1 < n2 between which the electron jumps. y (18,): wavelength in nanometres.
    series: "Lyman" (n1 = 1), "Balmer" (2) or "Paschen" (3) alone; X is then (N, 1) with n2 only. Raises ValueError for
    any other series. Each level is the centre of its fine structure. Source: NIST Atomic Spectra Database.

    >>> hydrogen("Balmer").X[0], hydrogen("Balmer").y[0]
    (array([3.]), np.float64(656.4632))
    """
    rows = read_rows("hydrogen.csv")
    X = np.column_stack([column_of(rows, "n_low"), column_of(rows, "n_high")])
    wanted = np.ones(len(X), dtype=bool)
    if series is not None:
        check_choice(series, "series", SERIES)
        wanted = X[:, 0] == SERIES[series]
    first = 0 if series is None else 1
    return Table(
        name="Hydrogen lines" if series is None else f"Hydrogen lines, {series}",
        X=X[wanted][:, first:],
        y=column_of(rows, "wavelength_nm")[wanted],
        columns=("n1", "n2")[first:],
        units=("1", "1")[first:],
        target="wavelength",
        target_unit="nm",
        classes=(),
        extra={},
        dropped=0,
        source="NIST Atomic Spectra Database, levels of H I, https://doi.org/10.18434/T4W30F",
        licence="public domain (work of NIST, a US agency)",
    )


def puromycin(state="treated"):
    """How fast an enzyme works, against the concentration of what it works on. Returns a `Table`.

    X (12, 1): concentration in parts per million, each measured twice. y (12,): initial rate, in counts a minute a
    minute of a radioactive product. state: "treated" with the antibiotic puromycin, or "untreated" (11 rows). Raises
    ValueError for any other. Source: Treloar (1974), printed in Bates and Watts (1988).

    >>> puromycin().y.tolist()[:4]
    [76.0, 47.0, 97.0, 107.0]
    """
    check_choice(state, "state", STATES)
    rows = [row for row in read_rows("puromycin.csv") if row["state"] == state]
    return Table(
        name=f"Puromycin, {state}",
        X=column_of(rows, "concentration_ppm")[:, None],
        y=column_of(rows, "rate"),
        columns=("c",),
        units=("ppm",),
        target="v",
        target_unit="counts/min^2",
        classes=(),
        extra={},
        dropped=0,
        source="M. A. Treloar (1974), in D. Bates and D. Watts, Nonlinear Regression Analysis (1988), appendix A1.3",
        licence="measured facts; see data/README.md",
    )
