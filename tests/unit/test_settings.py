"""The settings in force: where each comes from, and a change that reaches the file and whoever looks."""

from __future__ import annotations

from pathlib import Path

import pytest

from localr1.errors import ConfigError
from localr1.sampling import SamplingChoice
from localr1.settings import Origin, Settings

WRITTEN = "# mine\ncontext = 512  # small\n\n[chat_templates]\nmine = 'phi'\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_every_value_knows_where_it_comes_from(file: Path) -> None:
    file.write_text("context = 512\nthreads = 2\nseed = 1\n")
    settings = Settings(file, {"LOCALR1_THREADS": "3", "LOCALR1_SEED": "2"}, {"seed": 5, "top_p": None})
    origins = {name: settings.origin(name) for name in ("seed", "threads", "context", "top_p")}
    assert origins == {
        "seed": Origin.COMMAND_LINE,
        "threads": Origin.ENVIRONMENT,
        "context": Origin.FILE,
        "top_p": Origin.DEFAULT,
    }
    assert (settings.config.seed, settings.config.threads, settings.config.context) == (5, 3, 512)


def test_nothing_is_written_until_something_is_changed(file: Path) -> None:
    assert Settings(file, {}).config.context == 0
    assert not file.exists()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("context", "4096", 4096),
        ("temperature", "0.3", 0.3),
        ("effort", "low", "low"),
        ("effort", "300", 300),
        ("offline", "true", True),
        ("model", "7", "7"),
    ],
)
def test_a_change_holds_at_once_and_is_kept_beside_everything_else(
    file: Path, name: str, text: str, value: object
) -> None:
    file.write_text(WRITTEN)
    settings = Settings(file, {})
    settings.change(name, text)
    assert getattr(settings.config, name) == value
    assert settings.origin(name) is Origin.FILE
    assert getattr(Settings(file, {}).config, name) == value
    assert file.read_text().startswith("# mine\n")
    assert "mine = 'phi'" in file.read_text()


@pytest.mark.parametrize("name", ["context", "chat_templates"])
def test_an_empty_text_is_the_default_again(file: Path, name: str) -> None:
    file.write_text(WRITTEN)
    settings = Settings(file, {})
    settings.change(name, "")
    assert settings.origin(name) is Origin.DEFAULT
    assert not getattr(settings.config, name)
    assert name not in file.read_text()
    assert "# mine" in file.read_text()


def test_the_default_of_what_was_never_set_writes_nothing(file: Path) -> None:
    Settings(file, {}).change("seed", "")
    assert not file.exists()


def test_a_bad_value_is_refused_as_everywhere_and_changes_nothing(file: Path) -> None:
    file.write_text(WRITTEN)
    settings = Settings(file, {})
    with pytest.raises(ConfigError) as refused:
        settings.change("temperature", "9")
    assert refused.value.message == "temperature must be a number from 0 to 5."
    assert file.read_text() == WRITTEN


def test_what_the_environment_says_holds_in_this_run_and_the_file_in_others(file: Path) -> None:
    settings = Settings(file, {"LOCALR1_CONTEXT": "1024"})
    settings.change("context", "2048")
    assert settings.config.context == 1024
    assert settings.is_held("context")
    assert settings.in_file("context") == 2048
    assert Settings(file, {}).config.context == 2048


def test_the_template_of_a_model_is_kept_and_known_at_once(file: Path) -> None:
    settings = Settings(file, {})
    settings.keep_chat_template("my model", "phi")
    assert settings.config.chat_templates == {"my model": "phi"}
    assert Settings(file, {}).config == settings.config


def test_the_sampling_of_a_model_is_kept_and_known_at_once_and_goes_without_a_trace(file: Path) -> None:
    settings = Settings(file, {})
    settings.keep_sampling("my model", SamplingChoice(temperature=0.3, top_k=0))
    assert settings.config.sampling == {"my model": SamplingChoice(temperature=0.3, top_k=0)}
    assert Settings(file, {}).config == settings.config
    settings.keep_sampling("my model", SamplingChoice())
    assert settings.config.sampling == {}
    assert "sampling" not in file.read_text()
