"""Which tags a model thinks in, and how its replies start.

Nothing in a GGUF names them: they are told from what its chat template contains, one row a family.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ThinkingTags:
    """The words that stand around a model's thinking and around its answer."""

    open: str
    close: str
    answer_open: str = ""
    """Wraps the answer, together with `answer_close`, in the families that do so."""
    answer_close: str = ""
    turn: str = ""
    """Header of the message that follows the thinking, where the thinking is a message of its own."""


@dataclass(frozen=True, slots=True)
class Family:
    """How the models of a family think."""

    name: str
    tags: ThinkingTags | None
    """None for models that don't think."""
    opened: bool
    """A reply starts inside the thinking: its opening tag is the end of the prompt, `prefill` included."""
    prefill: str
    """What has to follow the template's generation prompt to make the model think."""
    skip: str
    """What, after the generation prompt and `prefill`, skips the thinking; empty where no way is known."""
    opening: str = ""
    """What opens a thinking that the prompt does not open."""
    end: str = ""
    """What ends a thinking and begins the answer; empty for models that don't think, or are kept from it."""
    takes_system: bool = True
    """False where the makers advise against system messages."""

    @property
    def thinks(self) -> bool:
        """Whether there is a thinking that can be steered."""
        return bool(self.end)


PLAIN = Family("plain", tags=None, opened=False, prefill="", skip="")


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    marks: tuple[str, ...]
    """The template contains all of them."""
    tags: ThinkingTags
    empty: str = ""
    """A thinking without content, as the family writes it."""
    prefill: str = ""
    architecture: str = ""
    """Empty for any."""
    takes_system: bool = True

    @property
    def opening(self) -> str:
        """What stands before a thinking, on a line of its own where the family writes it so."""
        before = self.empty.partition(self.tags.close)[0] or f"{self.tags.open}\n"
        return self.tags.open + "\n" if before.endswith("\n") else before

    @property
    def end(self) -> str:
        """What stands after a thinking, as in one without content."""
        if self.empty:
            return self.empty[self.empty.index(self.tags.close) :]
        return f"{self.tags.close}\n\n{self.tags.answer_open}"

    def describes(self, template: str, architecture: str) -> bool:
        return self.architecture in ("", architecture) and all(mark in template for mark in self.marks)


_THINK = ThinkingTags("<think>", "</think>")
_EMPTY = "<think>\n\n</think>\n\n"
_KIMI = ThinkingTags("◁think▷", "◁/think▷")

_ROWS = (
    _Row(
        "gpt-oss",
        ("<|channel|>analysis<|message|>",),
        ThinkingTags(
            "<|channel|>analysis<|message|>",
            "<|end|>",
            answer_open="<|channel|>final<|message|>",
            turn="<|start|>assistant",
        ),
        empty="<|channel|>analysis<|message|><|end|><|start|>assistant<|channel|>final<|message|>",
    ),
    _Row(
        "gemma4",
        ("<|channel>", "<channel|>"),
        ThinkingTags("<|channel>thought", "<channel|>"),
        empty="<|channel>thought\n<channel|>",
    ),
    _Row("seed-oss", ("<seed:think>",), ThinkingTags("<seed:think>", "</seed:think>")),
    _Row("magistral", ("[THINK]",), ThinkingTags("[THINK]", "[/THINK]"), empty="[THINK][/THINK]"),
    _Row(
        "cohere",
        ("<|START_THINKING|>",),
        ThinkingTags("<|START_THINKING|>", "<|END_THINKING|>", "<|START_RESPONSE|>", "<|END_RESPONSE|>"),
        empty="<|START_THINKING|><|END_THINKING|>",
    ),
    _Row(
        "openthinker",
        ("<|begin_of_thought|>",),
        ThinkingTags(
            "<|begin_of_thought|>", "<|end_of_thought|>", "<|begin_of_solution|>", "<|end_of_solution|>"
        ),
    ),
    _Row(
        "granite",
        ("</think>", "</response>"),
        ThinkingTags("<think>", "</think>", "<response>", "</response>"),
    ),
    _Row("kimi-vl", ("◁think▷",), _KIMI),
    _Row("exaone", ("<thought>",), ThinkingTags("<thought>", "</thought>")),
    _Row(
        "apriel",
        ("[BEGIN FINAL RESPONSE]",),
        ThinkingTags(
            "Here are my reasoning steps:", "[BEGIN FINAL RESPONSE]", answer_close="[END FINAL RESPONSE]"
        ),
        empty="Here are my reasoning steps:\n\n[BEGIN FINAL RESPONSE]\n",
    ),
    _Row("thinking", ("<thinking>",), ThinkingTags("<thinking>", "</thinking>")),
    _Row("deepseek-r1-0528", ("<｜Assistant｜>", "think>"), _THINK, empty=_EMPTY, architecture="qwen3"),
    _Row(
        "deepseek-r1",
        ("<｜Assistant｜>", "think>"),
        _THINK,
        empty=_EMPTY,
        prefill="<think>\n",
        takes_system=False,
    ),
    _Row("smollm3", ("Reasoning Mode", "think>"), _THINK, empty="<think>\n\n</think>\n"),
    _Row("qwen3", ("<|im_start|>", "enable_thinking", "think>"), _THINK, empty=_EMPTY),
    _Row("phi-4-mini-reasoning", ("Phi, an AI math expert",), _THINK, empty=_EMPTY),
    _Row("think", ("think>",), _THINK, empty=_EMPTY),
    _Row("kimi-vl", ("<|im_middle|>", "<|media_pad|>"), _KIMI),
)
"""The first row that describes a model is its family; `think` is for the tag in any other template."""


def family_of(template: str, generation_prompt: str, architecture: str, known: str = "") -> Family:
    """The family, from the Jinja template, what that puts after a conversation, and the architecture.

    Some templates name no tag although the model thinks: then the family that it is `known` to be of counts.
    """
    described = (row for row in _ROWS if row.describes(template, architecture))
    named = (row for row in _ROWS if row.name == known)
    row = next(described, None) or next(named, None)
    return _family(row, generation_prompt) if row else PLAIN


def _family(row: _Row, generation_prompt: str) -> Family:
    ending = generation_prompt.rstrip()
    if ending.endswith(row.tags.close):
        return Family(row.name, row.tags, opened=False, prefill="", skip="", takes_system=row.takes_system)
    if ending.endswith(row.tags.open):
        opening, prefill = generation_prompt[ending.rindex(row.tags.open) :], ""
    else:
        opening = prefill = row.prefill
    skip = row.empty.removeprefix(opening)
    return Family(
        row.name,
        row.tags,
        opened=bool(opening),
        prefill=prefill,
        skip=skip,
        opening="" if opening else row.opening,
        end=row.end,
        takes_system=row.takes_system,
    )
