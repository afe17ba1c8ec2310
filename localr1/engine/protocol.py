"""The JSON lines that the app and its engine process exchange.

The app writes requests to the worker's standard input, the worker writes reports to its standard output:
one JSON object a line, its type in the field `type`. Reports about a request carry that request's id; a
report for another id belongs to a request that has been given up and is dropped.
"""

from __future__ import annotations

import msgspec

from localr1.engine.reports import Report
from localr1.engine.requests import Request

VERSION = 1

_requests = msgspec.json.Decoder(Request)
_reports = msgspec.json.Decoder(Report)
_encoder = msgspec.json.Encoder()


def encode(line: Request | Report) -> bytes:
    """One line, its newline included."""
    return _encoder.encode(line) + b"\n"


def decode_request(line: bytes) -> Request:
    """The request on a line; raises msgspec.DecodeError."""
    request: Request = _requests.decode(line)
    return request


def decode_report(line: bytes) -> Report:
    """The report on a line; raises msgspec.DecodeError."""
    report: Report = _reports.decode(line)
    return report
