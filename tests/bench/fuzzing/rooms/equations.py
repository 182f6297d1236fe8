"""The functions of the room equations."""

FUNCTIONS = {}
