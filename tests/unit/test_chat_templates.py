from __future__ import annotations

import pytest

from localr1.chat.families import family_of
from localr1.chat_templates import ADVICE, NAMES, template_named
from localr1.engine.requests import ChatMessage
from localr1.engine.worker.template import ChatTemplate
from localr1.errors import ConfigError
from localr1.paths import bundled

CONVERSATION = (
    ChatMessage("user", "Hi {{ x }}"),
    ChatMessage("assistant", "Yes?"),
    ChatMessage("user", "2+2"),
)
RENDERED = {
    "chatml": "<|im_start|>user\nHi {{ x }}<|im_end|>\n<|im_start|>assistant\nYes?<|im_end|>\n"
    "<|im_start|>user\n2+2<|im_end|>\n<|im_start|>assistant\n",
    "deepseek-r1": "<s><｜User｜>Hi {{ x }}<｜Assistant｜>Yes?<｜end▁of▁sentence｜>"
    "<｜User｜>2+2<｜Assistant｜><think>\n",
    "gemma": "<s><start_of_turn>user\nHi {{ x }}<end_of_turn>\n<start_of_turn>model\nYes?<end_of_turn>\n"
    "<start_of_turn>user\n2+2<end_of_turn>\n<start_of_turn>model\n",
    "llama-3": "<s><|start_header_id|>user<|end_header_id|>\n\nHi {{ x }}<|eot_id|>"
    "<|start_header_id|>assistant<|end_header_id|>\n\nYes?<|eot_id|>"
    "<|start_header_id|>user<|end_header_id|>\n\n2+2<|eot_id|>"
    "<|start_header_id|>assistant<|end_header_id|>\n\n",
    "mistral": "<s>[INST] Hi {{ x }} [/INST] Yes?</s>[INST] 2+2 [/INST]",
    "phi": "<|user|>Hi {{ x }}<|end|><|assistant|>Yes?<|end|><|user|>2+2<|end|><|assistant|>",
}


@pytest.mark.parametrize("name", NAMES)
def test_each_format_is_written_to_the_letter(name: str) -> None:
    template = ChatTemplate(template_named(name), bos="<s>", eos="</s>")
    assert template.render(CONVERSATION) == RENDERED[name]


def test_every_template_that_ships_has_its_name() -> None:
    assert tuple(sorted(path.stem for path in bundled("templates").iterdir())) == NAMES
    assert all(name in ADVICE for name in NAMES)


def test_the_format_of_the_distills_opens_the_thinking() -> None:
    family = family_of(template_named("deepseek-r1"), "<｜Assistant｜><think>\n", "qwen2", "")
    assert family.opened


@pytest.mark.parametrize("name", ["", "alpaca", "../models", "chatml.jinja"])
def test_another_name_is_refused_with_those_that_there_are(name: str) -> None:
    with pytest.raises(ConfigError) as refused:
        template_named(name)
    assert "chatml" in refused.value.hint
