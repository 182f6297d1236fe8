"""What stands below an app's picture, row by row."""


def rows_of(widget):
    """The descriptions of an app's controls, a list for each row; a choice stands in a box with its words."""
    slider = lambda part: part.children[0] if hasattr(part, "children") else part   # noqa: E731
    return [[slider(part).description for part in row.children] for row in widget.children[2:]]
