"""Proof under fire: the gateway before the simulated exchange, with faults at any moment.

``python -m tests.chaos --seed N`` replays one schedule with a trace of all that happened.
"""
