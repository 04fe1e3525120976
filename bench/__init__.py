"""Benchmarks of webctp: ``python -m bench`` (or ``make bench``). See docs/performance.md."""
