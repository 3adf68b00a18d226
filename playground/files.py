"""Files that were sent, found again by their identifiers; never on the disk of this machine."""

from dataclasses import dataclass
from hashlib import sha256
from itertools import count


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it was sent, and what it was sent as."""

    id: str
    unique: str
    kind: str
    name: str
    mime: str
    body: bytes
    path: str


_FOLDERS = {
    "photo": "photos",
    "voice": "voice",
    "video": "videos",
    "audio": "music",
    "animation": "animations",
    "video_note": "video_notes",
    "sticker": "stickers",
}


class Files:
    """All files of this playground, by identifier and by path."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def add(self, kind: str, name: str, mime: str, body: bytes) -> StoredFile:
        """Keep a file and name it."""
        number = next(self._numbers)
        unique = sha256(body).hexdigest()[:15]
        folder, ending = _FOLDERS.get(kind, "documents"), _ending(name)
        path = f"{folder}/file_{number}{ending}"
        stored = StoredFile(f"PG{kind}-{number}-{unique}", unique, kind, name, mime, body, path)
        self._by_id[stored.id] = self._by_path[path] = stored
        return stored

    def find(self, identifier: str) -> StoredFile | None:
        """Find a file by its identifier."""
        return self._by_id.get(identifier)

    def at(self, path: str) -> StoredFile | None:
        """Find a file by the path that `getFile` gave."""
        return self._by_path.get(path)


def _ending(name: str) -> str:
    _, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if dot and ending.isalnum() and len(ending) <= 5 else ""
