"""The bytes of one file as they come, exactly as many as there must be."""

from __future__ import annotations

from localr1.errors import DownloadError
from localr1.hub.failure import TemporaryError
from localr1.hub.remote import RemoteFile
from localr1.hub.reply import Reply


class Body:
    """Bytes of a file from `start` on; what does not fit the file is refused before any of it is read."""

    def __init__(self, reply: Reply, file: RemoteFile, start: int, end: int) -> None:
        """`start` and `end` are what was asked for."""
        self._reply = reply
        self._file = file
        _require_plain(reply, file)
        self.start = start if reply.status == 206 else 0
        """The first byte that comes; 0, whatever was asked for, where a server sends the whole file."""
        self._left = (end if reply.status == 206 else file.size) - self.start
        self._require_length(end)

    def read_into(self, block: memoryview) -> int:
        """As many bytes as have come, at least one; 0 at the end.

        Raises TemporaryError where the connection ends before the file does.
        """
        if not self._left:
            return 0
        data = self._reply.read(min(len(block), self._left))
        if not data:
            raise TemporaryError(f"The connection ended before {self._file.name} was whole.")
        block[: len(data)] = data
        self._left -= len(data)
        return len(data)

    def read(self, count: int) -> bytes:
        """So many bytes, or those that are left."""
        data = bytearray(min(count, self._left))
        done = 0
        while done < len(data):
            done += self.read_into(memoryview(data)[done:])
        return bytes(data)

    def _require_length(self, end: int) -> None:
        headers = self._reply.headers
        expected = f"bytes {self.start}-{end - 1}/{self._file.size}"
        if self._reply.status == 206 and headers.get("Content-Range", "") != expected:
            raise self._changed()
        if (length := headers.get("Content-Length")) is not None and length != str(self._left):
            raise self._changed()

    def _changed(self) -> DownloadError:
        return DownloadError(
            f"{self._reply.host} does not send {self._file.name} as the hub describes it.",
            hint="It may just have been replaced: try again.",
        )


def _require_plain(reply: Reply, file: RemoteFile) -> None:
    """Neither a login page nor anything packed."""
    reply.require_no_page()
    kind = reply.headers.get("Content-Type", "").lower()
    if "multipart" in kind or reply.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise DownloadError(
            f"Something between here and {reply.host} repacks {file.name}.",
            hint="A proxy may do so; try another network.",
        )
