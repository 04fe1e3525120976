"""``"Offset": "auto"``: from what is held to the offsets that an order is split into."""
