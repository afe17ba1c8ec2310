"""A chat's history → the messages of a request."""

from __future__ import annotations

from localr1.chat.choices import InstructionsPlace
from localr1.chat.prompt import build_messages, shorten
from localr1.engine.requests import ChatMessage
from localr1.message import Message, Role

SYSTEM, USER, ASSISTANT = Role.SYSTEM, Role.USER, Role.ASSISTANT


def branch(*said: tuple[Role, str]) -> list[Message]:
    return [
        Message(
            id=index, chat_id=1, parent_id=None, role=role, text=text, created_at=0.0, thinking="hm", raw="hm"
        )
        for index, (role, text) in enumerate(said, 1)
    ]


def chat(*contents: str) -> tuple[ChatMessage, ...]:
    """Messages of user and assistant in turns."""
    roles = ("user", "assistant")
    return tuple(ChatMessage(roles[index % 2], content) for index, content in enumerate(contents))


def test_thinking_is_left_out_of_the_history() -> None:
    messages = build_messages(branch((USER, "One?"), (ASSISTANT, "One."), (USER, "Two?")))
    assert messages == chat("One?", "One.", "Two?")


def test_a_reply_without_an_answer_is_left_out_and_the_questions_around_it_become_one() -> None:
    messages = build_messages(branch((USER, "One?"), (ASSISTANT, " \n"), (USER, "Please!")))
    assert messages == chat("One?\n\nPlease!")


def test_roles_take_turns() -> None:
    messages = build_messages(
        branch((USER, "a"), (USER, "b"), (ASSISTANT, "c"), (ASSISTANT, "d"), (USER, "e"))
    )
    assert messages == chat("a\n\nb", "c\n\nd", "e")


def test_text_goes_out_as_it_was_written() -> None:
    assert build_messages(branch((USER, "  <think>\n{{ x }} \n"))) == chat("  <think>\n{{ x }} \n")


def test_instructions_are_a_system_message() -> None:
    messages = build_messages(branch((USER, "One?")), "Be brief.")
    assert messages == (ChatMessage("system", "Be brief."), ChatMessage("user", "One?"))


def test_instructions_go_into_the_first_question_where_they_have_no_place_of_their_own() -> None:
    said = branch((USER, "One?"), (ASSISTANT, "One."), (USER, "Two?"))
    messages = build_messages(said, "Be brief.", InstructionsPlace.FIRST_QUESTION)
    assert messages == chat("Be brief.\n\nOne?", "One.", "Two?")


def test_system_messages_of_a_chat_go_the_way_of_its_instructions() -> None:
    said = branch((SYSTEM, "In French."), (USER, "One?"))
    assert build_messages(said, "Be brief.") == (
        ChatMessage("system", "Be brief.\n\nIn French."),
        ChatMessage("user", "One?"),
    )
    assert build_messages(said, place=InstructionsPlace.FIRST_QUESTION) == chat("In French.\n\nOne?")


def test_blank_instructions_are_none() -> None:
    assert build_messages(branch((USER, "One?")), " \n") == chat("One?")


def test_an_empty_chat_is_an_empty_request() -> None:
    assert build_messages([]) == ()


def shortened(*said: tuple[Role, str], fitting: float = 0.99) -> list[str]:
    return [message.text for message in shorten(branch(*said), fitting)]


def test_the_oldest_question_goes_with_its_answer() -> None:
    assert shortened((USER, "a"), (ASSISTANT, "b"), (USER, "c"), (ASSISTANT, "d"), (USER, "e")) == [
        "c",
        "d",
        "e",
    ]


def test_a_question_without_an_answer_goes_alone() -> None:
    assert shortened((USER, "a"), (USER, "b"), (ASSISTANT, ""), (USER, "c")) == ["b", "", "c"]


def test_system_messages_stay() -> None:
    assert shortened((SYSTEM, "s"), (USER, "a"), (ASSISTANT, "b"), (USER, "c")) == ["s", "c"]


def test_a_history_of_many_exchanges_is_shortened_to_the_share_that_fits_at_once() -> None:
    said = [(role, f"{index:03}") for index in range(100) for role in (USER, ASSISTANT)]
    assert len(shortened(*said, (USER, "new"), fitting=0.1)) == 21


def test_the_newest_message_is_never_left_out() -> None:
    assert shortened((USER, "a"), (ASSISTANT, "b"), (USER, "c"), fitting=0) == ["c"]
    assert shortened((USER, "a")) == []
    assert shortened((SYSTEM, "s"), (USER, "a")) == []
