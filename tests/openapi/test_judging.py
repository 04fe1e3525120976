"""How a run of random requests is judged."""

from collections import Counter

from twisted.trial.unittest import SynchronousTestCase

from tests.openapi.__main__ import wrong


class Judging(SynchronousTestCase):
    """What `make schemathesis` complains of."""

    def test_a_good_run_is_left_alone(self) -> None:
        self.assertEqual(wrong(0, Counter({200: 60, 400: 40}), 100), [])

    def test_each_fault_of_the_gateway_is_named(self) -> None:
        found = wrong(0, Counter({200: 97, 500: 2, 504: 1}), 100)
        self.assertEqual(found, ["2 answers with 500", "1 answers with 504"])

    def test_what_schemathesis_finds_counts(self) -> None:
        self.assertEqual(wrong(1, Counter({200: 100}), 100), ["schemathesis ended with 1"])

    def test_a_run_that_sent_little_or_reached_nothing_is_no_proof(self) -> None:
        found = wrong(0, Counter({401: 99}), 100)
        self.assertEqual(found, ["99 requests, fewer than 100", "nothing was answered with 200"])
