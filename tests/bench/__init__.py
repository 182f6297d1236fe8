"""Measurements that are no tests: `python -m tests.bench <command>`, one file per command.

A command is a module with `add_arguments(parser)` and `run(args) -> exit code`, named in `__main__.COMMANDS`.
Shared by all: `machine` (what it ran on), `report` (tables, JSON, the place of each table
in docs/measurements.md). Nothing here asserts on time.
"""
