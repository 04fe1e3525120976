"""How the daemon begins and ends: what systemd is told, and how clients are taken leave of."""
