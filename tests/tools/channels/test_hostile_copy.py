"""C8 in breadth: five hundred hostile strings as name and as article, through rendering, into a mail, and read back."""

import sys
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes, policy
from functools import cache
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import pytest

from memory.domain.message import Accepted, Rendered
from tools.channels.mail import mail_bytes
from tools.channels.mailbox import MailboxSender
from tools.copywriting import Copy, CopyFacts, render
from tools.copywriting.facts import GoodsWords, clean

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
CODE = (
    "{{7*7}}", "{{config}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{% for x in y %}{{x}}{% endfor %}", "{shop}", "{0}",
    "{first_name.__class__}", "%(shop)s", "[[unsubscribe_url]]", "*|FNAME|*", "{{ product.price | times: 0 }}",
)  # fmt: skip
MARKUP = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "' onload='x", '" onmouseover="x', "</td></table>",
    "<!-- -->", "<a href='https://evil.invalid'>x</a>", "<mj-raw>", "<style>*{display:none}</style>", "&lt;b&gt;&amp;",
    "javascript:alert(1)", "]]><svg/onload=x>", "<base href='//evil.invalid'>",
)  # fmt: skip
BREAKS = (
    "a\r\nBcc: all@evil.invalid", "a\nX-Evil: 1", "a\r\n\r\n<b>body</b>", "=?utf-8?q?=0d=0ABcc:_x?=", "a\x00b",
    "a\x0bb", "a\u2028Bcc: x", "a\x85Bcc: x", "--=_boundary--", ".\r\nQUIT", "\u202egnp.exe", "\U000e0041\u200btag",
    "a\x1b[31mb", "a\tb: c",
)  # fmt: skip
AROUND = ("{}", "Zoë {}", "{} 李", "“{}”", "{0} {0}", "x{}x", "{}.", " {} ", "A{}", "{}9", "é{}", "«{}»", "{}?")
HOSTILE = [around.replace("{0}", text).replace("{}", text) for around, text in product(AROUND, CODE + MARKUP + BREAKS)]
URL, LEAVE = "https://n.invalid/", "https://n.invalid/u"


class Shape(HTMLParser):
    """Tags with their attributes, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[object] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(tag)

    def handle_comment(self, data: str) -> None:
        self.tags.append(("comment", data))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def mail_of(name: str, title: str) -> Rendered:
    """A mail to someone of that name about an article of that title."""
    facts = CopyFacts(
        shop="Nord", first_name=name, url=URL, unsubscribe_url=LEAVE, preferences_url=f"{URL}p",
        goods=(GoodsWords(title=title, url=f"{URL}coat"),),
    )  # fmt: skip
    copy = render("care_guide", "en", facts)
    assert isinstance(copy, Copy)
    return Rendered(
        send_key="a" * 40, channel="email", message_class="service", to="zoe@people.example.invalid",
        subject=f"{copy.subject} {clean(name)}", text=copy.text, html=copy.html,
        sender="Nord <hello@nord.example.invalid>", unsubscribe_url=LEAVE, list_id="<service.nord>",
    )  # fmt: skip


RENDERING = sys.modules[render.__module__]
HONEST = mail_bytes(mail_of("Zoë", "Coat"), AT)


def parts_of(raw: bytes) -> tuple[list[str], list[str], str, str]:
    """The names of the headers, the types of the parts, the text and the HTML, as a mail program reads them."""
    mail = message_from_bytes(raw, policy=policy.default)
    texts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
    return [name for name, _ in mail.items()], [part.get_content_type() for part in mail.walk()], texts[0], texts[1]


def test_c8_there_are_five_hundred_and_they_differ() -> None:
    assert len(set(HOSTILE)) >= 500


@cache
def honest_shape() -> tuple[list[str], list[str], list[object]]:
    names, types, _, page = parts_of(HONEST)
    return names, types, Shape(page).tags


def assert_inert(hostile: str) -> None:
    """The mail has the headers, parts and tags of an honest one, and shows the text as it is, twice in each part."""
    names, types, plain, page = parts_of(mail_bytes(mail_of(hostile, hostile), AT))
    shape = Shape(page)
    assert (names, types, shape.tags) == honest_shape(), hostile
    unseen = {char for char in hostile if unicodedata.category(char) in ("Cc", "Cf", "Zl") and char not in "\r\n\t"}
    assert not unseen & set(plain + page), hostile
    shown = " ".join(clean(hostile).split())
    assert " ".join(plain.split()).count(shown) >= 2, hostile
    assert " ".join(" ".join(shape.words).split()).count(shown) >= 2, hostile


@pytest.mark.slow
def test_c8_a_hostile_name_or_article_adds_no_header_no_part_no_tag_and_is_not_evaluated() -> None:
    for hostile in HOSTILE:
        assert_inert(hostile)


@pytest.mark.slow
def test_c8_all_of_them_are_sent_or_none_is_and_each_file_holds_one_mail(tmp_path: Path) -> None:
    class Clock:
        def now(self) -> datetime:
            return AT

    sender = MailboxSender(tmp_path, Clock())
    for number, hostile in enumerate(HOSTILE):
        message = mail_of(hostile, "Coat").model_copy(update={"send_key": f"{number:040d}"})
        assert isinstance(sender.hand_off(message), Accepted), hostile
    mails = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert len(mails) == len(HOSTILE)
    for path in mails:
        assert message_from_bytes(path.read_bytes(), policy=policy.default).get_all("bcc") is None


@pytest.mark.parametrize(("plant", "text"), [
    (lambda patch: patch.setattr("html.escape", str), "<script>alert(1)</script>"),
    (lambda patch: patch.setattr(RENDERING, "clean", lambda text: text.format(shop="Nord")), "{shop}"),
    (lambda patch: patch.setattr(RENDERING, "clean", str), "\u202egnp.exe"),
], ids=["unescaped", "evaluated", "uncleaned"])  # fmt: skip
def test_c8_planted_text_that_is_evaluated_or_left_as_it_is_would_be_seen(
    monkeypatch: pytest.MonkeyPatch, plant: Callable[[pytest.MonkeyPatch], None], text: str
) -> None:
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        assert_inert(text)
