"""A model's family is told from its template; the excerpts hold what the real templates are known by."""

from __future__ import annotations

import pytest

from localr1.chat.families import PLAIN, Family, family_of
from localr1.chat.thinking import ThinkingSplitter, ThinkingState

R1_OLD = """
{%- for m in messages %}{% if m.role == 'user' %}{{ '<｜User｜>' + m.content }}{% else -%}
{{ '<｜Assistant｜>' + m.content.split('</think>')[-1] + '<｜end▁of▁sentence｜>' }}{% endif %}{% endfor -%}
{% if add_generation_prompt %}{{ '<｜Assistant｜>' }}{% endif %}"""
R1_NEW = R1_OLD.replace("{{ '<｜Assistant｜>' }}", "{{ '<｜Assistant｜><think>\\n' }}")
DEEPSEEK_V3 = "{{ '<｜User｜>' + m.content }}{{ '<｜Assistant｜>' + m.content + '<｜end▁of▁sentence｜>' }}"
CHATML = (
    "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}"
)
QWEN3 = CHATML + "{% if enable_thinking is false %}{{ '<think>\\n\\n</think>\\n\\n' }}{% endif %}"
QWQ = CHATML + "{% if '</think>' in text %}{{ text.split('</think>') | last }}{% endif %}{{ '<think>\\n' }}"
SMOLLM3 = QWEN3 + "{{ 'Reasoning Mode: ' + reasoning_mode }}"
OPENR1 = CHATML + "{{ 'Write two sections: <think> thoughts </think> and a solution.' }}"
OPENTHINKER = CHATML + "{{ 'Think in <|begin_of_thought|> {thought} <|end_of_thought|>, then solve.' }}"
GPT_OSS = "{{ '<|start|>assistant<|channel|>analysis<|message|>' + m.thinking + '<|end|>' }}"
GEMMA4 = "{% for part in text.split('<channel|>') %}{{ part.split('<|channel>')[0] }}{% endfor %}"
SEED_OSS = "{% set think_begin = '<seed:think>' %}{% set think_end = '</seed:think>' %}"
MAGISTRAL = "[SYSTEM_PROMPT]First think: [THINK]a draft[/THINK] Then answer.[/SYSTEM_PROMPT][INST]"
COHERE = (
    "<|CHATBOT_TOKEN|>{% if plan %}<|START_THINKING|>{{ plan }}<|END_THINKING|>{% endif %}<|START_RESPONSE|>"
)
GRANITE = "{{ 'Thoughts go between <think></think>, the answer between <response></response>.' }}"
KIMI_VL = "{{ '<|im_user|>user<|im_middle|>' }}{{ '<|media_begin|>image<|media_content|><|media_pad|>' }}"
EXAONE = "{{ text.split('</thought>')[-1] }}{{ '[|assistant|]<thought>\\n' }}"
APRIEL = "{{ 'Reason first, then [BEGIN FINAL RESPONSE] ... [END FINAL RESPONSE].' }}<thinking></thinking>"
THINKING = "{{ 'Reason between <thinking> and </thinking>.' }}"
PHI_4_MINI = "{{ '<|system|>Your name is Phi, an AI math expert developed by Microsoft.' }}"
LLAMA_3 = "{{ '<|start_header_id|>' + m.role + '<|end_header_id|>' + m.content + '<|eot_id|>' }}"

CHATML_PROMPT = "<|im_start|>assistant\n"
EMPTY = "<think>\n\n</think>\n\n"


def started(family: Family) -> tuple[str, bool, str, str]:
    """What a family is, but for its tags."""
    return family.name, family.opened, family.prefill, family.skip


