"""Experiments of the lessons that a reader needs by name only: `races` of models, learning in `phases`, and `tones`.

`races.py` races models on the splits of a table, trains one until a budget is spent, takes the time of a step, and says
who is ahead; `phases.py` learns one piece of the data after the other and looks at what is left of the earlier ones;
`tones.py` takes down after how many steps slow and fast parts of a sum are learnt.
May import what `learning` may.
"""
