"""Measurements that are no tests: `python -m tests.bench <command>`, one file per command.

A command is a module with `add_arguments(parser)` and `run(args) -> exit code`, named in `__main__.COMMANDS`.
Shared by all: `machine` (what it ran on), `report` (tables, JSON, README). Nothing here asserts on time.
"""
