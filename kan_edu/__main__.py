"""Makes `python -m kan_edu` the same as the command `kan-edu`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
