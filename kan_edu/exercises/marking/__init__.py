"""From a notebook to a mark: `job`, `reference`, `runner`, `judge`, `verdict`.

`job.py` puts together the notebook that is run, `reference.py` the right values. `runner.py` has pytest run it, in a
fork of a process that `warm.py` keeps and a folder of `folders.py`, and `hooks.py` reports from there. `watched.py`
starts a student's kernel and ends one that takes too much; `kernel.py` is the program that it starts: limits first,
then ipykernel. `sandbox.py` is the box around both. `judge.py` compares, and `verdict.py` is what a mark is. May import
`sets`.
"""
