"""Thinking and answer come apart the same way, however the reply was cut on its way."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localr1.chat.events import AnswerDelta, AnswerWasThinking, Delta, ThinkingDelta
from localr1.chat.families import ThinkingTags
from localr1.chat.thinking import ThinkingSplitter, ThinkingState

NONE, RUNNING, CLOSED, SKIPPED = ThinkingState

THINK = ThinkingTags("<think>", "</think>")
OPENTHINKER = ThinkingTags(
    "<|begin_of_thought|>", "<|end_of_thought|>", "<|begin_of_solution|>", "<|end_of_solution|>"
)
GPT_OSS = ThinkingTags(
    "<|channel|>analysis<|message|>", "<|end|>", "<|channel|>final<|message|>", turn="<|start|>assistant"
)
GEMMA = ThinkingTags("<|channel>thought", "<channel|>")
SEED = ThinkingTags("<seed:think>", "</seed:think>")
MAGISTRAL = ThinkingTags("[THINK]", "[/THINK]")
COHERE = ThinkingTags("<|START_THINKING|>", "<|END_THINKING|>", "<|START_RESPONSE|>", "<|END_RESPONSE|>")
GRANITE = ThinkingTags("<think>", "</think>", "<response>", "</response>")
THINKING = ThinkingTags("<thinking>", "</thinking>")
APRIEL = ThinkingTags(
    "Here are my reasoning steps:", "[BEGIN FINAL RESPONSE]", answer_close="[END FINAL RESPONSE]"
)
KIMI = ThinkingTags("◁think▷", "◁/think▷")
EXAONE = ThinkingTags("<thought>", "</thought>")
FAMILIES = (
    THINK,
    OPENTHINKER,
    GPT_OSS,
    GEMMA,
    SEED,
    MAGISTRAL,
    COHERE,
    GRANITE,
    THINKING,
    APRIEL,
    KIMI,
    EXAONE,
)


@dataclass(frozen=True)
class Split:
    """What a reply comes apart into."""

    thinking: str
    answer: str
    state: ThinkingState


def split(pieces: Iterable[str], tags: ThinkingTags | None = THINK, *, opened: bool = False) -> Split:
    """The totals of a whole reply; what was streamed must add up to the same."""
    splitter = ThinkingSplitter(tags, opened=opened)
    deltas = [delta for piece in pieces for delta in splitter.feed(piece)] + splitter.finish()
    assert replay(deltas) == (splitter.thinking, splitter.answer)
    return Split(splitter.thinking, splitter.answer, splitter.state)


def replay(deltas: Iterable[Delta]) -> tuple[str, str]:
    """Thinking and answer as a front end would have them from the deltas."""
    thinking = answer = ""
    for delta in deltas:
        match delta:
            case ThinkingDelta(text):
                thinking += text
            case AnswerDelta(text):
                answer += text
            case AnswerWasThinking():
                thinking, answer = thinking + answer, ""
    return thinking, answer


def ways_of_cutting(text: str) -> Iterator[list[str]]:
    """All of them for a short text; else all in up to three pieces, and one character at a time."""
    places = range(1, len(text))
    for count in range(len(text)) if len(text) <= 12 else (0, 1, 2):
        for cuts in combinations(places, count):
            yield [text[start:end] for start, end in zip((0, *cuts), (*cuts, len(text)), strict=True)]
    yield list(text)


def fed(*pieces: str, tags: ThinkingTags | None = THINK, opened: bool = False) -> list[Delta]:
    """What the last of the pieces gave at once."""
    splitter = ThinkingSplitter(tags, opened=opened)
    for piece in pieces[:-1]:
        splitter.feed(piece)
    return splitter.feed(pieces[-1])


# ---- what a reply comes apart into


def case(
    sentence: str, reply: str, thinking: str, answer: str, state: ThinkingState, *, opened: bool = False
) -> object:
    return pytest.param(reply, opened, Split(thinking, answer, state), id=sentence.replace(" ", "_"))


@pytest.mark.parametrize(
    ("reply", "opened", "expected"),
    [
        case("white space after tags is dropped", "<think> in </think> out", "in ", "out", CLOSED),
        case(
            "only the first block is thinking",
            "<think>a</think><think>b</think>c",
            "a",
            "<think>b</think>c",
            CLOSED,
        ),
        case("a reply without tags is answer", "no think", "", "no think", NONE),
        case("white space before an answer stays", "  abcdef", "", "  abcdef", NONE),
        case("white space alone is answer", " \n ", "", " \n ", NONE),
        case("an empty reply is nothing", "", "", "", NONE),
        case(
            "tags after text are text",
            "  abc <think>def</think> ghi",
            "",
            "  abc <think>def</think> ghi",
            NONE,
        ),
        case("white space before thinking is dropped", "  <think>a", "a", "", RUNNING),
        case("a closing tag ends the thinking", "<think>abc</think>def", "abc", "def", CLOSED),
        case(
            "a word like a tag is no tag",
            "<think>abc</thing>defghi</think>jkl",
            "abc</thing>defghi",
            "jkl",
            CLOSED,
        ),
        case(
            "blank lines before the answer are dropped", "  <think>abc</think>\n\ndef", "abc", "def", CLOSED
        ),
        case("a blank thinking is skipped", "<think>\n</think>\n\nHi there", "", "Hi there", SKIPPED),
        case("an empty thinking is skipped", "<think></think>Hi", "", "Hi", SKIPPED),
        case(
            "white space of any kind after tags is dropped",
            "  <think>   \t \n these are some thoughts </think>\u3000 \n  more content",
            "these are some thoughts ",
            "more content",
            CLOSED,
        ),
        case("nothing may follow the thinking", "<think>abc</think>", "abc", "", CLOSED),
        case("an unfinished tag ends in the thinking", "<think>ab</thi", "ab</thi", "", RUNNING),
        case("an unfinished tag ends in the answer", "<thi", "", "<thi", NONE),
        case("an unfinished tag keeps its white space", " <thi", "", " <thi", NONE),
        case("an unfinished late tag ends in the answer", "ab</thi", "", "ab</thi", NONE),
        case(
            "an opened thinking is closed",
            "Let me think...</think>Answer.",
            "Let me think...",
            "Answer.",
            CLOSED,
            opened=True,
        ),
        case(
            "an opened thinking may repeat the tag",
            "<think>\nLet me.</think>Answer.",
            "Let me.",
            "Answer.",
            CLOSED,
            opened=True,
        ),
        case("an opened thinking may start blank", "\n <think> a</think>b", "a", "b", CLOSED, opened=True),
        case(
            "an opened thinking may be empty",
            "</think>Just content",
            "",
            "Just content",
            SKIPPED,
            opened=True,
        ),
        case(
            "a tag within an opened thinking is text",
            "I'm thinking <think>nested</think> more</think>Final",
            "I'm thinking <think>nested",
            "more</think>Final",
            CLOSED,
            opened=True,
        ),
        case(
            "a second closing tag is text",
            "First</think>Content</think>More",
            "First",
            "Content</think>More",
            CLOSED,
            opened=True,
        ),
        case(
            "an opened thinking ends in the middle",
            "Thinking</think>Content.",
            "Thinking",
            "Content.",
            CLOSED,
            opened=True,
        ),
        case("an opened thinking ends the reply", "Thinking?</think>", "Thinking?", "", CLOSED, opened=True),
        case(
            "an unfinished thinking never becomes answer",
            "\nstill at it",
            "still at it",
            "",
            RUNNING,
            opened=True,
        ),
        case("an unfinished repeated tag is thinking", "<thi", "<thi", "", RUNNING, opened=True),
        case("an opened thinking of nothing is unfinished", "\n ", "", "", RUNNING, opened=True),
        case("a late closing tag makes thinking", " Hm, so 4.</think>\n\n4", " Hm, so 4.", "4", CLOSED),
        case("a late closing tag after nothing skips", "\n</think>\n\nHi", "", "Hi", SKIPPED),
        case(
            "tags after a late closing tag are text",
            "a</think>b</think><think>",
            "a",
            "b</think><think>",
            CLOSED,
        ),
        case("a closing tag may hold spaces", "<think>a< /think >b", "a", "b", CLOSED),
        case("a closing tag may hold all spaces", "<think>a< / think >b", "a", "b", CLOSED),
        case("a closing tag may be upper case", "<think>a</THINK>b", "a", "b", CLOSED),
        case("a closing tag may be of another form", "<think>a</thinking>b", "a", "b", CLOSED),
        case("a late closing tag may be careless", "a</ Thinking>b", "a", "b", CLOSED),
        case(
            "tags in the code of an answer are text",
            "<think>a</think>\n```xml\n<think>b</think>\n```\nor `</think>`",
            "a",
            "```xml\n<think>b</think>\n```\nor `</think>`",
            CLOSED,
        ),
        case(
            "tags in the quotes of an answer are text",
            'Write "<think>" and "</think>".',
            "",
            'Write "<think>" and "</think>".',
            NONE,
        ),
        case("a quoted closing tag is text", "End it with “</think>”.", "", "End it with “</think>”.", NONE),
        case("a closing tag in backticks is text", "`</think>` ends it", "", "`</think>` ends it", NONE),
        case(
            "a closing tag in a code fence is text",
            "So:\n```\ns.split(x</think>)\n```\nDone",
            "",
            "So:\n```\ns.split(x</think>)\n```\nDone",
            NONE,
        ),
        case(
            "a closing tag after a code fence makes thinking",
            "```\na '</think>\n``` b</think>c",
            "```\na '</think>\n``` b",
            "c",
            CLOSED,
        ),
        case("characters of many bytes stay whole", "<think>数👩‍💻é</think>答🇫🇷", "数👩‍💻é", "答🇫🇷", CLOSED),
    ],
)
def test_a_reply_comes_apart_the_same_at_every_cut(reply: str, opened: bool, expected: Split) -> None:
    for pieces in ways_of_cutting(reply):
        assert split(pieces, opened=opened) == expected, pieces


@pytest.mark.parametrize(
    ("tags", "reply", "expected"),
    [
        (
            OPENTHINKER,
            "<|begin_of_thought|>\n\na\n<|end_of_thought|>\n\n<|begin_of_solution|>\n\nb<|end_of_solution|>\n",
            Split("a\n", "b", CLOSED),
        ),
        (OPENTHINKER, "<|begin_of_solution|>b<|end_of_solution|>", Split("", "b", NONE)),
        (OPENTHINKER, "<|begin_of_thought|>a<|end_of_thought|>b<|end_of_", Split("a", "b<|end_of_", CLOSED)),
        (
            GPT_OSS,
            "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>b",
            Split("a", "b", CLOSED),
        ),
        (
            GPT_OSS,
            "<|channel|>analysis<|message|>a<|end|><|channel|>final<|message|>b",
            Split("a", "b", CLOSED),
        ),
        (GPT_OSS, "<|channel|>final<|message|>b", Split("", "b", NONE)),
        (
            GPT_OSS,
            "<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>analysis<|message|>b<|end|>c",
            Split("ab", "c", CLOSED),
        ),
        (GEMMA, "<|channel>thought\na\n<channel|>b", Split("a\n", "b", CLOSED)),
        (GEMMA, "<|channel>thought\n<channel|>b", Split("", "b", SKIPPED)),
        (SEED, "<seed:think>a</seed:think>b", Split("a", "b", CLOSED)),
        (SEED, "<seed:think>a</Seed:Think >b", Split("a", "b", CLOSED)),
        (MAGISTRAL, "[THINK]a[/THINK]b", Split("a", "b", CLOSED)),
        (MAGISTRAL, "[THINK]a[1] [/", Split("a[1] [/", "", RUNNING)),
        (
            COHERE,
            "<|START_THINKING|>a<|END_THINKING|><|START_RESPONSE|>b<|END_RESPONSE|>",
            Split("a", "b", CLOSED),
        ),
        (GRANITE, "<think>a</think>\n<response> b\n</response>\n", Split("a", "b\n", CLOSED)),
        (GRANITE, "<think>a</think><response>b</response> c", Split("a", "b</response> c", CLOSED)),
        (GRANITE, "<think></think><response>b<respon", Split("", "b<respon", SKIPPED)),
        (
            GRANITE,
            "<think>a</think><response><response>x</response></response>",
            Split("a", "<response>x</response>", CLOSED),
        ),
        (THINKING, "<thinking>a</thinking>b", Split("a", "b", CLOSED)),
        (THINKING, "<thinking>a</think>b", Split("a", "b", CLOSED)),
        (
            APRIEL,
            "Here are my reasoning steps:\na\n[BEGIN FINAL RESPONSE]\nb\n[END FINAL RESPONSE]",
            Split("a\n", "b\n", CLOSED),
        ),
        (KIMI, "◁think▷a◁/think▷b", Split("a", "b", CLOSED)),
        (EXAONE, "<thought>\na</thought>\n\nb", Split("a", "b", CLOSED)),
        (None, "  <think>a</think>b", Split("", "  <think>a</think>b", NONE)),
    ],
)
def test_every_family_comes_apart_the_same_at_every_cut(
    tags: ThinkingTags | None, reply: str, expected: Split
) -> None:
    for pieces in ways_of_cutting(reply):
        assert split(pieces, tags) == expected, pieces


@pytest.mark.parametrize("tags", FAMILIES)
def test_a_thinking_that_is_cut_short_splits_like_one_that_ended(tags: ThinkingTags) -> None:
    closing = tags.close + tags.turn + tags.answer_open
    pieces = ["So far", "\n\nThat is enough, I answer now.\n", closing, "\n\n", "42"]
    assert split(pieces, tags, opened=True) == Split(
        "So far\n\nThat is enough, I answer now.\n", "42", CLOSED
    )


def test_a_thinking_that_may_not_even_start_is_skipped() -> None:
    assert split(["</think>\n\n", "42"], opened=True) == Split("", "42", SKIPPED)


def test_a_reply_that_goes_on_in_its_answer_stays_answer() -> None:
    assert split(["<think>a</think>The ans", "wer </think> is <think>4"]) == Split(
        "a", "The answer </think> is <think>4", CLOSED
    )


# ---- what streams, and when


def test_text_streams_at_once() -> None:
    assert fed("a") == [AnswerDelta("a", settled=False)]
    assert fed("a", " ") == [AnswerDelta(" ", settled=False)]
    assert fed("a", opened=True) == [ThinkingDelta("a")]
    assert fed("<think>", "a") == [ThinkingDelta("a")]
    assert fed("<think>", "a", "\n") == [ThinkingDelta("\n")]
    assert fed("<think>a</think>", "b") == [AnswerDelta("b")]
    assert fed(" ", tags=None) == [AnswerDelta(" ")]


def test_only_the_beginning_of_a_tag_waits() -> None:
    assert fed("<think>", "a <") == [ThinkingDelta("a ")]
    assert fed("<think>", "a <", "/t") == []
    assert fed("<think>", "a <", "/t", "</") == [ThinkingDelta("</t")]
    assert fed("<think>", "a <", "b") == [ThinkingDelta("<b")]


def test_white_space_waits_only_where_a_tag_could_drop_it() -> None:
    assert fed(" ") == []
    assert fed(" ", "a") == [AnswerDelta(" ", settled=False), AnswerDelta("a", settled=False)]
    assert fed("<think>", "\n") == []
    assert fed("<response>a</response>", "\n", tags=GRANITE) == []


def test_an_answer_is_unsettled_until_a_tag_came() -> None:
    assert fed("a <think>") == [AnswerDelta("a ", settled=False), AnswerDelta("<think>")]
    assert fed("a <think>", "b") == [AnswerDelta("b")]
    assert fed("a `</think>", "b") == [AnswerDelta("b", settled=False)]
    assert fed("<response>", "b", tags=GRANITE) == [AnswerDelta("b")]


def test_what_waited_for_the_end_of_the_reply_is_settled() -> None:
    splitter = ThinkingSplitter(THINK)
    splitter.feed("a <")
    assert splitter.finish() == [AnswerDelta("<")]


def test_a_late_closing_tag_says_that_the_answer_was_thinking() -> None:
    assert fed("a", "b</think>c") == [AnswerDelta("b", settled=False), AnswerWasThinking(), AnswerDelta("c")]


def test_nothing_is_said_of_an_answer_that_never_showed() -> None:
    assert fed("\n</think>c") == [AnswerDelta("c")]
    assert fed("<think>a</think>c") == [ThinkingDelta("a"), AnswerDelta("c")]


def test_the_totals_follow_the_stream() -> None:
    splitter = ThinkingSplitter(THINK)
    seen = []
    for piece in ("<think>", "a", "</think>", "b"):
        splitter.feed(piece)
        seen.append(Split(splitter.thinking, splitter.answer, splitter.state))
    assert seen == [
        Split("", "", RUNNING),
        Split("a", "", RUNNING),
        Split("a", "", CLOSED),
        Split("a", "b", CLOSED),
    ]


# ---- any text


@st.composite
def replies(draw: st.DrawFn) -> tuple[ThinkingTags, str]:
    """Text made of a family's tags, pieces of them, and what stands between them."""
    tags = draw(st.sampled_from(FAMILIES))
    words = [word for word in (tags.open, tags.close, tags.answer_open, tags.answer_close, tags.turn) if word]
    beginnings = [word[:n] for word in words for n in (1, len(word) // 2, len(word) - 1)]
    texts = ["0", "12", " ", "\n", "`", "```", '"', "</Think >", "é数👩‍💻", *words, *words, *beginnings]
    return tags, "".join(draw(st.lists(st.sampled_from(texts), max_size=12)))


@settings(deadline=None)
@given(replies(), st.booleans(), st.data())
def test_any_reply_comes_apart_the_same_at_any_cut(
    reply: tuple[ThinkingTags, str], opened: bool, data: st.DataObject
) -> None:
    tags, text = reply
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)))))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert split(pieces, tags, opened=opened) == split([text], tags, opened=opened)


