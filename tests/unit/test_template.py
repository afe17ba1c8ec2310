"""Chat templates: honest ones render, hostile ones end within their limits and run nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from localr1.engine.requests import ChatMessage
from localr1.engine.worker.template import OUTPUT_LIMIT, ChatTemplate, TemplateFailedError

R1 = """
{%- if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}
{%- set ns = namespace(instructions='', first=true) %}
{%- for message in messages %}
    {%- if message['role'] == 'system' %}
        {%- set ns.instructions = ns.instructions + ('' if ns.first else '\\n\\n') + message['content'] %}
        {%- set ns.first = false %}
    {%- endif %}
{%- endfor %}
{{- bos_token }}{{ ns.instructions }}
{%- for message in messages %}
    {%- if message['role'] == 'user' %}{{- '<｜User｜>' + message['content'] }}{% endif %}
    {%- if message['role'] == 'assistant' and message['content'] is not none %}
        {%- set content = message['content'] %}
        {%- if '</think>' in content %}{% set content = content.split('</think>')[-1] %}{% endif %}
        {{- '<｜Assistant｜>' + content + '<｜end▁of▁sentence｜>' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<｜Assistant｜><think>\\n' }}{% endif %}
"""

QWEN3 = """
{%- set ns = namespace(last_query=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- set index = (messages|length - 1) - loop.index0 %}
    {%- if message.role == 'user' and not message.content.startswith('<tool_response>') %}
        {%- set ns.last_query = index %}{% break %}
    {%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- set content = message.content if message.content is string else '' %}
    {%- if message.role == 'assistant' and loop.index0 < ns.last_query %}
        {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
    {%- endif %}
    {{- '<|im_start|>' + message.role + '\\n' + content + '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}
"""

LLAMA3 = """
{{- bos_token }}
{%- if custom_tools is defined %}{% set tools = custom_tools %}{% endif %}
{%- if not tools is defined %}{% set tools = none %}{% endif %}
{%- set today = strftime_now('%d %b %Y') if strftime_now is defined else '26 Jul 2024' %}
{%- if messages[0]['role'] == 'system' %}
    {%- set system = messages[0]['content']|trim %}{% set messages = messages[1:] %}
{%- else %}{% set system = '' %}{% endif %}
{{- '<|start_header_id|>system<|end_header_id|>\\n\\n' }}
{%- if tools is not none %}{{- tools | map('tojson') | join }}{% endif %}
{{- 'Today is ' + today + '.\\n\\n' + system + '<|eot_id|>' }}
{%- for message in messages %}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}
        {{- raise_exception('Roles must take turns.') }}
    {%- endif %}
    {{- '<|start_header_id|>' + message.role + '<|end_header_id|>\\n\\n' + message.content|trim + eos_token }}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}
"""

CHAT = [
    ChatMessage("system", " Be brief. "),
    ChatMessage("user", "One?"),
    ChatMessage("assistant", "<think>hm</think>\n\nOne."),
    ChatMessage("user", "Two?"),
]


def render(source: str, *messages: ChatMessage, generation_prompt: bool = True) -> str:
    template = ChatTemplate(source, bos="<bos>", eos="<eos>")
    return template.render(messages or CHAT, generation_prompt=generation_prompt)


def test_a_template_of_r1s_kind_is_rendered() -> None:
    assert render(R1) == (
        "<bos> Be brief. <｜User｜>One?<｜Assistant｜>\n\nOne.<｜end▁of▁sentence｜>"
        "<｜User｜>Two?<｜Assistant｜><think>\n"
    )


def test_a_template_of_qwen3s_kind_is_rendered_with_thinking_on() -> None:
    assert render(QWEN3) == (
        "<|im_start|>system\n Be brief. <|im_end|>\n<|im_start|>user\nOne?<|im_end|>\n"
        "<|im_start|>assistant\nOne.<|im_end|>\n<|im_start|>user\nTwo?<|im_end|>\n<|im_start|>assistant\n"
    )


def test_a_template_of_llama_3s_kind_is_rendered() -> None:
    assert re.fullmatch(
        r"<bos><\|start_header_id\|>system<\|end_header_id\|>\n\n"
        r"Today is \d\d \w{3} \d{4}\.\n\nBe brief\.<\|eot_id\|>"
        r"(<\|start_header_id\|>(user|assistant)<\|end_header_id\|>\n\n.*?<eos>){3}"
        r"<\|start_header_id\|>assistant<\|end_header_id\|>\n\n",
        render(LLAMA3),
        re.DOTALL,
    )


def test_a_template_may_refuse_a_conversation_with_its_own_words() -> None:
    with pytest.raises(TemplateFailedError, match=r"^Roles must take turns\.$"):
        render(LLAMA3, ChatMessage("user", "a"), ChatMessage("user", "b"))


def test_the_generation_prompt_can_be_left_out() -> None:
    assert not render(R1, generation_prompt=False).endswith("<think>\n")


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("{{ '-' * 40 }}", "-" * 40),
        ("{{ 2 * 'ab' }}", "abab"),
        ("{{ ([1] + [2, 3]) * 2 }}", "[1, 2, 3, 1, 2, 3]"),
        ("{{ 7 * 6 }} {{ 1.5 * 2 }} {{ 2 ** 10 }} {{ 2 ** -1 }} {{ 9 ** 0.5 }}", "42 3.0 1024 0.5 3.0"),
        ("{{ 7 % 2 }} {{ 7 // 2 }} {{ '%s!' % 'x' }}", "1 3 x!"),
        ("{% for m in messages %}{{ loop.index0 % 2 }}{% endfor %}", "0101"),
        (
            "{% set ns = namespace(n=0) %}{% for m in messages %}{% set ns.n = ns.n + 1 %}{% endfor %}"
            "{{ ns.n }}",
            "4",
        ),
        ("{% for m in messages %}{% if loop.last %}{% continue %}{% endif %}x{% endfor %}", "xxx"),
        ("{% macro say(x) %}[{{ x }}]{% endmacro %}{{ say('a') }}{{ say('b') }}", "[a][b]"),
        ("a{% generation %}b{{ bos_token }}{% endgeneration %}c", "ab<bos>c"),
        ("{{ {'a': 'é<&>'} | tojson }}", '{"a": "é<&>"}'),
        ("{{ {'b': 1, 'a': 2} | tojson(indent=1, sort_keys=true) }}", '{\n "a": 2,\n "b": 1\n}'),
        ("{{ [1, 2] | tojson(separators=(',', ':'), ensure_ascii=False) }}", "[1,2]"),
        ("{{ strftime_now('%%') }}", "%"),
        ("{{ tools is none }} {{ documents is defined }} {{ enable_thinking }}", "True False True"),
        ("{{ messages[0].tool_calls is defined }}{{ messages[1]['reasoning_content'] }}", "False"),
        ("  {% if true %}\n  x\n  {% endif %}\n", "  x\n"),
    ],
)
def test_what_honest_templates_use_works(source: str, written: str) -> None:
    assert render(source) == written


def test_a_long_conversation_is_no_excess_of_the_template() -> None:
    content = "x" * (3 * OUTPUT_LIMIT)
    assert render("{{ messages[0].content }}", ChatMessage("user", content)) == content


@pytest.mark.parametrize(
    "attack",
    [
        "''.__class__.__mro__[1].__subclasses__()",
        "''['__class__']",
        "''|attr('__class__')|attr('__mro__')",
        "cycler.__init__.__globals__.os.system('touch {mark}')",
        "joiner.__init__.__globals__['__builtins__']['open']('{mark}', 'w')",
        "lipsum.__globals__['os'].popen('touch {mark}').read()",
        "namespace.__init__.__globals__.os.system('touch {mark}')",
        "raise_exception.__globals__['json'].codecs.open('{mark}', 'w')",
        "strftime_now.__globals__['jinja2'].environment.os.system('touch {mark}')",
        "self._TemplateReference__context.environment.compile_expression('1')",
        "'{0.__class__.__init__.__globals__}'.format(cycler)",
        "'{0.__class__}'.format_map({'0': 1})",
        "(messages|map(attribute='__class__')|list)[0].mro()",
        "messages.append(1)",
        "messages[0].update(role='system')",
    ],
)
def test_templates_can_not_reach_python(attack: str, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    try:
        written = render("{{ " + attack.replace("{mark}", str(mark)) + " }}")
    except TemplateFailedError:
        written = ""
    assert "class" not in written
    assert not mark.exists()


@pytest.mark.parametrize(
    "statement", ["include 'x'", "import 'x' as x", "extends 'x'", "from '/etc/passwd' import x"]
)
def test_templates_can_not_reach_files(statement: str) -> None:
    with pytest.raises(TemplateFailedError):
        render(f"{{% {statement} %}}")


NESTED_LOOPS = "{% for i in range(99999) %}" * 4 + "x" + "{% endfor %}" * 4
GROWING = (
    "{{% set ns = namespace(x=9) %}}"
    "{{% for i in range(99) %}}{{% set ns.x = {} %}}{{% endfor %}}"
    "{{{{ ns.x }}}}"
)
HOSTILE = {
    "endless loop": "{% for i in range(99999) %}" * 3 + "{% endfor %}" * 3,
    "endless output": NESTED_LOOPS,
    "a power of powers": "{{ 10 ** (10 ** 8) }}",
    "a power by steps": GROWING.format("ns.x * ns.x"),
    "a long string": "{{ 'x' * 10 ** 9 }}",
    "a long string of factors": "{{ 'x' * 1000 * 1000 * 1000 }}",
    "a long list": "{{ [0] * 10 ** 9 }}",
    "200 MB": "{% for i in range(200) %}{{ 'x' * 1000000 }}{% endfor %}",
    "a string that doubles": GROWING.format("ns.x ~ ns.x"),
    "a list that doubles": GROWING.format("[ns.x] + [ns.x]"),
    "a wide column": "{{ 'x'.ljust(10 ** 10) }}",
    "a wide number": "{{ '%010000000000d' % 1 }}",
    "a wide format": "{{ '{:>10000000000}'.format(1) }}",
    "a wide filter": "{{ 'x' | center(10 ** 10) }}",
    "20,000 parentheses": "{{ " + "(" * 20_000 + "1" + ")" * 20_000 + " }}",
    "20,000 brackets": "{{ " + "[" * 20_000 + "]" * 20_000 + " }}",
    "20,000 negations": "{{ " + "not " * 20_000 + "1 }}",
    "20,000 sums": "{{ 1" + "+ 1" * 20_000 + " }}",
    "30 loops in each other": "{% for i in [1] %}" * 30 + "{% endfor %}" * 30,
    "200 conditions in each other": "{% if true %}" * 200 + "{% endif %}" * 200,
    "a macro that calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "two macros that call each other": (
        "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}"
    ),
    "division by zero": "{{ 1 / 0 }}",
    "a missing key": "{{ messages[99].content.x }}",
    "no template": "{% for",
    "an unknown filter": "{{ 1 | nothing }}",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_template_fails_within_its_limits(source: str) -> None:
    with pytest.raises(TemplateFailedError) as failed:
        render(source)
    assert 0 < len(str(failed.value)) <= 400


def test_an_interrupt_that_is_swallowed_is_followed_by_another() -> None:
    swallowed = 0

    class Swallower:
        def __str__(self) -> str:
            nonlocal swallowed
            try:
                while True:
                    pass
            except BaseException:
                swallowed += 1
                if swallowed == 2:
                    raise
            return ""

    template = ChatTemplate("{{ thing }}{{ thing }}", bos="", eos="")
    template._values["thing"] = Swallower()
    with pytest.raises(TemplateFailedError, match="did not end within"):
        template.render(CHAT)
    assert swallowed == 2


def test_a_template_renders_again_after_one_that_failed() -> None:
    with pytest.raises(TemplateFailedError):
        render(HOSTILE["a string that doubles"])
    assert render("{{ 'x' * 100 }}") == "x" * 100


def test_half_a_character_becomes_text_that_can_be_sent() -> None:
    assert render("{{ '\\ud800' }}x") == "?x"
    with pytest.raises(TemplateFailedError, match=r"no \?$"):
        render("{{ raise_exception('no \\udfff') }}")
