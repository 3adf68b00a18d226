"""Seeing: pictures are looked at, and what is seen becomes an answer that people can read."""
