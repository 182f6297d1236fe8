"""Random starts, one after the other or side by side: neither needs to know of the others.

`start.py` trains one of them, wherever it runs; `sidebyside.py` hands them to an executor and takes the results in
order, so that they decide as they would have one by one; `flag.py` tells those under way that they are not wanted now.
May import what `learning` may.
"""
