"""The functions of the room seeing."""

FUNCTIONS = {}
