"""What stands in a prompt: a command, or a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localr1.commands import COMMANDS
from localr1.errors import UsageError
from localr1.slash import Call, by_name, chat_number, find, numbered, read, written

EVERYTHING = by_name([command.slash for command in COMMANDS if command.slash])


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("/help", Call("help")),
        ("/Help  ", Call("help")),
        ("/model  qwen-7b ", Call("model", "qwen-7b")),
        ("/rename two words", Call("rename", "two words")),
        ("/edit first\nsecond", Call("edit", "first\nsecond")),
        ("/nonsense", Call("nonsense")),
    ],
)
def test_a_name_after_a_slash_is_a_call(text: str, call: Call) -> None:
    assert read(text) == call


@pytest.mark.parametrize(
    "text",
    ["Hello", "/etc/passwd is what?", "/", "/ 2", "/2", "/?", "// a comment", "//a/b", "a /help", "/usr/bin"],
)
def test_a_path_a_comment_and_a_bare_slash_are_text(text: str) -> None:
    assert read(text) == text


def test_one_more_slash_makes_a_call_a_text() -> None:
    assert read("//help me") == "/help me"
    assert read("//tmp is what?") == "/tmp is what?"


@given(st.text(alphabet="/ax \n") | st.text())
def test_every_text_can_be_written_so_that_it_is_sent(text: str) -> None:
    assert read(written(text)) == text


@pytest.mark.parametrize(
    ("name", "meant"), [("retyr", "/retry"), ("ren", "/rename"), ("quti", "/quit"), ("modell", "/model")]
)
def test_an_unknown_command_names_the_nearest_and_how_to_send_it(name: str, meant: str) -> None:
    with pytest.raises(UsageError, match=f"Did you mean {meant}\\?") as caught:
        find(Call(name), EVERYTHING)
    assert f"//{name}" in caught.value.hint


@pytest.mark.parametrize("given", ["1", "1 Q?", "65 Q?", "05", "५", "9.5", "-9", "Q?", "Q? 9"])
def test_a_vote_of_a_number_that_can_not_be_is_refused_with_the_range(given: str) -> None:
    with pytest.raises(UsageError, match=r"/votes N \[TEXT\] takes a number from 2 to 64\."):
        find(Call("votes", given), EVERYTHING)


@pytest.mark.parametrize("given", ["2", "64 Q?", "9\nQ?"])
def test_a_number_may_be_followed_by_a_text(given: str) -> None:
    assert find(Call("vote", given), EVERYTHING).slash == "votes"


def test_what_follows_a_number_is_told_from_it_as_it_is_written() -> None:
    assert numbered("9") == (9, "")
    assert numbered("9 first\n  second ") == (9, "first\n  second ")
    assert numbered("9\nfirst") == (9, "first")


def test_nothing_is_suggested_for_what_is_like_no_command() -> None:
    with pytest.raises(UsageError) as caught:
        find(Call("zzz"), EVERYTHING)
    assert caught.value.message == "There is no command /zzz."


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (Call("retry", "now"), "stands alone"),
        (Call("open"), "/open NUMBER"),
        (Call("copy", "everything"), "answer, code, thinking, chat"),
    ],
)
def test_what_does_not_go_with_a_command_is_said(call: Call, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        find(call, EVERYTHING)


def test_a_command_is_known_by_its_other_names() -> None:
    assert find(Call("exit"), EVERYTHING) is find(Call("quit"), EVERYTHING)


@pytest.mark.parametrize("text", ["", "one", "-1", "1.5", "²", "9" * 30])
def test_what_is_no_number_names_no_chat(text: str) -> None:
    with pytest.raises(UsageError):
        chat_number(text)
    assert chat_number("12") == 12
