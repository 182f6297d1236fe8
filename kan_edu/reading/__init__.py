"""Reading a KAN (lesson 09): what passes each edge, which edges are needed, what function each one is.

By hand, in this order: `strength.py` says how much of the output passes each edge, `prune.py` takes edges away and
trains again (`shrink.py` leaves out idle nodes), `regularise.py` is the price on edges instead (L1 and entropy),
`symbolic.py` asks the whole network which function one edge is, `formula.py` writes what was read. By itself: `law.py`
is `read_law`, its steps are in `laws/`, formulas while they are being read in `expressions/`; `columns.py` finds
columns that cannot be read from, `models.py` models that cannot. May import `learning`, `networks` and what lies below.
"""
