"""The user's own prompts."""

from __future__ import annotations

from pathlib import Path

import pytest

from localr1.errors import UsageError
from localr1.prompt_templates import PromptTemplate, PromptTemplates

REVIEW = PromptTemplate("review", "Review this $language, for $$5:\n${input}\n$input")


def test_variables_are_found_once_in_their_order() -> None:
    assert REVIEW.variables == ("language", "input")


def test_a_template_is_filled_and_what_is_filled_in_stays_as_it_is() -> None:
    filled = REVIEW.fill({"language": "$C", "input": "a\n$b"})
    assert filled == "Review this $C, for $5:\na\n$b\na\n$b"


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(UsageError, match=r"needs \$language") as refused:
        REVIEW.fill({"input": "x"})
    assert refused.value.hint == "--var language=…"


def test_a_variable_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(UsageError, match=r"has no \$langage") as refused:
        REVIEW.fill({"language": "C", "input": "x", "langage": "C"})
    assert refused.value.hint == "It has $language, $input."


def test_a_dollar_that_begins_nothing_is_refused_with_its_place() -> None:
    with pytest.raises(UsageError, match="line 2"):
        PromptTemplate("price", "It is\nfor $5.").fill({})


@pytest.fixture
def templates(tmp_path: Path) -> PromptTemplates:
    (tmp_path / "review.txt").write_bytes(b"\xef\xbb\xbfReview $input")
    (tmp_path / "bad.txt").write_bytes(b"caf\xe9")
    (tmp_path / "long.txt").write_bytes(b"a" * 2**21)
    (tmp_path / "notes.md").write_text("no template")
    (tmp_path / "a directory.txt").mkdir()
    (tmp_path / "folder.txt").mkdir()
    return PromptTemplates(tmp_path)


def test_templates_are_the_text_files_of_the_folder(templates: PromptTemplates, tmp_path: Path) -> None:
    assert templates.names() == ["bad", "long", "review"]
    assert templates.read("review") == PromptTemplate("review", "Review $input")
    assert PromptTemplates(tmp_path / "nowhere").names() == []


@pytest.mark.parametrize("name", ["", "../review", "a/b", "-x", ".hidden", "x" * 62, "a\0", "\x1b[2J"])
def test_what_is_no_name_is_refused(templates: PromptTemplates, name: str) -> None:
    with pytest.raises(UsageError, match="can't be the name"):
        templates.read(name)


@pytest.mark.parametrize(
    ("name", "problem"),
    [("absent", "no template"), ("folder", "no template"), ("bad", "UTF-8"), ("long", "MiB")],
)
def test_what_can_not_be_read_is_refused(templates: PromptTemplates, name: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        templates.read(name)
