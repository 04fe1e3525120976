"""The tests of webctp, in the layout of the package they test."""

from hypothesis import HealthCheck, settings

# Machines are shared and noisy: how long an example takes says nothing about the code.
settings.register_profile("webctp", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("webctp")
