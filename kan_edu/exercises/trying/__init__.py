"""What happens when a check cell runs: `trial`, `errors`, `calls`, `failing`, `standing`, `words`, `page`, `expected`.

`trial.py` lets an answer run and keeps what comes out; `errors.py` says an error in words. `calls.py` finds which call
made a number, `failing.py` the smallest input that fails. `standing.py` looks at the earlier tasks that an answer
builds on. `words.py` and `page.py` say all of it, as text and as HTML; `expected.py` is what a student's notebook
knows. May import `hints` and, for solutions that are public, `sets`.
"""
