"""What the lessons learn from: gates, clouds and functions, real tables, pictures.

`datasets.py` makes gates and clouds, and offers the rest under one name: `targets.py` the functions of the KAN paper,
`tables.py` and `laws.py` the CSV files beside them (`README.md` says where each comes from and under which licence),
`labels.py` words as numbers, `own.py` tables of your own. `pictures.py` makes letters. Imports NumPy and `checks`.
"""
