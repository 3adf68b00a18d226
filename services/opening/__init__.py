"""Strangers' files, opened: pictures made ready to be looked at, documents read page by page."""
