"""Who may come in, how many, how fast, and who has tried too often."""
