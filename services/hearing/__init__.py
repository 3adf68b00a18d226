"""Hearing: from what was said aloud to what was said, part by part, lost by no crash."""
