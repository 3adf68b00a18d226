"""Documents that are ZIP files of XML: opened within limits, with nothing fetched from anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zipfile import ZipFile, ZipInfo

from lxml import etree  # type: ignore[import-untyped]

from domain.documents import DocumentKind
from services.opening.troubles import Trouble, Unreadable

MEMBERS = 10_000
"""Files that a document may be made of."""

UNPACKED = 512 << 20
"""Bytes that they may have in all."""

LARGEST = 64 << 20
"""Bytes of one that is taken apart: its tree has ten times as many."""

RATIO = 250
"""How many times smaller a member may be packed; text hardly gets below a twentieth."""

SMALL = 1 << 20
"""Bytes up to which nothing is a bomb."""

_MAIN = MappingProxyType(
    {
        "word/document.xml": DocumentKind.DOCX,
        "xl/workbook.xml": DocumentKind.XLSX,
        "ppt/presentation.xml": DocumentKind.PPTX,
    }
)
_TYPES = (
    (b"application/epub+zip", DocumentKind.EPUB),
    (b"application/vnd.oasis.opendocument.", DocumentKind.ODT),
)


@dataclass(frozen=True, slots=True)
class Package:
    """An open package. What its members claim to unpack to was checked, and no more is read."""

    zip: ZipFile

    @classmethod
    def open(cls, file: Path) -> Package:
        """Open one; raises Unreadable where it is a bomb, BadZipFile where it is damaged."""
        opened = ZipFile(file)
        members = opened.infolist()
        if len(members) > MEMBERS or sum(one.file_size for one in members) > UNPACKED:
            raise Unreadable(Trouble.BOMB)
        if any(_bomb(one) for one in members):
            raise Unreadable(Trouble.BOMB)
        return cls(opened)

    @property
    def kind(self) -> DocumentKind:
        """What it holds; raises Unreadable where it is just an archive."""
        names = set(self.zip.namelist())
        if "mimetype" in names:
            told = self.read("mimetype", 100).strip()
            for start, kind in _TYPES:
                if told.startswith(start):
                    return kind
        for name, kind in _MAIN.items():
            if name in names:
                return kind
        office = "[Content_Types].xml" in names  # of a kind that only its maker reads
        raise Unreadable(Trouble.OLD_OFFICE if office else Trouble.ARCHIVE)

    def has(self, name: str) -> bool:
        """Whether there is such a member."""
        return name in self.zip.NameToInfo

    def read(self, name: str, most: int = LARGEST) -> bytes:
        """Read a member; raises KeyError where there is none, Unreadable where it is too large."""
        member = self.zip.getinfo(name)
        if member.flag_bits & 1:
            raise Unreadable(Trouble.PROTECTED)
        if member.file_size > most:
            raise Unreadable(Trouble.BOMB)
        with self.zip.open(member) as opened:
            return opened.read(most)

    def tree(self, name: str) -> Any:
        """Take a member of XML apart."""
        return parse(self.read(name))

    def title(self, name: str) -> str:
        """The title in a member that tells of the document, or nothing."""
        if not self.has(name):
            return ""
        found = self.tree(name).iter("{http://purl.org/dc/elements/1.1/}title")
        return next((one.text or "" for one in found), "")


def parse(text: bytes) -> Any:
    """Take XML apart: no entity is expanded, no address is opened, no tree grows without end."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(text, parser)


def _bomb(member: ZipInfo) -> bool:
    packed = max(member.compress_size, 1)
    return member.file_size > SMALL and member.file_size > RATIO * packed
