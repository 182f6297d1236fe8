"""The functions of the room theorems."""

FUNCTIONS = {}
