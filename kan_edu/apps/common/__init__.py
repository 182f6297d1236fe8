"""What several apps have in common: begin with `app`.

`app` (App, the base class of all apps: state, controls on the page, display), `tools` (the last row of each: Reset, and
the picture as code and as files), `training_run` (frames behind a slider and its Play), `words` (short text in a
picture), `written` (how numbers are written), `shapes` (lines, half planes, arrows).
May import `seeing`; nothing here knows a single app.
"""
