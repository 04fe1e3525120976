"""What is known of orders, without IO: their keys, states, replays, the line they wait in."""
