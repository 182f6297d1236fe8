"""A set of exercises: its source with solutions, and the student's copy made from it.

`source.py` says what a set is made of, `cells.py` reads cells, `template.py` begins a new set, `build.py` makes the
student's copy, `graders.py` what nbgrader and Otter make theirs of, `catalogue.py` knows where the shipped sets lie;
`lightly.py` makes nbformat load quickly. May import what `trying` expects of a student's notebook.
"""
