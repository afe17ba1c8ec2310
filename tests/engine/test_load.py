"""Loading models, and what the engine says of them and of itself."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from localr1.chat_templates import ADVICE, template_named
from localr1.engine.client import Engine
from localr1.engine.protocol import VERSION
from localr1.engine.requests import ChatMessage
from localr1.errors import EngineError, ModelFileError, TemplateError
from tests.engine.asking import ask, engine_of, user
from tests.engine.fake_worker import fake_worker
from tests.gguf_template import with_template

QUESTION = user("What is 47 + 85?")


async def test_the_engine_tells_its_build_and_devices(engine: Engine) -> None:
    about = await engine.about()
    assert about.version == VERSION
    assert about.llama_cpp
    assert "CPU" in about.system_info
    assert "cpu" in [device.kind for device in about.devices]


async def test_a_model_tells_what_it_is(engine: Engine, nano: Path) -> None:
    info = await engine.load(nano)
    assert info.architecture == "qwen2"
    assert "nano" in info.name
    assert 0 < info.size <= nano.stat().st_size
    assert info.generation_prompt.endswith("<think>\n")
    assert "Assistant" in info.template
    assert info.context <= info.context_train
    assert info.threads >= 1


async def test_a_model_that_is_loaded_stays_with_all_that_it_has_evaluated(
    engine: Engine, nano: Path
) -> None:
    first = await engine.load(nano)
    await ask(engine, QUESTION)
    assert await engine.load(nano) is first
    assert (await ask(engine, QUESTION)).done.evaluated_tokens == 1


async def test_another_context_loads_the_model_again(engine: Engine, nano: Path) -> None:
    await engine.load(nano, context=512)
    assert (await engine.load(nano, context=1000)).context == 1024


async def test_the_count_of_threads_is_taken_as_given(engine: Engine, nano: Path) -> None:
    assert (await engine.load(nano, threads=3)).threads == 3


async def test_a_model_whose_file_has_changed_is_loaded_anew(
    engine: Engine, nano: Path, tmp_path: Path
) -> None:
    model = Path(shutil.copy(nano, tmp_path / "model.gguf"))
    first = await engine.load(model)
    assert await engine.load(model) is first
    with_template(nano, tmp_path / "next.gguf", template_named("phi")).replace(model)
    assert (await engine.load(model)).template == template_named("phi")


async def test_two_loads_at_once_come_one_after_the_other(engine: Engine, nano: Path) -> None:
    small, large = await asyncio.gather(engine.load(nano, context=256), engine.load(nano, context=512))
    assert (small.context, large.context) == (256, 512)


async def test_a_file_name_that_is_no_text_is_loaded(engine: Engine, nano: Path, tmp_path: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/na\xffno \xf0\x9f\x90\xb3.gguf"))
    odd.symlink_to(nano)
    assert (await engine.load(odd)).architecture == "qwen2"


async def test_a_missing_model_is_a_fault_of_the_file(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"There is no file .*absent\.gguf") as missing:
        await engine.load(tmp_path / "absent.gguf")
    assert missing.value.exit_code == 3


async def test_a_directory_is_refused(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="is a directory"):
        await engine.load(tmp_path)


async def test_a_named_pipe_is_refused_and_never_waited_for(engine: Engine, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.gguf")
    with pytest.raises(ModelFileError, match="is a named pipe"):
        await engine.load(tmp_path / "pipe.gguf")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
async def test_an_unreadable_model_is_a_fault_of_the_file(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "secret.gguf").touch(mode=0)
    with pytest.raises(ModelFileError, match=r"secret\.gguf"):
        await engine.load(tmp_path / "secret.gguf")


@pytest.mark.parametrize("content", [b"", b"GGUF", b"PK\x03\x04" + bytes(100), bytes(4096)])
async def test_what_is_no_model_is_refused_and_the_worker_lives_on(
    engine: Engine, nano: Path, tmp_path: Path, content: bytes
) -> None:
    await engine.about()
    worker = engine.pid
    (tmp_path / "wrong.gguf").write_bytes(content)
    with pytest.raises(ModelFileError, match=r"wrong\.gguf can't be loaded"):
        await engine.load(tmp_path / "wrong.gguf")
    await engine.load(nano)
    assert engine.pid == worker


async def test_a_model_that_is_cut_short_is_refused(engine: Engine, nano: Path, tmp_path: Path) -> None:
    (tmp_path / "cut.gguf").write_bytes(nano.read_bytes()[:-100_000])
    with pytest.raises(ModelFileError, match=r"cut\.gguf can't be loaded"):
        await engine.load(tmp_path / "cut.gguf")


async def test_after_a_load_that_failed_no_model_is_loaded(
    engine: Engine, nano: Path, tmp_path: Path
) -> None:
    await engine.load(nano)
    (tmp_path / "wrong.gguf").touch()
    with pytest.raises(ModelFileError):
        await engine.load(tmp_path / "wrong.gguf")
    with pytest.raises(EngineError, match="No model"):
        await ask(engine, QUESTION)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (None, "carries no chat template"),
        ("", "carries no chat template"),
        (b"{{ '\xff\xfe' }}", "its chat template is no text"),
        ("{% for", "TemplateSyntaxError"),
        ("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", "did not end"),
        ("{{ 'x' * 10**9 }}", "writes too much"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "SecurityError"),
        ("{{ raise_exception('half of a letter, \\ud800') }}", "half of a letter, [?]"),
        pytest.param("{# " + "x" * 2**20 + " #}x", "longer than 1 MiB", id="a long one"),
    ],
)
async def test_a_template_that_can_not_be_used_is_a_fault_of_the_file(
    engine: Engine, nano: Path, tmp_path: Path, template: str | bytes | None, said: str
) -> None:
    model = with_template(nano, tmp_path / "odd.gguf", template)
    with pytest.raises(ModelFileError, match=f"odd.gguf can't be used to chat: .*{said}") as refused:
        await engine.load(model)
    assert refused.value.exit_code == 3
    assert not refused.value.message.endswith("..")
    assert refused.value.hint
    worker = engine.pid
    assert (await engine.load(nano)).architecture == "qwen2"
    assert engine.pid == worker


async def test_a_template_that_makes_the_model_speak_with_half_a_letter_is_loaded(
    engine: Engine, nano: Path, tmp_path: Path
) -> None:
    source = "{{ messages[-1].content }}{% if add_generation_prompt %}\\n{{ '\\ud800' }}{% endif %}"
    model = with_template(nano, tmp_path / "odd.gguf", source.replace("\\n", ""))
    assert (await engine.load(model)).generation_prompt == "?"


async def test_a_template_that_never_returns_to_python_is_ended_and_named(
    engine: Engine, nano: Path, tmp_path: Path
) -> None:
    lists = "{% set a = range(30000)|list %}{% set b = range(30000)|list %}"
    compare = "{{ ([[a] * 1000] * 1000).count([b] * 1000) }}"  # minutes of one C function
    model = with_template(nano, tmp_path / "endless.gguf", lists + compare)
    with pytest.raises(TemplateError, match=r"did not end while loading endless\.gguf"):
        await engine.load(model)
    assert (await engine.load(nano)).architecture == "qwen2"


@pytest.mark.parametrize("template", [None, "{% for", b"{{ '\xff\xfe' }}"])
async def test_another_template_serves_where_the_models_own_can_not(
    engine: Engine, nano: Path, tmp_path: Path, template: str | bytes | None
) -> None:
    model = with_template(nano, tmp_path / "odd.gguf", template)
    with pytest.raises(TemplateError, match=r"odd\.gguf") as refused:
        await engine.load(model)
    assert refused.value.hint == ADVICE
    info = await engine.load(model, template=template_named("deepseek-r1"))
    assert info.generation_prompt == "<｜Assistant｜><think>\n"
    assert (await ask(engine, QUESTION, max_tokens=3)).done.generated_tokens == 3


async def test_the_same_model_with_another_template_is_loaded_anew(engine: Engine, nano: Path) -> None:
    own = await engine.load(nano)
    assert (await engine.load(nano, template=template_named("phi"))).template != own.template


async def test_a_template_that_refuses_one_chat_only_still_serves_the_others(
    engine: Engine, nano: Path, tmp_path: Path
) -> None:
    source = "{{ raise_exception('no system') if messages[0].role == 'system' }}{{ messages[-1].content }}"
    await engine.load(with_template(nano, tmp_path / "strict.gguf", source))
    with pytest.raises(ModelFileError, match="no system"):
        await ask(engine, ChatMessage("system", "Be brief."), QUESTION)
    assert (await ask(engine, QUESTION, max_tokens=1)).done.generated_tokens == 1


async def test_a_library_that_can_not_be_loaded_is_named(tmp_path: Path, nano: Path) -> None:
    command = fake_worker("""say("failed", id=0, kind="library", message="libllama.so: wrong ELF class")""")
    async with engine_of(tmp_path, command) as engine:
        with pytest.raises(EngineError, match="wrong ELF class") as refused:
            await engine.load(nano)
    assert refused.value.exit_code == 4
    assert "Reinstall" in refused.value.hint


async def test_too_little_memory_is_told_with_a_way_out(tmp_path: Path, nano: Path) -> None:
    command = fake_worker("""
        ready()
        say("failed", id=hear()["id"], kind="memory", message="there is no memory for 8,192 tokens")
        hang()
    """)
    async with engine_of(tmp_path, command) as engine:
        with pytest.raises(EngineError, match=r"nano.gguf: there is no memory for 8,192") as refused:
            await engine.load(nano)
    assert "smaller" in refused.value.hint
