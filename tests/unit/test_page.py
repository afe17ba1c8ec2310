"""A chat as an HTML page: it shows what was written, and nothing in it is run or fetched."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localr1.chat.page import to_html
from localr1.message import Message, Role, Vote, Votes

HARMLESS = frozenset(
    (
        *(
            "html",
            "head",
            "meta",
            "title",
            "style",
            "body",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "article",
            "hr",
        ),
        *(
            "header",
            "time",
            "details",
            "summary",
            "pre",
            "p",
            "a",
            "code",
            "em",
            "strong",
            "s",
            "ul",
            "ol",
            "li",
        ),
        *("blockquote", "table", "thead", "tbody", "tr", "th", "td", "br"),
    )
)
FETCHING = frozenset(("src", "srcset", "background", "action", "data", "poster", "ping", "style"))
NASTY = (
    "<script>alert(1)</script>",
    '<img src="http://a.example/x.png">',
    "![x](http://a.example/x.png)",
    "![x](<javascript:alert(1)>)",
    "[x](javascript:alert(1))",
    "[x](data:text/html,x)",
    "</pre></article><iframe src=x>",
    "</style><link rel=stylesheet href=http://a.example>",
    '```html"><script>\n</code></pre><script>\n```',
    "$</p><script>$ and \\(<script>\\)",
    "\\boxed{<b onclick=x>}",
)


class Page(HTMLParser):
    """What a browser would find."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def message(role: Role, text: str, *, thinking: str = "", vote: Vote | None = None) -> Message:
    return Message(1, 1, None, role, text, 0.0, thinking=thinking, model="nano", vote=vote)


def page(text: str, *, thinking: bool = False) -> Page:
    """The same text in every place that a text can have."""
    vote = Vote(samples=3, ended=2, votes=(Votes(text, 2),), share=1.0)
    messages = [message(role, text, thinking=text, vote=vote) for role in Role]
    return Page(to_html(text, messages, thinking=thinking))


def is_harmless(found: Page) -> bool:
    return all(
        tag in HARMLESS
        and not FETCHING & attributes.keys()
        and not any(name.startswith("on") for name in attributes)
        and (attributes.get("href") or "").split(":")[0] in ("", "http", "https", "mailto")
        for tag, attributes in found.tags
    )


@pytest.mark.parametrize("text", NASTY)
def test_nothing_that_a_model_writes_is_run_or_fetched(text: str) -> None:
    assert is_harmless(page(text, thinking=True))


@given(st.text(alphabet=st.sampled_from("<>\"'&/![](){}\\`$~*_|\n abox:=-#") | st.characters()))
def test_no_text_breaks_out_of_its_place(text: str) -> None:
    found = page(text, thinking=True)
    assert is_harmless(found)
    assert sum(tag == "article" for tag, _ in found.tags) == len(Role)


def test_the_browser_is_told_to_load_nothing() -> None:
    policies = [attributes.get("content") for _, attributes in page("x").tags if "http-equiv" in attributes]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_an_answer_is_drawn_and_a_question_stands_as_it_was_written() -> None:
    source = to_html("Sums", [message(Role.USER, "**47** + 85?"), message(Role.ASSISTANT, "**132**, $x^2$")])
    assert "<pre>**47** + 85?</pre>" in source
    assert "<strong>132</strong>, x²" in source
    assert "<h1>Sums</h1>" in source
    assert "nano" in Page(source).text


def test_thinking_is_folded_and_only_there_when_it_is_wanted() -> None:
    chat = [message(Role.ASSISTANT, "132", thinking="7 + 5\n")]
    assert "<details><summary>Thinking</summary><pre>7 + 5</pre></details>" in to_html(
        "", chat, thinking=True
    )
    assert "7 + 5" not in to_html("", chat)
    assert "<details" not in to_html("", [message(Role.ASSISTANT, "132")], thinking=True)


def test_how_replies_voted_stands_below_the_answer() -> None:
    vote = Vote(samples=3, ended=3, votes=(Votes("132", 2), Votes("131", 1)), share=2 / 3)
    source = to_html("", [message(Role.ASSISTANT, "132", vote=vote)])
    assert '<p>132</p>\n\n<p class="vote">2 of 3 say 132 (67%); 1 says 131</p>' in source
    assert 'class="vote"' not in to_html("", [message(Role.ASSISTANT, "132")])


def test_a_picture_is_its_name_and_address() -> None:
    assert "a crab (http://a.example/crab.png)" in page("![a crab](http://a.example/crab.png)").text


def test_the_time_is_the_same_everywhere() -> None:
    assert '<time datetime="1970-01-01T00:00:00Z">1970-01-01 00:00 UTC</time>' in to_html(
        "", [message(Role.USER, "x")]
    )


def test_a_page_can_always_be_written_to_a_file() -> None:
    to_html("\udc80", [message(role, "\udc80", thinking="\udc80") for role in Role], thinking=True).encode()
