"""Settings: which one wins, and what is said of a bad one."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from localr1.about_setting import AboutSetting, all_about
from localr1.config import TABLES, Config
from localr1.config_sources import load_config
from localr1.environment import find_editor
from localr1.errors import ConfigError
from localr1.sampling import Sampling, SamplingChoice

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "configuration.md"
ABOUT = [about for about in all_about(Config) if about.name not in TABLES]
FIELDS = [field for field in msgspec.structs.fields(Config) if field.name not in TABLES]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A config.toml that is not there yet."""
    return tmp_path / "config.toml"


def load(file: Path, text: str = "", environ: dict[str, str] | None = None, **overrides: object) -> Config:
    if text:
        file.write_text(text)
    return load_config(file, environ or {}, overrides)


def refusal(file: Path, text: str = "", environ: dict[str, str] | None = None, **overrides: object) -> str:
    """What is said of settings that can't be used."""
    with pytest.raises(ConfigError) as refused:
        load(file, text, environ, **overrides)
    assert refused.value.exit_code == 2
    return refused.value.message


def test_without_any_setting_the_defaults_hold(file: Path) -> None:
    assert load(file) == Config()


def test_the_file_goes_before_the_defaults(file: Path) -> None:
    assert load(file, 'model = "big"\ncontext = 512') == Config(model="big", context=512)


def test_the_environment_goes_before_the_file(file: Path) -> None:
    environ = {"LOCALR1_CONTEXT": "1024", "LOCALR1_TEMPERATURE": "0", "LOCALR1_MODEL": "7"}
    config = load(file, 'context = 512\nmodel = "big"\nseed = 3', environ)
    assert config == Config(context=1024, temperature=0.0, model="7", seed=3)


def test_the_command_line_goes_before_the_environment(file: Path) -> None:
    assert load(file, "context = 512", {"LOCALR1_CONTEXT": "1024"}, context=2048).context == 2048


def test_what_the_command_line_does_not_give_is_left_to_the_others(file: Path) -> None:
    assert load(file, "context = 512", None, context=None, seed=None).context == 512


def test_an_empty_variable_counts_as_not_set(file: Path) -> None:
    assert load(file, "context = 512", {"LOCALR1_CONTEXT": ""}).context == 512


WORDS = {
    "thinking": "open",
    "cache_type": "q8_0",
    "flash_attention": "off",
    "speculation": "off",
    "keep_warm": "5m",
}
"""Settings that do not take any text."""


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: str(field.name))
def test_every_setting_can_come_from_the_environment(field: msgspec.structs.FieldInfo, file: Path) -> None:
    value = WORDS.get(str(field.name), "1")
    config = load(file, environ={f"LOCALR1_{field.name.upper()}": value})
    assert getattr(config, field.name) in (1, value)


def test_the_endpoint_of_other_programs_counts_until_ours_is_set(file: Path) -> None:
    theirs = {"HF_ENDPOINT": "https://theirs.example"}
    assert load(file, 'endpoint = "https://file.example"', theirs).endpoint == "https://theirs.example"
    ours = theirs | {"LOCALR1_ENDPOINT": "https://ours.example"}
    assert load(file, environ=ours).endpoint == "https://ours.example"


BAD = [
    ("thinking", '"closed"', "thinking must be fold, hidden, open"),
    ("temperature", "nan", "temperature must be a number from 0 to 5"),
    ("temperature", "inf", "temperature must be a number from 0 to 5"),
    ("temperature", "-0.1", "temperature must be a number from 0 to 5"),
    ("effort", "-1", "effort must be high, low, medium, off or a whole number from 0 to 10,000,000"),
    ("top_p", "1.1", "top_p must be a number from 0 to 1"),
    ("min_p", "-1", "min_p must be a number from 0 to 1"),
    ("top_k", "-1", "top_k must be a whole number from 0 to 10,000,000"),
    ("context", "-1", "context must be a whole number from 0 to 10,000,000"),
    ("context", "10000001", "context must be a whole number from 0 to 10,000,000"),
    ("max_tokens", "1e99", "max_tokens must be a whole number from 0 to 10,000,000"),
    ("threads", "1025", "threads must be a whole number from 0 to 1,024"),
    ("gpu_layers", "-2", "gpu_layers must be a whole number from -1 to 10,000"),
    ("memory_check", "3", "memory_check must be true or false"),
    ("seed", "4294967295", "seed must be a whole number from 0 to 4,294,967,294"),
]


@pytest.mark.parametrize(("name", "value", "said"), BAD)
def test_a_bad_line_is_refused_with_the_file_and_the_range(
    file: Path, name: str, value: str, said: str
) -> None:
    assert refusal(file, f"# Mine.\n{name} = {value}") == f"{file}, line 2: {said}."


@pytest.mark.parametrize(("name", "value", "said"), BAD)
def test_a_bad_variable_is_refused_with_its_name_and_the_range(
    file: Path, name: str, value: str, said: str
) -> None:
    variable = f"LOCALR1_{name.upper()}"
    assert refusal(file, environ={variable: value}) == f"{variable}: {said}."


def test_a_bad_option_is_refused_with_the_range(file: Path) -> None:
    assert refusal(file, temperature=9.0) == "The command line: temperature must be a number from 0 to 5."


@pytest.mark.parametrize(
    "text", ["model = 3", "context = '512'", "threads = 1.5", "seed = true", "theme = []"]
)
def test_a_value_of_another_kind_is_refused(file: Path, text: str) -> None:
    assert refusal(file, text).startswith(f"{file}, line 1: {text.partition(' ')[0]} must be ")


