"""A turn over a scripted engine: what shows while it runs, and how it ends."""

from __future__ import annotations

from pathlib import Path

from textual.app import App

from localr1.chat.events import AnswerDelta, AnswerWasThinking, ThinkingDelta
from localr1.errors import EngineError
from localr1.message import FinishReason
from localr1.tui.screens.chats import ChatsScreen
from localr1.tui.widgets.assistant_message import AssistantMessage
from localr1.tui.widgets.conversation import Conversation
from localr1.tui.widgets.notice import ErrorNotice, Note
from localr1.tui.widgets.thinking import Thinking
from localr1.tui.widgets.user_message import UserMessage
from tests.fakes import ScriptedEngine
from tests.tui.chatting import (
    ANSWER,
    THINKING,
    Clock,
    ask,
    chat_of,
    opened,
    pieces,
    screen_text,
    scripted_app,
    send,
    shows,
    store,
    until,
)

LONG = "\n\n".join(f"Paragraph {number}." for number in range(60))


async def test_thinking_is_open_and_counts_while_it_runs(home: Path) -> None:
    clock = Clock()
    app = scripted_app(ScriptedEngine(*pieces(), hold=8), home, clock=clock)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, "What is 47 + 85?")
        await until(pilot, lambda: chat.status.state == "thinking")
        clock.now += 12.4
        await shows(pilot, "Thinking… 12 s · 8 tokens")
        await shows(pilot, "The ones: 7 + 5")


async def test_thinking_with_a_budget_says_how_long_it_goes_on_at_most() -> None:
    app, clock = App[None](), Clock()
    async with app.run_test(size=(80, 24)) as pilot:
        reply = AssistantMessage(clock=clock)
        reply.thinking.budget = 2_048
        await app.screen.mount(reply)
        await reply.show(ThinkingDelta("Let me ", tokens=1))
        await shows(pilot, "Thinking… 0 s · 1 of 2,048 tokens")
        clock.now += 12
        await reply.show(ThinkingDelta("see", tokens=340))
        await shows(pilot, "Thinking… 12 s · 340 of 2,048 tokens · 1 min left")


async def test_thinking_folds_when_the_answer_starts(home: Path) -> None:
    engine = ScriptedEngine(*pieces(), hold=len(THINKING.split(" ")) + 3)
    app = scripted_app(engine, home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, "What is 47 + 85?")
        await until(pilot, lambda: chat.status.state == "answering")
        assert chat.busy
        await shows(pilot, "▸ Thought for")
        assert "The ones" not in screen_text(app)


async def test_thinking_that_the_reader_has_touched_stays_as_it_is(home: Path) -> None:
    engine = ScriptedEngine(*pieces(), hold=4)
    app = scripted_app(engine, home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, "What is 47 + 85?")
        await until(pilot, lambda: chat.status.state == "thinking")
        await pilot.press("ctrl+t", "ctrl+t")
        engine.released.set()
        await until(pilot, lambda: not chat.busy)
        assert chat.query_one(Thinking).unfolded
        await shows(pilot, "The tens: 4 + 8 + 1 = 13.")


async def test_a_click_on_its_line_opens_thinking(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces()), home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, "What is 47 + 85?")
        assert not chat.query_one(Thinking).unfolded
        await pilot.click("ThinkingHeader")
        await shows(pilot, "The tens")


async def test_all_thinking_opens_and_folds_together(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces()), home)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, "What is 47 + 85?")
        chat = await ask(pilot, "Once more?")
        await pilot.press("ctrl+t", "alt+t")
        assert [block.unfolded for block in chat.query(Thinking)] == [True, True]
        await pilot.press("alt+t")
        assert [block.unfolded for block in chat.query(Thinking)] == [False, False]


async def test_thinking_with_nothing_in_it_is_called_skipped(home: Path) -> None:
    app = scripted_app(ScriptedEngine("\n", "</think>", "\n\n", "Hi."), home)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, "Hello?")
        await shows(pilot, "Skipped thinking")


async def test_escape_stops_a_reply_and_keeps_what_came(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces(), hold=5), home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, "What is 47 + 85?")
        await until(pilot, lambda: chat.status.state == "thinking")
        await pilot.press("escape")
        await until(pilot, lambda: not chat.busy)
        await shows(pilot, "stopped")
        await shows(pilot, "unfinished")
        assert chat.status.state == ""
    with store(home) as chats:
        reply = chats.branch(1)[-1]
    assert reply.finish_reason is FinishReason.CANCELLED
    assert reply.thinking.startswith("The ones:")


