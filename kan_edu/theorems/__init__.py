"""The theorems built as machines that run: `bumps` (lesson 03), the other files (lesson 04).

`bumps.py` is universal approximation by hand; `decompositions.py` takes functions of two variables apart; `walls.py`
and `superposition.py` are Kolmogorov's theorem in whole numbers, `koppen.py` the inner function of the literature.
May import `networks`, `splines` and `checks`.
"""
