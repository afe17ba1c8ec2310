"""Bytes of tokens → pieces of whole characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from localr1.engine.reports import Piece
from localr1.engine.worker.pieces import PieceStream

EMOJI = "👩‍🚀".encode()


def stream(tokens: list[bytes]) -> list[Piece]:
    """What is sent for the bytes of these tokens."""
    sent: list[Piece] = []
    pieces = PieceStream(7, sent.append)
    for data in tokens:
        pieces.add(data)
    pieces.close()
    return sent


def text(tokens: list[bytes]) -> str:
    return "".join(piece.text for piece in stream(tokens))


@given(st.binary(), st.data())
def test_every_way_of_cutting_the_bytes_gives_the_same_text(data: bytes, draw: st.DataObject) -> None:
    cuts = sorted(draw.draw(st.sets(st.integers(0, len(data)))))
    tokens = [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]
    assert text(tokens) == data.decode("utf-8", "replace")


def test_a_character_is_never_torn() -> None:
    sent = stream([EMOJI[index : index + 1] for index in range(len(EMOJI))])
    assert "".join(piece.text for piece in sent) == EMOJI.decode()
    assert "�" not in "".join(piece.text for piece in sent)


def test_bytes_that_are_no_text_are_replaced_and_stall_nothing() -> None:
    assert text([b"a", b"\xff", b"b", b"\xc3", b"c"]) == "a�b�c"


def test_a_character_that_is_never_finished_is_replaced_at_the_end() -> None:
    assert text([b"a", EMOJI[:2]]) == "a�"


def test_white_space_and_escapes_come_through() -> None:
    assert text([b" " * 64, b"-" * 64, b"\x1b[0m", b"\x00", b"\n"]) == " " * 64 + "-" * 64 + "\x1b[0m\x00\n"


def test_the_first_piece_is_sent_at_once() -> None:
    sent: list[Piece] = []
    PieceStream(7, sent.append).add(b"a")
    assert sent == [Piece(id=7, text="a", tokens=1)]


def test_the_last_piece_counts_every_token() -> None:
    assert stream([b"a"] * 50)[-1].tokens == 50


def test_nothing_is_sent_for_a_reply_without_text() -> None:
    assert stream([]) == []
    assert stream([b"", b""]) == []
