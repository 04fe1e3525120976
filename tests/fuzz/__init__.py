"""Fuzz targets, and what runs them: `make fuzz`, see :mod:`tests.fuzz.__main__`."""