async def test_an_engine_that_dies_leaves_what_came_and_says_why(home: Path) -> None:
    error = EngineError("The engine died (SIGKILL) while answering.", hint="Try a smaller model.")
    app = scripted_app(ScriptedEngine("Let ", "me ", "see", error=error), home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await ask(pilot, "What is 47 + 85?")
        await shows(pilot, "The engine died (SIGKILL)")
        await shows(pilot, "Try a smaller model.")
        assert chat.query_one(Thinking).text == "Let me see"
        assert chat.prompt.text == ""
    with store(home) as chats:
        assert chats.branch(1)[-1].finish_reason is FinishReason.INTERRUPTED


async def test_a_question_that_got_nothing_comes_back_to_the_prompt(home: Path) -> None:
    app = scripted_app(ScriptedEngine(error=EngineError("The engine died.")), home)
    async with app.run_test() as pilot:
        chat = await ask(pilot, "What is 47 + 85?")
        assert chat.query_one(ErrorNotice)
        assert not chat.query(AssistantMessage)
        assert chat.prompt.text == "What is 47 + 85?"


async def test_the_engine_is_asked_with_what_was_said_before(home: Path) -> None:
    engine = ScriptedEngine(*pieces())
    async with scripted_app(engine, home).run_test() as pilot:
        await ask(pilot, "What is 47 + 85?")
        await ask(pilot, "Now add 5.")
    assert [message.content.strip() for message in engine.asked[-1]] == [
        "What is 47 + 85?",
        ANSWER,
        "Now add 5.",
    ]


async def test_a_second_question_waits_in_the_prompt_while_a_reply_runs(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces(), hold=3), home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, "First?")
        await until(pilot, lambda: chat.status.state == "thinking")
        await send(pilot, "Second?")
        await shows(pilot, "Still answering")
        assert chat.prompt.text == "Second?"
        assert len(chat.query(UserMessage)) == 1


async def test_quitting_in_the_middle_of_a_reply_saves_what_came(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces(), hold=5), home)
    async with app.run_test() as pilot:
        chat = await opened(pilot)
        await send(pilot, "What is 47 + 85?")
        await until(pilot, lambda: chat.status.state == "thinking")
        await pilot.press("ctrl+q")
    with store(home) as chats:
        reply = chats.branch(1)[-1]
    assert reply.finish_reason is FinishReason.INTERRUPTED
    assert reply.thinking.startswith("The ones:")


async def test_ctrl_c_stops_the_reply_and_twice_quits(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces(), hold=5), home)
    async with app.run_test() as pilot:
        chat = await opened(pilot)
        await send(pilot, "What is 47 + 85?")
        await until(pilot, lambda: chat.status.state == "thinking")
        await pilot.press("ctrl+c")
        await until(pilot, lambda: not chat.busy)
        assert app.is_running
        await pilot.press("ctrl+c")
        await until(pilot, lambda: not app.is_running)
    with store(home) as chats:
        assert chats.branch(1)[-1].finish_reason is FinishReason.CANCELLED


async def test_ctrl_c_clears_the_prompt_and_long_after_it_does_so_again(home: Path) -> None:
    clock = Clock()
    app = scripted_app(ScriptedEngine(), home, clock=clock)
    async with app.run_test() as pilot:
        chat = await opened(pilot)
        chat.prompt.insert("half a thought")
        await pilot.press("ctrl+c")
        assert chat.prompt.text == ""
        clock.now += 60
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert app.is_running


async def test_older_messages_that_no_longer_fit_are_named(home: Path) -> None:
    engine = ScriptedEngine(*pieces(), longest_request=3)
    app = scripted_app(engine, home)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, "One?")
        await ask(pilot, "Two?")
        chat = await ask(pilot, "Three?")
        (note,) = chat.query(Note)
        await shows(pilot, "older messages no longer fit and were left out")
        assert note.virtual_region.y < list(chat.query(AssistantMessage))[-1].virtual_region.y


async def test_the_conversation_follows_the_end(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces(answer=LONG)), home)
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, "Something long?")
        await shows(pilot, "Paragraph 59.")


async def test_the_conversation_stays_where_the_reader_has_scrolled(home: Path) -> None:
    engine = ScriptedEngine(*pieces(answer=LONG), hold=100)
    app = scripted_app(engine, home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, "Something long?")
        conversation = chat.query_one(Conversation)
        await until(pilot, lambda: conversation.max_scroll_y > 10)
        await pilot.press("ctrl+home")
        await until(pilot, lambda: conversation.scroll_y == 0)
        engine.released.set()
        await until(pilot, lambda: not chat.busy)
        assert conversation.scroll_y == 0
        await pilot.press("ctrl+end")
        await shows(pilot, "Paragraph 59.")


async def test_a_new_chat_begins_empty_and_stops_the_reply(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces(), hold=5), home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        await send(pilot, "What is 47 + 85?")
        await until(pilot, lambda: chat.status.state == "thinking")
        await pilot.press("ctrl+n")
        await until(pilot, lambda: not chat.busy and chat.ready)
        assert not chat.query(UserMessage)
        await shows(pilot, "Everything stays on this machine.")
    with store(home) as chats:
        assert chats.branch(1)[-1].finish_reason is FinishReason.CANCELLED


