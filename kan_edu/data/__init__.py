"""What the lessons learn from: gates, clouds and functions, real tables, pictures.

`datasets.py` makes samples, `tables.py` and `laws.py` read the CSV files beside them (`README.md` says where each comes
from and under which licence), `labels.py` numbers words, `pictures.py` makes letters. Imports NumPy and `checks`.
"""
