"""What the hub on loopback answers, and what may go wrong with an answer.

A fault is a function from the right answer to the one that is sent instead.
"""

from __future__ import annotations

import gzip as gzip_format
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeAlias


@dataclass(frozen=True)
class FileSlice:
    """Bytes of a file on disk, sent without reading them into memory."""

    path: Path
    start: int
    size: int

    def read(self) -> bytes:
        with self.path.open("rb") as file:
            file.seek(self.start)
            return file.read(self.size)

    def __len__(self) -> int:
        return self.size


@dataclass(frozen=True)
class Answer:
    """One answer, and the way in which it is delivered."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | FileSlice = b""
    start: int = 0
    """Where in the file the body begins."""
    cut: int | None = None
    """Bytes of the body after which the connection is closed."""
    stall: int | None = None
    """Bytes of the body after which nothing more comes; −1 keeps back even the headers."""
    rate: int | None = None
    """Bytes a second."""
    framing: str = "length"
    """How the end of the body is told: length, chunked or close."""

    def having(self, **headers: str) -> Answer:
        """With other headers; `_` stands for the dash in a name, an empty value leaves the header out."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {name: value for name, value in self.headers.items() if name not in names}
        return replace(self, headers=kept | {name: value for name, value in names.items() if value})

    def content(self) -> bytes:
        return self.body.read() if isinstance(self.body, FileSlice) else self.body


Fault: TypeAlias = Callable[[Answer], Answer]


def json_answer(value: object) -> Answer:
    return Answer(200, {"Content-Type": "application/json"}, json.dumps(value).encode())


def error_answer(status: int, code: str = "", message: str = "", **headers: str) -> Answer:
    """As the hub says no: a status, and the cause in headers."""
    answer = Answer(status, {"Content-Type": "application/json"}, json.dumps({"error": message}).encode())
    return answer.having(X_Error_Code=code, X_Error_Message=message, **headers)


def fails(status: int, code: str = "", message: str = "", **headers: str) -> Fault:
    """An error of the hub, such as `fails(429, Retry_After="1")`."""
    return lambda answer: error_answer(status, code, message, **headers)


def cut(after: int) -> Fault:
    """The connection ends after so many bytes of the body."""
    return partial(replace, cut=after)


def stall(after: int) -> Fault:
    """Nothing comes after so many bytes of the body, until the test says `resume`."""
    return partial(replace, stall=after)


def silent() -> Fault:
    """Not even the headers come."""
    return partial(replace, stall=-1)


def slow(rate: int) -> Fault:
    """So many bytes a second."""
    return partial(replace, rate=rate)


def chunked() -> Fault:
    """The size of the body is not known before it has come."""
    return partial(replace, framing="chunked")


def no_length() -> Fault:
    """The end of the connection is the end of the body."""
    return partial(replace, framing="close")


def flipped(at: int) -> Fault:
    """One bit at this byte of the file is wrong, in the answers that hold it."""

    def flip(answer: Answer) -> Answer:
        body, place = bytearray(answer.content()), at - answer.start
        if 0 <= place < len(body):
            body[place] ^= 1
        return replace(answer, body=bytes(body))

    return flip


def shorter(by: int) -> Fault:
    """The file ends early, and the headers say so."""
    return lambda answer: replace(answer, body=answer.content()[:-by])


def longer(by: int) -> Fault:
    """The file goes on after its end, and the headers say so."""
    return lambda answer: replace(answer, body=answer.content() + bytes(by))


def gzipped() -> Fault:
    """A body that some machine between compressed."""
    return lambda answer: replace(answer, body=gzip_format.compress(answer.content())).having(
        Content_Encoding="gzip"
    )


def portal() -> Fault:
    """A hotel's network answers everything with its own login page."""
    page = b"<!DOCTYPE html><html><body>Welcome to our WiFi! Please log in.</body></html>"
    return lambda answer: Answer(200, {"Content-Type": "text/html"}, page)


def says(**headers: str) -> Fault:
    """Right but for some headers, such as `says(X_Linked_Etag='"evil"')`; an empty one is left out."""
    return lambda answer: answer.having(**headers)


def redirects(location: str) -> Fault:
    """Off to another place, with the headers that were there before."""
    return lambda answer: replace(answer, status=302, body=b"").having(Location=location)


def tells(value: object) -> Fault:
    """Another JSON document than the right one."""
    return lambda answer: json_answer(value)
