"""The tests of webctp, in the layout of the package they test."""

import os
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase

from tests import notes
from webctp.ctp import runtime
from webctp.language.environment import spoken

# Machines are shared and noisy: how long an example takes says nothing about the code.
# What has failed once is tried first the next time; trial's own directory would be deleted then.
settings.register_profile(
    "webctp",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
    database=DirectoryBasedExampleDatabase(
        Path(__file__).resolve().parent.parent / ".hypothesis" / "examples"
    ),
)
settings.load_profile("webctp")
notes.show()
if spoken() != "en":
    # Tests read what commands say; they say it in the language of the environment.
    os.environ["LC_ALL"] = "C.UTF-8"
if "WEBCTP_TEST_BINDING" in os.environ:
    # Tests on another binding than the default have a process of their own.
    runtime.load(os.environ["WEBCTP_TEST_BINDING"])
