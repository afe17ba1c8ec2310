"""The lines that app and worker exchange."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from localr1.engine.protocol import decode_report, decode_request, encode
from localr1.engine.reports import Done, Evaluated, Failed, Heartbeat, Paused, Piece, Report
from localr1.engine.requests import Cancel, ChatMessage, Generate, GoOn, Load, Pause, Request
from localr1.sampling import Sampling

TEXT = st.text(st.characters(exclude_categories=["Cs"]))

REQUESTS: list[Request] = [
    Load(id=1, path=b"/models/na\xffno.gguf", context=512, threads=2, gpu_layers=0),
    Generate(id=2, messages=(ChatMessage("user", "a\nb"),), sampling=Sampling(seed=7), prefill="<think>\n"),
    Pause(id=2),
    GoOn(id=2, insert="\n</think>\n\n", pause_at=40, pause_before="</think>"),
    Cancel(id=2),
]
REPORTS: list[Report] = [
    Evaluated(id=2, done=64, total=128),
    Paused(id=2, tokens=40, before=True),
    Done(id=2, finish_reason="stop", prompt_tokens=9, generated_tokens=3, generation_seconds=0.5),
    Failed(id=2, kind="context", message="too long"),
    Heartbeat(),
]


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: type(request).__name__)
def test_a_request_comes_out_as_it_went_in(request_: Request) -> None:
    assert decode_request(encode(request_)) == request_


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: type(report).__name__)
def test_a_report_comes_out_as_it_went_in(report: Report) -> None:
    assert decode_report(encode(report)) == report


@given(TEXT)
def test_a_line_holds_one_object_whatever_the_text(text: str) -> None:
    line = encode(Piece(id=1, text=text, tokens=1))
    assert line.index(b"\n") == len(line) - 1
    assert decode_report(line) == Piece(id=1, text=text, tokens=1)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"hello",
        b"[]",
        b"{}",
        b'{"type":"load"}',
        b'{"type":"surprise","id":1}',
        b'{"type":"cancel","id":"1"}',
        b'{"type":"heartbeat"}',
        b'{"type":"cancel","id":1',
    ],
)
def test_a_line_that_is_no_request_is_refused(line: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_request(line)


@pytest.mark.parametrize(
    "line",
    [b'{"type":"done","id":1,"finish_reason":"tired"}', b'{"type":"failed","id":1,"kind":"x","message":""}'],
)
def test_a_reason_that_nobody_knows_is_refused(line: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        decode_report(line)
