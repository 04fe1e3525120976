"""The bar store: bars kept on disk, from live ticks and from recordings."""
