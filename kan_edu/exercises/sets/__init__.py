"""A set of exercises: `source` (what it is made of), `cells`, `template` (a new one), `build` (the student's copy).

`catalogue.py` knows where the shipped sets lie; `lightly.py` makes nbformat load quickly. May import the checks of `exercises`.
"""
