"""The command `kan-edu`: `cli` (its words), `course` (copies the course, for `kan-edu lab`), `doctor` (what is wrong),
`site` (the course as a website), `browser` (what the command says inside a page).

May look at every floor, but loads nothing heavy before it is needed: `doctor` must speak even where NumPy is broken.
"""
