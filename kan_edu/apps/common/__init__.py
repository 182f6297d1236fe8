"""What apps share: `words` (rows of text beside a picture), `shapes` (lines and half planes), `training_run` (frames)."""