async def test_a_failed_question_is_asked_once_more_beside_itself(home: Path) -> None:
    engine = ScriptedEngine(error=EngineError("The engine died."))
    app = scripted_app(engine, home)
    async with app.run_test() as pilot:
        chat = await ask(pilot, "What is 47 + 85?")
        engine.error, engine.pieces = None, pieces()
        await pilot.press("enter")
        await until(pilot, lambda: chat.query(AssistantMessage) and not chat.busy)
        assert chat_of(app).query_one(AssistantMessage).answer.text.strip() == ANSWER


async def test_what_turns_out_to_be_thinking_moves_out_of_the_answer() -> None:
    app = App[None]()
    async with app.run_test(size=(80, 24)) as pilot:
        reply = AssistantMessage()
        await app.screen.mount(reply)
        await reply.show(AnswerDelta("Let me add them.", settled=False, tokens=5))
        await shows(pilot, "Let me add them.")
        await reply.show(AnswerWasThinking())
        await reply.show(AnswerDelta("132", tokens=7))
        await shows(pilot, "132")
        assert reply.thinking.text == "Let me add them."
        assert "Let me add them." not in screen_text(app)


async def test_a_chat_that_does_not_exist_is_said(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces()), home, chat_id=99)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await shows(pilot, "There is no chat 99")
        chat = await ask(pilot, "Then a new one?")
        assert chat.query_one(AssistantMessage).answer.text.strip() == ANSWER


async def test_ctrl_c_over_a_list_leaves_the_prompt_alone_and_twice_quits(home: Path) -> None:
    app = scripted_app(ScriptedEngine(), home)
    async with app.run_test() as pilot:
        chat = await opened(pilot)
        chat.prompt.insert("half a thought")
        await pilot.press("ctrl+o")
        await until(pilot, lambda: isinstance(app.screen, ChatsScreen))
        await pilot.press("ctrl+c")
        assert chat.prompt.text == "half a thought"
        assert app.is_running
        await pilot.press("ctrl+c")
        await until(pilot, lambda: not app.is_running)


async def test_escape_stops_the_loading_of_a_model_and_the_question_comes_back(home: Path) -> None:
    engine = ScriptedEngine(*pieces(), hold_load=True)
    app = scripted_app(engine, home)
    async with app.run_test(size=(80, 24)) as pilot:
        await shows(pilot, "loading")
        chat = chat_of(app)
        await send(pilot, "What is 47 + 85?")
        await until(pilot, lambda: chat.query(AssistantMessage))
        await pilot.press("escape")
        await until(pilot, lambda: not chat.busy and chat.ready)
        await shows(pilot, "was stopped")
        assert chat.prompt.text == "What is 47 + 85?"
        engine.hold_load = False
        await pilot.press("enter")
        await until(pilot, lambda: chat.query(AssistantMessage) and not chat.busy)
        assert chat.query_one(AssistantMessage).answer.text.strip() == ANSWER
        await shows(pilot, "nano · Q8_0 · ▱▱▱▱▱▱▱▱ 1 %")


async def test_a_question_that_has_to_wait_for_its_model_says_how_much_of_it_is_loaded(home: Path) -> None:
    engine = ScriptedEngine(*pieces())
    app = scripted_app(engine, home)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await opened(pilot)
        engine.hold_load, engine.load_share = True, 0.4
        await send(pilot, "What is 47 + 85?")
        await shows(pilot, "loading 40 %")
        engine.load_share = None
        await pilot.press("escape")
        await until(pilot, lambda: not chat.busy)


async def test_the_next_turn_is_prepared_while_the_user_reads(home: Path) -> None:
    engine = ScriptedEngine(*pieces())
    app = scripted_app(engine, home)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await ask(pilot, "What is 47 + 85?")
        await until(pilot, lambda: bool(engine.prepared))
        assert [message.content for message in engine.prepared[0]] == ["What is 47 + 85?", f"{ANSWER} "]


async def test_a_chat_that_was_opened_is_prepared_once_its_user_begins_to_write(home: Path) -> None:
    app = scripted_app(ScriptedEngine(*pieces()), home)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await ask(pilot, "What is 47 + 85?")
    engine = ScriptedEngine(*pieces())
    app = scripted_app(engine, home, chat_id=1)
    async with app.run_test(size=(110, 24)) as pilot:
        await shows(pilot, "2 threads")
        await shows(pilot, "What is 47 + 85?")
        assert engine.prepared == []
        await pilot.press(*"And now")
        await until(pilot, lambda: bool(engine.prepared))
        await pilot.press(*" add 5")
        assert [[message.content for message in messages] for messages in engine.prepared] == [
            ["What is 47 + 85?", f"{ANSWER} "]
        ]
