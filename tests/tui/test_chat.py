"""The chat over the real worker and the bundled model."""

from __future__ import annotations

from pathlib import Path

import psutil

from localr1.message import FinishReason, Message, Role
from localr1.tui.widgets.assistant_message import AssistantMessage
from localr1.tui.widgets.notice import ErrorNotice
from localr1.tui.widgets.thinking import Thinking
from localr1.tui.widgets.user_message import UserMessage
from tests.tui.chatting import ask, chat_of, opened, paths_of, real_app, send, shows, store, until

QUESTION = "What is 47 + 85?"


def saved(home: Path) -> list[Message]:
    """The messages of the newest chat on disk."""
    with store(home) as chats:
        chat = chats.latest()
        assert chat
        return chats.branch(chat.id)


def workers() -> list[psutil.Process]:
    """The processes that run; what an earlier test let end by itself, nobody has waited for."""
    return [each for each in psutil.Process().children() if each.status() != psutil.STATUS_ZOMBIE]


async def test_a_reply_shows_its_answer_and_folds_its_thinking(home: Path) -> None:
    app = real_app(home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, QUESTION)
        thinking = chat.query_one(Thinking)
        answer = chat.query_one(AssistantMessage).answer.text
        assert thinking.text
        assert not thinking.unfolded
        await shows(pilot, "Thought for")
        assert answer
        await shows(pilot, answer.splitlines()[0])


async def test_question_and_reply_are_in_the_store(home: Path) -> None:
    async with real_app(home).run_test() as pilot:
        chat = await ask(pilot, QUESTION)
        answer = chat.query_one(AssistantMessage).answer.text
    question, reply = saved(home)
    assert (question.role, question.text) == (Role.USER, QUESTION)
    assert (reply.text, reply.finish_reason) == (answer, FinishReason.STOP)


async def test_a_chat_goes_on_where_it_stood_with_its_thinking_folded(home: Path) -> None:
    async with real_app(home).run_test() as pilot:
        await ask(pilot, QUESTION)
    app = real_app(home, go_on=True)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        thinking = chat.query_one(Thinking)
        await shows(pilot, "Thought for")
        assert not thinking.unfolded
        await pilot.press("ctrl+t")
        await shows(pilot, thinking.text.split("\n")[0][:30])
        await ask(pilot, "What is 2 + 2?")
    assert [message.role for message in saved(home)] == [Role.USER, Role.ASSISTANT] * 2


async def test_a_killed_worker_is_started_again_with_the_next_question(home: Path) -> None:
    async with real_app(home).run_test() as pilot:
        chat = await ask(pilot, QUESTION)
        (worker,) = workers()
        worker.kill()
        await until(pilot, lambda: not worker.is_running())
        await ask(pilot, "What is 2 + 2?")
        assert len(chat.query(AssistantMessage)) == 2
        assert not chat.query(ErrorNotice)
    assert saved(home)[-1].finish_reason is FinishReason.STOP


async def test_a_missing_model_is_said_in_the_chat_which_stays_readable(home: Path) -> None:
    with store(home) as chats:
        old = chats.create(model="gone.gguf")
        chats.add_user_message(old.id, None, "Do you remember me?")
    app = real_app(home, chat_id=old.id)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await until(pilot, lambda: chat.query(ErrorNotice))
        await shows(pilot, "Do you remember me?")
        await shows(pilot, "gone.gguf")


async def test_a_question_sent_before_the_model_is_there_is_answered_then(home: Path) -> None:
    app = real_app(home)
    async with app.run_test() as pilot:
        await until(pilot, lambda: len(app.screen_stack) > 1)
        assert not chat_of(app).ready
        await send(pilot, QUESTION)
        await until(pilot, lambda: not chat_of(app).busy)
        assert chat_of(app).query_one(AssistantMessage).answer.text


async def test_no_worker_is_left_when_the_app_has_ended(home: Path) -> None:
    async with real_app(home).run_test() as pilot:
        await opened(pilot)
        assert workers()
    assert not workers()


async def test_the_model_column_of_the_status_line_says_how_full_the_context_is(home: Path) -> None:
    app = real_app(home)
    async with app.run_test(size=(100, 24)) as pilot:
        chat = await ask(pilot, QUESTION)
        message = saved(home)[-1]
        assert message.stats
        used = message.stats.prompt_tokens + message.stats.generated_tokens
        await shows(pilot, f" {round(100 * used / chat.status.context)} %")


async def test_earlier_questions_stand_above_later_ones(home: Path) -> None:
    async with real_app(home).run_test() as pilot:
        await ask(pilot, "What is 1 + 1?")
        chat = await ask(pilot, "What is 2 + 2?")
        first, second = chat.query(UserMessage)
        assert first.virtual_region.y < second.virtual_region.y


async def test_a_long_model_name_leaves_room_for_the_context(home: Path, nano: Path) -> None:
    models = paths_of(home).models
    models.mkdir(parents=True)
    (models / "a-very-long-name-of-a-model-that-somebody-gave.gguf").write_bytes(nano.read_bytes())
    app = real_app(home, model="a-very-long-name-of-a-model-that-somebody-gave")
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, QUESTION)
        used = chat.status.prompt_tokens + chat.status.reply_tokens
        await shows(pilot, f"a-very-long-n… · ▱▱▱▱▱▱▱▱ {round(100 * used / chat.status.context)} %")
