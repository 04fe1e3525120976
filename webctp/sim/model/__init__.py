"""The market as it would be if nobody traded in it here: contracts, prices, flow, calendar days.

A pure function of the seed, the instrument and the time: looking changes nothing.
"""
