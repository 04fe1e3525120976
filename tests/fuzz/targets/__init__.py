"""What is fuzzed: each module has a class ``Target``, see :mod:`tests.fuzz.target`."""
