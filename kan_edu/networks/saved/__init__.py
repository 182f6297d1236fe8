"""Networks in files, and back: `saving`, then `kanfile`.

`saving.py` writes arrays of any network, whole or not at all, and reads them; `kanfile.py` says which arrays a KAN is.
Loading runs no code. May import `formulas`, `splines`, `files` and `checks`.
"""
