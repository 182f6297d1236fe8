"""From a notebook to a mark: `job`, `reference`, `runner`, `judge`, `verdict`.

`job.py` puts together the notebook that is run, `reference.py` the right values; `runner.py` starts pytest on it in a
`sandbox`, where `hooks`, `watched` and `kernel` work; `judge.py` compares and `verdict.py` is what a mark is. May
import `sets`.
"""
