"""Redis, as the bus speaks to it: addresses, connections, links made again. It knows no tick."""
