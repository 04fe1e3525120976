"""A terminal desk: quotes, five levels, orders, positions, the account; needs Textual."""
