"""What the broker keeps for each investor: money, positions, orders, transfers, notices."""
