"""Conditional orders: what they wait for, and what becomes of them. Pure."""
