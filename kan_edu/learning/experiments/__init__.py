"""Experiments of the lessons that a reader needs by name only: `races` of models, and learning in `phases`.

`races.py` races models on the splits of a table, trains one until a budget is spent, takes the time of a step, and says
who is ahead; `phases.py` learns one piece of the data after the other and looks at what is left of the earlier ones.
May import what `learning` may.
"""
