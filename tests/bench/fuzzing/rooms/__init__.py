"""Which functions are called, by room: FUNCTIONS is {name: (function of keyword arguments, {argument: its kind})}."""

from importlib import import_module

ROOMS = ("splines", "data", "networks", "learning", "theorems", "equations", "reading", "bridges", "seeing", "apps",
         "exercises")
FUNCTIONS, ROOM_OF = {}, {}
for room in ROOMS:
    for name, entry in import_module(f"{__name__}.{room}").FUNCTIONS.items():
        FUNCTIONS[name], ROOM_OF[name] = entry, room
