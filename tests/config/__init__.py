"""The configuration, beyond what `tests.test_config` looks at."""

import os

from twisted.trial.unittest import SynchronousTestCase


def own_environment(case: SynchronousTestCase) -> None:
    """Let a test change the environment, in which nothing speaks of us at first."""
    kept = dict(os.environ)

    def put_back() -> None:
        os.environ.clear()
        os.environ.update(kept)

    case.addCleanup(put_back)
    for name in kept:
        if name.startswith("WEBCTP_") or name == "CREDENTIALS_DIRECTORY":
            del os.environ[name]
