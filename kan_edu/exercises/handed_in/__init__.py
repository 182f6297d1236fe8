"""What students hand in: `submissions` (a folder of files), `zips`, `plain` (files and nothing else), `answers`.

Everything here is read, never run, and nothing of it is trusted. `answers.py` finds which cell answers which task.
May import `sets`.
"""
