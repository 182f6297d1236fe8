"""What several apps have in common.

`words` (rows of text beside a picture), `shapes` (lines and half planes), `training_run` (frames).
"""
