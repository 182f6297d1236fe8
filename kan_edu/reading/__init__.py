"""Reading a KAN, lesson 09: how much passes each edge, which edges are needed, what function each one is.

In this order: `strength.py` (attribution), `prune.py`, `regularise.py` (L1 and entropy), `symbolic.py` (one edge,
several candidates, judged by the whole network), then what does all of it by itself. Imports networks and learning.
"""
