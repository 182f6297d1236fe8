"""What a teacher and a student get: files written whole, or not at all.

`report.py` writes all of them, `summary.py` the class, `feedback.py` a student's page, `whole.py` is how a
report appears whole or not at all. May import
`marking`.
"""
