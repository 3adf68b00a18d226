"""Whatever shape a server complains in, its words are found."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.complaints import LONGEST, Complaint

CAPTURES = Path(__file__).parents[1] / "captures"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"error":"model \'x\' not found"}', Complaint("model 'x' not found")),
        (
            b'{"error":{"message":"no","type":"invalid_request_error","param":null,"code":null}}',
            Complaint("no", "invalid_request_error"),
        ),
        (
            b'{"error":{"message":"no","type":"invalid_request_error","code":"unsupported_value"}}',
            Complaint("no", "unsupported_value"),
        ),
        (b'{"error":{"type":"odd"}}', Complaint('{"type": "odd"}', "odd")),
        (b'{"detail":"Not Found"}', Complaint("Not Found")),
        (
            b'{"detail":[{"loc":["body","messages"],"msg":"Field required"}]}',
            Complaint("Field required ['body', 'messages']"),
        ),
        (
            b'{"object":"error","message":"too long","type":"BadRequestError","code":400}',
            Complaint("too long", "BadRequestError"),
        ),
        (b"404 page not found", Complaint("404 page not found")),
        (
            b"<html><head><style>p{}</style></head><body><h1>502 Bad\nGateway</h1></body></html>",
            Complaint("502 Bad Gateway"),
        ),
        (b"", Complaint("")),
        (b"[]", Complaint("[]")),
        (b'"gone"', Complaint("gone")),
        (b"\xff\xfe", Complaint("��")),
    ],
)
def test_the_words_of_every_known_shape_are_found(body: bytes, expected: Complaint) -> None:
    """The operator reads what the server said, not how it was wrapped."""
    assert expected == Complaint.read(body)


@pytest.mark.parametrize(
    ("capture", "expected"),
    [
        (
            "llama_server/ctx_exceeded_stream.body",
            Complaint(
                "request (4823 tokens) exceeds the available context size (256 tokens), "
                "try increasing it",
                "exceed_context_size_error",
            ),
        ),
        ("llama_server/notfound.body", Complaint("File Not Found", "not_found_error")),
        ("mlx_lm/notfound.body", Complaint("Not Found")),
        ("mlx_lm/no_messages.body", Complaint("Request did not contain messages")),
    ],
)
def test_true_servers_are_understood(capture: str, expected: Complaint) -> None:
    """These bodies were recorded from the servers themselves."""
    assert expected == Complaint.read((CAPTURES / capture).read_bytes())


@given(st.binary(max_size=2000))
def test_any_bytes_become_a_short_line(body: bytes) -> None:
    """Nothing that a server says can break the log."""
    words = Complaint.read(body).words
    assert len(words) <= LONGEST
    assert "\n" not in words


def test_json_nested_too_deeply_is_words_like_any_other() -> None:
    """A hostile server cannot stop the bot by brackets."""
    assert Complaint.read(b"[" * 100_000).words.startswith("[[[")
