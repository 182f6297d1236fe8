"""Python looks beside the notebook last; the site's standard library holds this as sitecustomize.py.

The notebook's folder lies in the page and not with Python: a look there is a message to the page and back, and Python
would look there first for each module of its own: some hundred times until the kernel is there.
"""

import sys


class BesideLast:
    """Finds nothing itself; moves the folder that Pyodide puts first in sys.path, "", behind all others."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if sys.path[:1] == [""]:
            sys.path.append(sys.path.pop(0))


sys.meta_path.insert(0, BesideLast)
