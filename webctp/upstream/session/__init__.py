"""One native API instance kept logged in: its life, its files, its place in the process."""
