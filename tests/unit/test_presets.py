"""Presets: those of localr1, those of the user, and what each of them may hold."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localr1.chat_options import NO_OPTIONS, ChatOptions
from localr1.errors import ConfigError, UsageError
from localr1.presets import Presets

OPTIONS = ChatOptions(instructions="Answer in rhymes.\nAlways.", effort="low", temperature=0.9, top_k=20)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "presets.toml"


def names(file: Path) -> list[str]:
    return [preset.name for preset in Presets(file).all()]


def test_some_come_with_localr1_and_write_nothing(file: Path) -> None:
    presets = Presets(file).all()
    assert [preset.name for preset in presets] == ["code review", "translator", "tutor"]
    assert all(preset.bundled and preset.options.instructions for preset in presets)
    assert not file.exists()


def test_what_is_saved_is_found_again_and_private(file: Path) -> None:
    Presets(file).save("poet", OPTIONS)
    assert Presets(file).find("Poet").options == OPTIONS
    assert type(Presets(file).find("poet").options) is ChatOptions
    assert file.stat().st_mode & 0o077 == 0


def test_saving_again_replaces_it_and_keeps_comments(file: Path) -> None:
    Presets(file).save("poet", OPTIONS)
    file.write_text("# mine\n" + file.read_text())
    Presets(file).save("poet", ChatOptions(effort=300))
    assert Presets(file).find("poet").options == ChatOptions(effort=300)
    assert file.read_text().startswith("# mine\n")


def test_one_that_comes_with_localr1_can_be_replaced_and_is_back_when_that_is_removed(file: Path) -> None:
    presets = Presets(file)
    presets.save("tutor", OPTIONS)
    assert presets.find("tutor").options == OPTIONS
    assert not presets.find("tutor").bundled
    presets.remove("tutor")
    assert presets.find("tutor").bundled


def test_one_that_is_removed_is_gone_and_the_others_stay(file: Path) -> None:
    presets = Presets(file)
    presets.save("poet", OPTIONS)
    presets.save("monk", NO_OPTIONS)
    presets.remove("poet")
    assert names(file) == ["code review", "monk", "translator", "tutor"]


@pytest.mark.parametrize("name", ["", "  ", "\t"])
def test_a_preset_has_a_name(file: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="needs a name"):
        Presets(file).save(name, OPTIONS)
    assert not file.exists()


def test_one_that_does_not_exist_is_refused_with_those_that_do(file: Path) -> None:
    with pytest.raises(UsageError) as refused:
        Presets(file).find("tutr")
    assert refused.value.message == "There is no preset 'tutr'."
    assert refused.value.hint == "There are code review, translator, tutor."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a]\ntemperature = 9", "a: temperature must be a number from 0 to 5."),
        ("[a]\ntemprature = 1", "a: there is no setting `temprature`."),
        ("a = 1", "a: this must be a table, such as [tutor]."),
        ("[a", "is not valid TOML"),
    ],
)
def test_a_file_that_cannot_be_used_is_said_and_stays(file: Path, text: str, said: str) -> None:
    file.parent.mkdir()
    file.write_text(text)
    with pytest.raises(ConfigError) as refused:
        Presets(file).save("poet", OPTIONS)
    assert said in refused.value.message
    assert file.read_text() == text


@given(
    name=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20),
    instructions=st.text(st.characters(exclude_categories=["Cs"])).map(str.strip),
)
def test_any_text_comes_back_as_it_was(name: str, instructions: str) -> None:
    with TemporaryDirectory() as directory:
        presets = Presets(Path(directory) / "presets.toml")
        presets.save(name, ChatOptions(instructions=instructions))
        saved = [preset for preset in presets.all() if not preset.bundled]
        assert [preset.options.instructions for preset in saved] == [instructions]
