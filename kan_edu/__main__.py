"""Makes `python -m kan_edu` the same as the command `kan-edu`."""

import sys

from kan_edu.command.cli import main

if __name__ == "__main__":
    sys.exit(main())
