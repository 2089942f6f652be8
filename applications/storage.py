"""Files kept under the hash of their content: the same content once, and content that changed is never served."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


class DamagedFileError(Exception):
    """What lies in storage is not what was put there."""


def path_of(folder: str, sha256: str) -> str:
    return f"{folder}/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def keep(folder: str, content: bytes) -> str:
    """Store `content` below `folder` unless it is there already. Returns its SHA-256 in hex.

    A file of another size under the name is what a crash left of an earlier attempt; it is written anew.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(folder, sha256)
    if default_storage.exists(path):
        if default_storage.size(path) == len(content):
            return sha256
        default_storage.delete(path)
    stored = default_storage.save(path, ContentFile(content))
    if stored != path:
        # Another process stored the same content in between; storage gave ours a second name.
        default_storage.delete(stored)
    return sha256


def fetch(folder: str, sha256: str) -> bytes:
    """The content stored under `sha256`. Raises DamagedFileError when it is missing or was altered."""
    try:
        with default_storage.open(path_of(folder, sha256)) as file:
            content: bytes = file.read()
    except FileNotFoundError as error:
        raise DamagedFileError(f"{folder}/{sha256} is missing.") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedFileError(f"{folder}/{sha256} was altered.")
    return content
