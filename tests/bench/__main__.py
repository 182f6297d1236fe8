"""The command line `python -m tests.bench`: it finds the command's module and hands over to it."""

import argparse
import sys

from . import (
    accuracy,
    calls,
    checker,
    frames,
    fuzz,
    heldout,
    labels,
    peers,
    reading,
    rough,
    shares,
    step,
    superposition,
)

COMMANDS = {
    "step": step, "calls": calls, "peers": peers, "accuracy": accuracy, "heldout": heldout, "rough": rough,
    "shares": shares, "superposition": superposition, "checker": checker, "reading": reading, "fuzz": fuzz,
    "labels": labels, "frames": frames,
}  # fmt: skip


def main(argv=None):
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure kan_edu beside others.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, module in COMMANDS.items():
        first = module.__doc__.splitlines()[0]
        command = commands.add_parser(name, help=first, description=first)
        module.add_arguments(command)
        command.set_defaults(run=module.run)
    args = parser.parse_args(argv)
    return args.run(args)


if __name__ == "__main__":
    sys.exit(main())
