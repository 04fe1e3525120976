"""What administrators may ask, by both doors."""
