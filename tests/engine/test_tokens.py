"""Text → tokens → text, with the vocabularies of real models."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localr1.engine.reports import Piece
from localr1.engine.requests import ChatMessage
from localr1.engine.worker.bindings import llama
from localr1.engine.worker.model import Model
from localr1.engine.worker.pieces import PieceStream
from localr1.engine.worker.prompt import PromptBuilder
from localr1.engine.worker.template import ChatTemplate, TemplateFailedError
from localr1.engine.worker.vocabulary import Vocabulary
from tests.engine.conftest import open_model
from tests.gguf_template import with_template

CONTROLS = (
    *(
        "<think>",
        "</think>",
        "<｜User｜>",
        "<｜Assistant｜>",
        "<｜begin▁of▁sentence｜>",
        "<｜end▁of▁sentence｜>",
    ),
    *("<|im_start|>", "<|im_end|>", "<|endoftext|>", "</s>", "<s>", "<unk>"),
)


@pytest.fixture(params=["nano_model", "smollm2_model"])
def model(request: pytest.FixtureRequest) -> Model:
    """Each of the two real models."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Model)
    return found


def special_tokens(model: Model, tokens: list[int]) -> list[int]:
    """Those tokens that no written text may become."""
    handle = llama.llama_model_get_vocab(model._handle)
    special = llama.LLAMA_TOKEN_ATTR_CONTROL | llama.LLAMA_TOKEN_ATTR_USER_DEFINED
    return [token for token in tokens if llama.llama_vocab_get_attr(handle, token) & special]


def prompt(model: Model, *contents: str) -> list[int]:
    """Tokens of a conversation in which user and assistant take turns."""
    roles = ("user", "assistant")
    messages = [ChatMessage(roles[index % 2], content) for index, content in enumerate(contents)]
    return model.prompts.tokens(messages, "")


def text_of(vocabulary: Vocabulary, tokens: list[int]) -> str:
    return b"".join(map(vocabulary.piece, tokens)).decode()


@pytest.mark.parametrize(
    "written", [*CONTROLS, *("".join(CONTROLS), "<<think>think>", "a</think>\n\n<think>b")]
)
def test_names_of_control_tokens_stay_text_when_a_user_writes_them(model: Model, written: str) -> None:
    harmless = prompt(model, "x")
    tokens = prompt(model, f"x{written}x")
    assert special_tokens(model, tokens) == special_tokens(model, harmless)
    assert f"x{written}x" in text_of(model.vocabulary, tokens)


def test_names_of_control_tokens_stay_text_in_earlier_answers_too(model: Model) -> None:
    harmless = prompt(model, "x", "y", "z")
    tokens = prompt(model, "x", "it writes <think> and <|im_end|> first", "z")
    assert special_tokens(model, tokens) == special_tokens(model, harmless)
    assert "it writes <think> and <|im_end|> first" in text_of(model.vocabulary, tokens)


@given(st.lists(st.sampled_from([*CONTROLS, "<", ">", "<|", "|>", "｜", "think", "x", " "]), max_size=12))
def test_no_row_of_tags_and_halves_of_tags_makes_a_control_token(nano_model: Model, parts: list[str]) -> None:
    written = "".join(parts)
    tokens = prompt(nano_model, f"x{written}x")
    assert special_tokens(nano_model, tokens) == special_tokens(nano_model, prompt(nano_model, "x"))
    assert f"x{written}x" in text_of(nano_model.vocabulary, tokens)


def test_the_template_itself_writes_control_tokens(nano_model: Model) -> None:
    names = [nano_model.vocabulary.piece(token).decode() for token in prompt(nano_model, "x")]
    assert names[0] == "<｜begin▁of▁sentence｜>"
    assert names[-4:-1] == ["x", "<｜Assistant｜>", "<think>"]


def test_a_prompt_begins_with_exactly_one_bos(nano_model: Model) -> None:
    assert prompt(nano_model, "x", "y", "z").count(nano_model.vocabulary.bos or -1) == 1


@pytest.mark.parametrize("bos", ["", "{{ bos_token }}"])
def test_there_is_one_bos_whether_or_not_the_template_writes_it(nano_model: Model, bos: str) -> None:
    vocabulary = nano_model.vocabulary
    template = ChatTemplate(
        f"{bos}{{{{ messages[0].content }}}}", bos=vocabulary.bos_text, eos=vocabulary.eos_text
    )
    tokens = PromptBuilder(vocabulary, template).tokens([ChatMessage("user", "x")], "")
    assert tokens == [vocabulary.bos, *vocabulary.tokenize("x", special=False)]


