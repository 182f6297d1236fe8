"""The functions of the room networks."""

FUNCTIONS = {}
