"""The functions of the room apps."""

FUNCTIONS = {}
