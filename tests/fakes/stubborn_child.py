"""A child that says where it listens, and then does not end when its input does."""

import json
import signal

if __name__ == "__main__":
    input()
    print(json.dumps({"url": "http://127.0.0.1:9", "key": "k"}), flush=True)  # noqa: T201
    while True:
        signal.pause()
