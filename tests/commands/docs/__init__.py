"""Tests of the documents and of what makes them."""
