"""Unit tests of the partner: `python3 -m unittest discover -s partner/tests -t .` in the folder e2e."""