@settings(deadline=None)
@given(replies(), st.booleans())
def test_only_tags_and_white_space_are_lost(reply: tuple[ThinkingTags, str], opened: bool) -> None:
    tags, text = reply
    parts = split([text], tags, opened=opened)
    kept = parts.thinking + parts.answer
    assert [char for char in kept if char in "012é数💻"] == [char for char in text if char in "012é数💻"]
    rest = iter(text)
    assert all(char in rest for char in kept)


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters="<[◁Hh")), st.sampled_from((*FAMILIES, None)), st.booleans())
def test_any_text_without_tags_stays_as_it_is(text: str, tags: ThinkingTags | None, opened: bool) -> None:
    parts = split(list(text), tags, opened=opened)
    if tags and opened:
        assert parts == Split(text.lstrip(), "", RUNNING)
    else:
        assert parts == Split("", text, NONE)


# ---- the work grows with the text alone

LONG = {
    "text": "a",
    "beginnings of a tag": "</think",
    "quoted tags": '"</think>',
    "tags in code": "``` ``` `</think>`",
    "closed wrappers": "</response>x",
    "white space": " \n",
}


@pytest.mark.parametrize("unit", LONG.values(), ids=LONG.keys())
@pytest.mark.parametrize("start", ["", "<think>", "<response>"])
def test_no_more_than_a_tag_is_ever_held_back(start: str, unit: str) -> None:
    splitter = ThinkingSplitter(GRANITE)
    splitter.feed(start + "a")
    behind = 0
    for char in unit * 300:
        shown = splitter.feed(char)
        behind += 1 - sum(len(delta.text) for delta in shown if not isinstance(delta, AnswerWasThinking))
        assert behind < len("< / thinking >")


@pytest.mark.parametrize("unit", LONG.values(), ids=LONG.keys())
@pytest.mark.parametrize("start", ["", "<think>", "<response>"])
def test_twice_the_text_is_at_most_twice_the_work(start: str, unit: str) -> None:
    short, long = (calls(start + unit * times) for times in (500, 1000))
    assert long <= 2 * short


def calls(text: str) -> int:
    """Function calls that it takes to split a text one character at a time."""
    count = 0

    def profile(frame: FrameType, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    splitter = ThinkingSplitter(GRANITE)
    sys.setprofile(profile)
    try:
        for char in text:
            splitter.feed(char)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("unit", LONG.values(), ids=LONG.keys())
def test_a_megabyte_in_one_piece_comes_apart_within_the_time_of_a_test(unit: str) -> None:
    text = "<response>0" + unit * (1_000_000 // len(unit)) + "0"
    assert split([text], GRANITE).answer == text.removeprefix("<response>")
    assert split([text.removeprefix("<response>")], GRANITE).state is NONE
