"""The functions of the room data."""

FUNCTIONS = {}
