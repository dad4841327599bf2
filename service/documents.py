"""Files by the hash of their content: the same content is kept once, under its SHA-256; no file is ever changed or taken away.

A folder by default, or whatever `QUIPU_DOCUMENTS` names: another folder, or a bucket (`s3://…`) whose keys and address come from
the usual `AWS_…` variables. A file is on the disk before the fact that names its hash: a crash leaves at most a file without a name.
"""

import hashlib
import os
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, from_url

FOLDER = "documentos"
PATIENCE = 20
State = Literal["kept", "missing", "altered"]


class Away(Exception):
    """The place where files are kept does not answer."""


class Unkept(Exception):
    """A file that is not there (`missing`), or no longer what its hash says (`altered`)."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.state = state


class Documents:
    """The place where files are kept."""

    def __init__(self, address: str, data: Path, *, patience: float = PATIENCE) -> None:
        self.folder: Path | None = None
        self._address, self._patience = address, timedelta(seconds=patience)
        self._store: Any = None
        if "://" not in address:
            self.folder = Path(address).expanduser().absolute() if address else data / FOLDER

    def keep(self, content: bytes) -> str:
        """Keep a file, durably, and return its hash; what is already there stays, unless it was damaged."""
        digest = hashlib.sha256(content).hexdigest()
        if self.state(digest) != "kept":
            try:
                obstore.put(self._opened(), _key(digest), content, use_multipart=False)
            except (BaseError, OSError) as error:
                raise Away from error
        self._flush(digest)
        return digest

    def read(self, digest: str) -> bytes:
        """The content of a file.

        Raises:
            Unkept: it is not there, or it is not what it was.
            Away: the place does not answer.

        """
        try:
            content = bytes(obstore.get(self._opened(), _key(digest)).bytes())
        except (NotFoundError, FileNotFoundError) as error:
            raise Unkept("missing") from error
        except (BaseError, OSError) as error:
            raise Away from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise Unkept("altered")
        return content

    def state(self, digest: str) -> State:
        """Whether a file is there and what its hash says."""
        try:
            self.read(digest)
        except Unkept as unkept:
            return unkept.state
        return "kept"

    def _opened(self) -> Any:
        if self._store is None:
            if self.folder is not None:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._store = LocalStore(self.folder)
            else:
                self._store = from_url(self._address, retry_config={"retry_timeout": self._patience})
        return self._store

    def _flush(self, digest: str) -> None:
        """A file in a folder, and its name, reach the disk."""
        if self.folder is None:
            return
        path = self.folder / _key(digest)
        for each in (path, path.parent, self.folder):
            descriptor = os.open(each, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _key(digest: str) -> str:
    return f"{digest[:2]}/{digest}"
