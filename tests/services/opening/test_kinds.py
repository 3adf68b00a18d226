"""A file is what its bytes say."""

import pytest

from services.opening.kinds import Family, family


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\xff\xd8\xff\xe0", Family.PICTURE),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", Family.PICTURE),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", Family.SOUND),
        (b"\x00\x00\x00\x18ftypheic", Family.PICTURE),
        (b"\x00\x00\x00\x18ftypisom", Family.SOUND),
        (b"BM" + bytes(12) + b"\x28\x00\x00\x00", Family.PICTURE),
        (b"BMW is a car, and this is a text.", Family.OTHER),
        (b"%PDF-1.4", Family.PDF),
        (b"\n\n junk before %PDF-1.4", Family.PDF),
        (b"{\\rtf1\\ansi", Family.RTF),
        (b"PK\x03\x04", Family.ZIP),
        (b"PK\x05\x06", Family.ARCHIVE),
        (b"Rar!\x1a\x07\x00", Family.ARCHIVE),
        (b"\x1f\x8b\x08", Family.ARCHIVE),
        (bytes(257) + b"ustar", Family.ARCHIVE),
        (b"MZ\x90\x00", Family.PROGRAM),
        (b"MZ is how this text begins.", Family.OTHER),
        (b"\x7fELF\x02", Family.PROGRAM),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Family.OLD_OFFICE),
        (b"#!/bin/sh\n", Family.OTHER),
        (b"", Family.OTHER),
    ],
)
def test_the_first_bytes_tell_the_family(head: bytes, expected: Family) -> None:
    """Letters alone are no proof: texts begin with letters."""
    assert expected == family(head)
