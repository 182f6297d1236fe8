"""The theorems built as machines that run: `bumps` (lesson 03), the other files (lesson 04).

`bumps.py` is universal approximation by hand; `decompositions.py` takes functions of two variables apart; `walls.py`
builds the five walls of bricks, the inner functions of Kolmogorov's theorem in whole numbers, and `superposition.py`
the outer functions on top of them; `koppen.py` is the inner function of the literature. May import `networks`,
`splines` and `checks`.
"""
