"""The functions of the room learning."""

FUNCTIONS = {}
