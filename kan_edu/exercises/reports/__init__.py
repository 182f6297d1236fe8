"""What a teacher and a student get: files written whole, or not at all.

`report.py` writes all of them, `summary.py` the class, `feedback.py` a student's page, `whole.py` safely. May import
`marking`.
"""