def test_a_model_that_wants_no_bos_gets_none(smollm2_model: Model) -> None:
    vocabulary = smollm2_model.vocabulary
    template = ChatTemplate("{{ messages[0].content }}", bos="", eos="")
    tokens = PromptBuilder(vocabulary, template).tokens([ChatMessage("user", "Hello")], "")
    assert tokens == vocabulary.tokenize("Hello", special=False)


def test_a_template_that_writes_nothing_is_refused(nano_model: Model) -> None:
    builder = PromptBuilder(nano_model.vocabulary, ChatTemplate("", bos="", eos=""))
    with pytest.raises(TemplateFailedError, match="writes nothing"):
        builder.tokens([ChatMessage("user", "x")], "")


def test_a_template_that_alters_what_is_said_gets_no_more_than_altered_text(nano_model: Model) -> None:
    vocabulary = nano_model.vocabulary
    source = "{{ messages[0].content | replace(':0', ':9') }}"
    builder = PromptBuilder(vocabulary, ChatTemplate(source, bos="", eos=""))
    tokens = builder.tokens([ChatMessage("user", "x<think>y")], "")
    assert special_tokens(nano_model, tokens[1:]) == []
    assert text_of(vocabulary, tokens[1:]).endswith("y")


def test_the_generation_prompt_is_what_makes_the_model_speak(nano_model: Model, smollm2_model: Model) -> None:
    assert nano_model.prompts.generation_prompt() == "<｜Assistant｜><think>\n"
    assert smollm2_model.prompts.generation_prompt() == "<|im_start|>assistant\n"


@pytest.mark.parametrize(
    "text",
    [
        " " * 64,
        "-" * 64,
        "\n" * 64,
        "=" * 200,
        "👩‍👩‍👧‍👦 und 𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
        "日本語",
        "a\x00b",
        "\x1b[31m",
        "\ue000",
        "",
    ],
)
def test_text_comes_back_byte_by_byte(model: Model, text: str) -> None:
    assert text_of(model.vocabulary, model.vocabulary.tokenize(text, special=False)) == text


@given(st.text())
def test_any_text_comes_back_byte_by_byte(nano_model: Model, text: str) -> None:
    vocabulary = nano_model.vocabulary
    assert text_of(vocabulary, vocabulary.tokenize(text, special=False)) == text


def test_a_token_longer_than_the_buffer_comes_whole(smollm2_model: Model) -> None:
    vocabulary = Vocabulary(llama.llama_model_get_vocab(smollm2_model._handle))
    vocabulary._buffer = ctypes.create_string_buffer(1)
    assert vocabulary.piece(smollm2_model.vocabulary.tokenize(" capital", special=False)[0]) == b" capital"


def pieces_of(model: Model, tokens: list[int]) -> Iterator[str]:
    sent: list[Piece] = []
    stream = PieceStream(1, sent.append)
    for token in tokens:
        stream.add(model.vocabulary.piece(token))
    stream.close()
    return (piece.text for piece in sent)


def test_an_emoji_that_spans_tokens_is_never_torn(nano_model: Model) -> None:
    tokens = nano_model.vocabulary.tokenize("a👩‍👧é", special=False)
    assert len(tokens) > 10  # one a byte
    pieces = list(pieces_of(nano_model, tokens))
    assert "".join(pieces) == "a👩‍👧é"
    assert "�" not in "".join(pieces)


def test_control_tokens_of_a_reply_are_shown_by_their_names(nano_model: Model) -> None:
    tokens = nano_model.vocabulary.tokenize("</think>", special=True)
    assert len(tokens) == 1
    assert list(pieces_of(nano_model, tokens)) == ["</think>"]


def test_weights_are_freed_when_the_template_fails(
    nano: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    freed: list[object] = []
    free = llama.llama_model_free

    def note_and_free(handle: object) -> None:
        freed.append(handle)
        free(handle)

    monkeypatch.setattr(llama, "llama_model_free", note_and_free)
    with pytest.raises(TemplateFailedError):
        open_model(with_template(nano, tmp_path / "broken.gguf", "{% for"))
    assert len(freed) == 1
