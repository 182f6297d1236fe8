"""Import this before nbformat: it saves more than a second of CPU time at every start.

nbformat imports jsonschema, and that imports rfc3987_syntax where JupyterLab has brought it along, which builds a
grammar for internationalised addresses. jsonschema does without it, and no notebook holds such an address.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # None: an import of it fails as if it were not installed
