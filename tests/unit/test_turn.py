"""A reply while it grows."""

from __future__ import annotations

from collections.abc import Iterator

from localr1.chat.events import AnswerDelta, Delta, ThinkingDelta
from localr1.chat.families import PLAIN, family_of
from localr1.chat.turn import Turn
from localr1.engine.reports import Done, Piece
from localr1.message import FinishReason

R1 = family_of("<｜Assistant｜></think>", "<｜Assistant｜><think>\n", "qwen2")
DONE = Done(
    id=1,
    finish_reason="stop",
    prompt_tokens=20,
    evaluated_tokens=5,
    generated_tokens=9,
    prompt_seconds=0.5,
    generation_seconds=3.0,
)


def seconds() -> Iterator[float]:
    """A clock that is one second later each time that it is read."""
    yield from map(float, range(1000))


def turn() -> Turn:
    clock = seconds()
    return Turn(R1, lambda: next(clock))


def feed(turn: Turn, *texts: str) -> list[Delta]:
    return [
        delta
        for tokens, text in enumerate(texts, 1)
        for delta in turn.feed(Piece(id=1, text=text, tokens=tokens))
    ]


def test_pieces_become_thinking_and_answer() -> None:
    deltas = feed(turn(), "I ", "think", "</think>\n\n", "132")
    assert [delta.text for delta in deltas if isinstance(delta, ThinkingDelta)] == ["I ", "think"]
    assert [delta.text for delta in deltas if isinstance(delta, AnswerDelta)] == ["132"]


def test_a_delta_tells_the_tokens_of_the_reply_so_far() -> None:
    deltas = feed(turn(), "I ", "think", "</think>\n\n", "132")
    assert [delta.tokens for delta in deltas if isinstance(delta, ThinkingDelta | AnswerDelta)] == [1, 2, 4]


def test_a_reply_is_interrupted_until_it_has_ended_otherwise() -> None:
    growing = turn()
    feed(growing, "I ", "think", "</think>", "13")
    reply = growing.reply()
    assert (reply.thinking, reply.answer, reply.raw) == ("I think", "13", "I think</think>13")
    assert reply.finish_reason is FinishReason.INTERRUPTED
    assert reply.stats is None


def test_a_reply_that_has_ended_carries_its_reason_and_statistics() -> None:
    ended = turn()
    feed(ended, "I ", "think", "</think>", "132")
    ended.finish(DONE)
    reply = ended.reply()
    assert reply.finish_reason is FinishReason.STOP
    assert reply.stats
    assert (reply.stats.prompt_tokens, reply.stats.evaluated_tokens, reply.stats.generated_tokens) == (
        20,
        5,
        9,
    )
    assert reply.stats.tokens_per_second == 3.0


def test_thinking_is_counted_and_timed_to_where_it_ends() -> None:
    ended = turn()
    feed(ended, "I ", "think", "</think>", "132", " is", " it")
    ended.finish(DONE)
    stats = ended.reply().stats
    assert stats
    assert 2 <= stats.thinking_tokens <= 3
    assert 0 < stats.thinking_seconds <= 3


def test_a_reply_that_is_all_thinking_is_timed_to_its_end() -> None:
    ended = turn()
    feed(ended, "I ", "think", " and", " think")
    ended.finish(DONE)
    reply = ended.reply()
    assert reply.answer == ""
    assert reply.stats
    assert reply.stats.thinking_tokens == 4


def test_what_was_held_back_comes_with_the_end() -> None:
    ended = turn()
    assert feed(ended, "I think </thi") == [ThinkingDelta("I think ", tokens=1)]
    assert ended.finish(DONE) == [ThinkingDelta("</thi", tokens=1)]
    assert ended.reply().raw == "I think </thi"


def test_a_model_that_does_not_think_has_no_thinking_time() -> None:
    plain = Turn(PLAIN)
    assert feed(plain, "Hello") == [AnswerDelta("Hello", tokens=1)]
    plain.finish(DONE)
    stats = plain.reply().stats
    assert stats
    assert (stats.thinking_tokens, stats.thinking_seconds) == (0, 0.0)


def test_an_answer_that_turns_out_to_be_thinking_is_counted_as_such() -> None:
    clock = seconds()
    qwen3 = family_of("<|im_start|> enable_thinking </think>", "<|im_start|>assistant\n", "qwen3")
    late = Turn(qwen3, lambda: next(clock))
    feed(late, "Let me ", "see.", "</think>", "132")
    late.finish(DONE)
    stats = late.reply().stats
    assert stats is not None
    assert stats.thinking_tokens == 3
    assert stats.thinking_seconds > 0


def test_a_piece_that_ends_the_thinking_and_begins_the_answer_is_counted_for_both() -> None:
    both = turn()
    both.feed(Piece(id=1, text="so 132.</think>\n\n132", tokens=12))
    both.finish(DONE)
    stats = both.reply().stats
    assert stats is not None
    assert stats.thinking_tokens == 9
