"""What a teacher gets: `report` (all files), `summary` (the class), `feedback` (a student's page), `whole` (safe writing).

May import `marking`.
"""
