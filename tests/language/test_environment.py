"""The language of whoever calls a command."""

from twisted.trial.unittest import SynchronousTestCase

from webctp.language.environment import spoken


class Environment(SynchronousTestCase):
    """LC_ALL before LC_MESSAGES before LANG, as gettext has it."""

    def test_the_first_that_is_set_decides(self) -> None:
        for environment, expected in (
            ({}, "en"),
            ({"LANG": "zh_CN.UTF-8"}, "zh"),
            ({"LANG": "en_US.UTF-8"}, "en"),
            ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
            ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN"}, "zh"),
            ({"LANG": "zh_CN.GB18030", "LC_ALL": ""}, "zh"),
        ):
            self.assertEqual(spoken(environment), expected, environment)
