"""The command `kan-edu`: begin with `cli`, its words.

`lab` opens the course in JupyterLab: `course` copies it, `exporting` keeps the words of pictures in HTML, `promptly`
lets pictures arrive at once. `doctor` says what is wrong (`hiding` which files stand in a module's place; a `problem`
has its cure), `site` makes the course a website, and `browser` is what the command says inside a page.

May look at every floor, but loads nothing heavy before it is needed: `doctor` must speak even where NumPy is broken.
"""
