"""What several apps have in common: begin with `app`.

`app` (App, the base class of all apps: state, controls on the page, display), `choices` (a choice shows its options in
words), `tools` (the last row of each: Reset, and the picture as code and as files), `training_run` (frames behind a
slider), `player` (Play, pause, step and speed of such a slider), `own` (your own data in an app that trains), `words`
(short text in a picture), `tiles` (a table of numbers as colours), `written` (how numbers are written), `shapes`
(lines, half planes, arrows).
May import `seeing`; nothing here knows a single app.
"""
