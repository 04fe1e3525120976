"""The end of a trading day: settlement, expiry, and the statements that investors confirm."""