@pytest.mark.parametrize("text", ["chat_templates = 'chatml'", "[chat_templates]\nmine = 3"])
def test_a_table_that_is_none_is_refused(file: Path, text: str) -> None:
    assert refusal(file, text) == f"{file}, line 1: chat_templates must be a table of texts."


def test_a_bad_line_is_refused_even_where_the_environment_would_win(file: Path) -> None:
    assert "context must be" in refusal(file, "context = -1", {"LOCALR1_CONTEXT": "512"})


def test_a_setting_that_does_not_exist_is_named(file: Path) -> None:
    assert refusal(file, "temprature = 1") == f"{file}, line 1: there is no setting `temprature`."


@pytest.mark.parametrize(
    ("text", "environ", "near"),
    [
        ("temprature = 1", {}, "Did you mean `temperature`?"),
        ("", {"LOCALR1_TEMPRATURE": "1"}, "Did you mean LOCALR1_TEMPERATURE?"),
        ("", {"LOCALR1_MODELS": "nano"}, "Did you mean LOCALR1_MODEL?"),
    ],
)
def test_what_is_nearly_a_setting_is_told_which(
    file: Path, text: str, environ: dict[str, str], near: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        load(file, text, environ)
    assert refused.value.hint == near


def test_a_variable_that_is_no_text_is_refused(file: Path) -> None:
    assert refusal(file, environ={"LOCALR1_THREADS": "\udcff"}) == "LOCALR1_THREADS: this is not UTF-8."


def test_variables_of_somebodys_own_are_left_alone(file: Path) -> None:
    environ = {"LOCALR1_HOME": "/", "LOCALR1_BENCH_MODELS": "/", "LOCALR1_TEMPRATURE": ""}
    assert load(file, "", environ) == Config()


def test_a_file_that_is_no_toml_is_refused_and_stays_as_it_is(file: Path) -> None:
    assert str(file) in refusal(file, "model = ")
    assert file.read_text() == "model = "


@pytest.mark.parametrize("obstacle", ["directory", "loop", "dangling link"])
def test_what_is_there_but_no_file_is_refused(file: Path, obstacle: str) -> None:
    match obstacle:
        case "directory":
            file.mkdir()
        case "loop":
            file.symlink_to(file)
        case _:
            file.symlink_to(file.with_name("absent"))
    assert str(file) in refusal(file)


def test_the_hint_names_the_document_that_lists_every_setting(file: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        load(file, "context = -1")
    assert "docs/configuration.md" in refused.value.hint
    assert DOCUMENT.exists()


@pytest.mark.parametrize("about", ABOUT, ids=lambda about: str(about.name))
def test_the_document_says_what_each_setting_says_of_itself(about: AboutSetting, file: Path) -> None:
    [(line, variable, default, meaning)] = [row for row in rows() if row[0].split()[0] == about.name]
    assert getattr(load(file, line), about.name) not in (None, about.default)
    assert variable == f"LOCALR1_{about.name.upper()}"
    assert default == (about.unset or f"`{msgspec.json.encode(about.default).decode()}`")
    terms = "" if about.allowed == "a text" else f" {about.allowed[0].upper()}{about.allowed[1:]}."
    assert meaning == about.description + terms


def rows() -> list[tuple[str, str, str, str]]:
    """The lines of the document's table: an example, the variable, the default, what it means."""
    return re.findall(r"^\| `(.+?)` \| `(\w+)` \| (.+?) \| (.+) \|$", DOCUMENT.read_text(), re.MULTILINE)


def test_every_setting_says_what_it_means() -> None:
    assert [about.name for about in all_about(Config)] == [
        field.name for field in msgspec.structs.fields(Config)
    ]


def test_the_document_lists_nothing_else() -> None:
    assert len(re.findall(r"^\| `\w+ = ", DOCUMENT.read_text(), re.MULTILINE)) == len(FIELDS)


def test_the_document_tells_the_sampling_of_the_r1_distills() -> None:
    advised = Sampling()
    numbers = f"{advised.temperature}, {advised.top_p}, {advised.top_k} and {advised.min_p:g}"
    assert f"{numbers} for the DeepSeek-R1 distills" in DOCUMENT.read_text()


@pytest.mark.parametrize(
    ("environ", "command"),
    [
        ({"EDITOR": "nano"}, ("nano",)),
        ({"VISUAL": "code --wait", "EDITOR": "nano"}, ("code", "--wait")),
        ({"VISUAL": " ", "EDITOR": "'/opt/my editor' -n"}, ("/opt/my editor", "-n")),
    ],
)
def test_the_editor_is_visual_or_else_editor_with_its_arguments(
    environ: dict[str, str], command: tuple[str, ...]
) -> None:
    assert find_editor(environ) == command


@pytest.mark.parametrize(
    ("environ", "problem"), [({}, "No editor is set"), ({"VISUAL": "'vi"}, "VISUAL has a quote")]
)
def test_without_a_usable_editor_it_says_why(environ: dict[str, str], problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        find_editor(environ)


@pytest.mark.parametrize(
    "text",
    ["sampling = 1", "[sampling]\nnano = 2", "[sampling.nano]\ntemperature = 9", "[sampling.nano]\nx = 1"],
)
def test_sampling_that_no_model_can_have_is_refused(file: Path, text: str) -> None:
    expected = "sampling must be a table of temperature, top_p, top_k, min_p by names"
    assert refusal(file, text) == f"{file}, line 1: {expected}."


def test_a_model_has_the_sampling_of_its_table(file: Path) -> None:
    text = '[sampling."my model"]\ntemperature = 0.5'
    assert load(file, text).sampling == {"my model": SamplingChoice(temperature=0.5)}