@pytest.mark.parametrize(
    ("template", "prompt", "architecture", "expected"),
    [
        (R1_NEW, "<｜Assistant｜><think>\n", "qwen2", ("deepseek-r1", True, "", "\n</think>\n\n")),
        (R1_NEW, "<｜Assistant｜><think>\n", "llama", ("deepseek-r1", True, "", "\n</think>\n\n")),
        (R1_OLD, "<｜Assistant｜>", "qwen2", ("deepseek-r1", True, "<think>\n", "\n</think>\n\n")),
        (R1_OLD, "<｜Assistant｜></think>", "deepseek2", ("deepseek-r1", False, "", "")),
        (R1_OLD, "<｜Assistant｜>", "qwen3", ("deepseek-r1-0528", False, "", EMPTY)),
        (QWEN3, CHATML_PROMPT, "qwen3", ("qwen3", False, "", EMPTY)),
        (QWEN3, CHATML_PROMPT + "<think>\n", "qwen35", ("qwen3", True, "", "\n</think>\n\n")),
        (QWQ, CHATML_PROMPT + "<think>\n", "qwen2", ("think", True, "", "\n</think>\n\n")),
        (QWQ, CHATML_PROMPT + "<think>", "olmo2", ("think", True, "", "\n\n</think>\n\n")),
        (SMOLLM3, CHATML_PROMPT, "smollm3", ("smollm3", False, "", "<think>\n\n</think>\n")),
        (OPENR1, CHATML_PROMPT, "qwen2", ("think", False, "", EMPTY)),
        (PHI_4_MINI, "<|assistant|>", "phi3", ("phi-4-mini-reasoning", False, "", EMPTY)),
        (OPENTHINKER, CHATML_PROMPT, "qwen2", ("openthinker", False, "", "")),
        (
            GPT_OSS,
            "<|start|>assistant",
            "gpt-oss",
            (
                "gpt-oss",
                False,
                "",
                "<|channel|>analysis<|message|><|end|><|start|>assistant<|channel|>final<|message|>",
            ),
        ),
        (GEMMA4, "<|turn>model\n", "gemma4", ("gemma4", False, "", "<|channel>thought\n<channel|>")),
        (GEMMA4, "<|turn>model\n<|channel>thought\n<channel|>", "gemma4", ("gemma4", False, "", "")),
        (SEED_OSS, "<seed:bos>assistant\n", "seed_oss", ("seed-oss", False, "", "")),
        (MAGISTRAL, "", "llama", ("magistral", False, "", "[THINK][/THINK]")),
        (COHERE, "<|CHATBOT_TOKEN|>", "cohere2", ("cohere", False, "", "<|START_THINKING|><|END_THINKING|>")),
        (GRANITE, "<|start_of_role|>assistant<|end_of_role|>", "granite", ("granite", False, "", "")),
        (KIMI_VL, "<|im_assistant|>assistant<|im_middle|>", "deepseek2", ("kimi-vl", False, "", "")),
        ("{{ '◁think▷' }}", "", "deepseek2", ("kimi-vl", False, "", "")),
        (KIMI_VL + "<think></think>", "", "deepseek2", ("think", False, "", EMPTY)),
        (EXAONE, "[|assistant|]<thought>\n", "exaone", ("exaone", True, "", "")),
        (
            APRIEL,
            "<|assistant|>\nHere are my reasoning steps:\n",
            "llama",
            ("apriel", True, "", "\n[BEGIN FINAL RESPONSE]\n"),
        ),
        (THINKING, "<|assistant|>\n", "llama", ("thinking", False, "", "")),
    ],
)
def test_a_family_is_told_from_its_template(
    template: str, prompt: str, architecture: str, expected: tuple[str, bool, str, str]
) -> None:
    assert started(family_of(template, prompt, architecture)) == expected


@pytest.mark.parametrize("template", ["", CHATML, LLAMA_3, DEEPSEEK_V3])
def test_a_model_whose_template_knows_no_thinking_is_plain(template: str) -> None:
    assert family_of(template, "<|assistant|>", "qwen2") == PLAIN


@pytest.mark.parametrize(
    ("template", "prompt", "reply"),
    [
        (R1_NEW, "<｜Assistant｜><think>\n", "why</think>\n\n42"),
        (R1_OLD, "<｜Assistant｜>", "why</think>\n\n42"),
        (QWEN3, CHATML_PROMPT, "<think>\nwhy</think>\n\n42"),
        (SMOLLM3, CHATML_PROMPT, "<think>why</think>42"),
        (PHI_4_MINI, "<|assistant|>", "<think>why</think>42"),
        (
            OPENTHINKER,
            CHATML_PROMPT,
            "<|begin_of_thought|>why<|end_of_thought|><|begin_of_solution|>42<|end_of_solution|>",
        ),
        (
            GPT_OSS,
            "<|start|>assistant",
            "<|channel|>analysis<|message|>why<|end|><|start|>assistant<|channel|>final<|message|>42",
        ),
        (GEMMA4, "<|turn>model\n", "<|channel>thought\nwhy<channel|>42"),
        (SEED_OSS, "<seed:bos>assistant\n", "<seed:think>why</seed:think>42"),
        (MAGISTRAL, "", "[THINK]why[/THINK]42"),
        (
            COHERE,
            "<|CHATBOT_TOKEN|>",
            "<|START_THINKING|>why<|END_THINKING|><|START_RESPONSE|>42<|END_RESPONSE|>",
        ),
        (GRANITE, "", "<think>why</think><response>42</response>"),
        (KIMI_VL, "", "◁think▷why◁/think▷42"),
        (EXAONE, "[|assistant|]<thought>\n", "why</thought>\n\n42"),
        (APRIEL, "Here are my reasoning steps:\n", "why[BEGIN FINAL RESPONSE]\n42[END FINAL RESPONSE]"),
        (THINKING, "<|assistant|>\n", "<thinking>why</thinking>42"),
    ],
)
def test_the_tags_of_a_family_split_its_replies(template: str, prompt: str, reply: str) -> None:
    family = family_of(template, prompt, "llama")
    assert replied(family, reply) == ("why", "42", ThinkingState.CLOSED)
    if family.skip:
        assert replied(family, family.skip + "42") == ("", "42", ThinkingState.SKIPPED)


def replied(family: Family, reply: str) -> tuple[str, str, ThinkingState]:
    splitter = ThinkingSplitter(family.tags, opened=family.opened)
    splitter.feed(reply)
    splitter.finish()
    return splitter.thinking, splitter.answer, splitter.state


def test_a_model_whose_template_names_no_tag_is_of_the_family_it_is_known_to_be_of() -> None:
    chatml = "{{ '<|im_start|>' + message['role'] }}"
    assert family_of(chatml, "<|im_start|>assistant\n", "qwen2", "openthinker").name == "openthinker"
    assert family_of(chatml, "<|im_start|>assistant\n", "qwen2", "").name == "plain"


def test_a_template_that_names_its_tags_is_believed_before_the_catalog() -> None:
    assert family_of(R1_NEW, "<｜Assistant｜><think>\n", "qwen2", "openthinker").name == "deepseek-r1"
