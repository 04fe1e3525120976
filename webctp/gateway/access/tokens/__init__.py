"""Tokens: what a program shows so that the gateway knows who is calling."""
