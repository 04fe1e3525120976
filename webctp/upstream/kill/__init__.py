"""The kill switch: its levels, its file, who has acknowledged a word."""
