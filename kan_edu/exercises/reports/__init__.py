"""What a teacher and a student get: files written whole, or not at all.

`report.py` writes all of them, `summary.py` the class, `picture.py` the class as a picture, `feedback.py` a student's
page, `webpage.py` the same in HTML, `returned.py` all of those in a ZIP; `whole.py` is how a report appears whole or
not at all. May import `marking`, and of `handed_in` whose a file is.
"""
