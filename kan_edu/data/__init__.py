"""What the lessons learn from: `datasets` (gates, clouds, functions), `tables` (real tables, CSV beside it), `pictures`.

`README.md` says where each table comes from and under which licence. Imports NumPy and `checks`.
"""
