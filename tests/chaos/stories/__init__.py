"""Stories of real daemons: processes killed, stopped and cut off, disks and clocks gone wrong.

A story is drawn from its seed and plays in real time, some seconds: one or two daemons
(``twistd``), one exchange (``python -m webctp sim``), several clients on sockets, and what goes
wrong with them. It ends with what the clients know held against what the exchange did.

``python -m tests.chaos --story SEED`` plays one again, ``make chaos STORIES=n`` plays new ones.
"""
