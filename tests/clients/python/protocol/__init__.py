"""Tests of the client without sockets, threads or time."""
