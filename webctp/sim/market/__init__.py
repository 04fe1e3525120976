"""The markets of a trading day: order books, auctions, charges, and the ticks made of them."""
