"""Files of recorded ticks: rows, CSV and Parquet, and what writes them while they come."""
