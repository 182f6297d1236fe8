"""What students hand in: `submissions` (files and folders), `zips`, `plain` (files and nothing else), `answers`.

Everything here is read, never run, and nothing of it is trusted. `answers.py` finds which cell answers which task,
`students.py` whose a file is, `roster.py` who of a class has handed in nothing. `reading.py` is all that is done with
one file; it is called where time and memory are limited. May import `sets`.
"""
