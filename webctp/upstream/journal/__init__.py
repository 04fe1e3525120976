"""The journal on disk: what was asked and told, and the ClientOrderIDs of every account."""
