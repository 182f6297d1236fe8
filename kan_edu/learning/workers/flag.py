"""A flag that other threads and processes see: a file that is there once their work is no longer wanted.

An Event is seen by threads alone, and a signal by processes alone; a file by both, whatever has started them. On
another machine it is not seen: there a start runs to its end.
"""

import os
import secrets
import tempfile

from .start import Stop


class Flag:
    """`up()` ends what shows its progress to this flag; the file goes when none of `futures` runs any more."""

    def __init__(self):
        self.path = os.path.join(tempfile.gettempdir(), f"kan_edu-{secrets.token_hex(12)}.stop")

    def up(self, futures):
        """Make the file, if one of the futures is still under way."""
        under_way = {id(future): future for future in futures if not future.done()}
        if not under_way:
            return
        with open(self.path, "x"):
            pass

        def ended(future):
            under_way.pop(id(future), None)
            if not under_way:
                self.down()

        for future in list(under_way.values()):
            future.add_done_callback(ended)

    def down(self):
        """Take the file away, if there is one."""
        if os.path.exists(self.path):
            os.remove(self.path)

    def show(self, text):
        """In the place of a line of progress: Stop where the flag is up."""
        if os.path.exists(self.path):
            raise Stop("interrupted")
