"""Rendering: languages, directions, missing values, escaping, calendars and money, and templates that mean no good."""

from __future__ import annotations

import pytest

from safar.content.render import CannotRender, choose_language, render

LOCALE = {"language": "en", "calendar": "jalali", "zone": "Asia/Tehran", "currency": "IRR", "unit": "IRT"}
DATA = {
    "contact": {"first_name": "Sara", "city": "Tehran", "bio": "<script>alert(1)</script>"},
    "facts": {"spent": 12_345_670, "orders": 3},
    "entry": {"date": "2026-03-20", "at": "2026-03-20T21:00:00Z", "total": "۱۲۵۰۰۰۰", "products": [{"name": "Mug"}, {"name": "Cup"}]},
    "journey": {"key": "welcome"},
    "unsubscribe_url": "https://safar.example/u/abc",
    "now": "2026-03-21T00:00:00Z",
}  # fmt: skip


def job(
    html=None, *, text=None, subject="Hello", language="en", channel="email", strict=False, fallbacks=None, **changes
):
    texts = {
        "subject": subject,
        **({"html": html} if html is not None else {}),
        **({"text": text} if text is not None else {}),
    }
    template = {"channel": channel, "languages": {language: texts}, "strict": strict, "fallbacks": fallbacks or {}}
    return {"template": template, "language": language, "data": DATA, "locale": LOCALE, "unsubscribe": False, **changes}


def body(html, **more):
    """What became of the HTML, without the wrapper."""
    return render(job(f"[{html}]", text="x", **more))["html"].split("[", 1)[1].rsplit("]", 1)[0]


@pytest.mark.parametrize(
    ("source", "english", "persian"),
    [
        ("{{ facts.orders }}", "3", "3"),
        ("{{ facts.orders | number }}", "3", "۳"),
        ("{{ facts.spent | number }}", "12,345,670", "۱۲٬۳۴۵٬۶۷۰"),
        ("{{ facts.spent | money }}", "1,234,567 Tomans", "۱٬۲۳۴٬۵۶۷ تومان"),
        ("{{ facts.spent | toman }}", "1,234,567 Tomans", "۱٬۲۳۴٬۵۶۷ تومان"),
        ("{{ entry.total | toman }}", "125,000 Tomans", "۱۲۵٬۰۰۰ تومان"),
        ("{{ 1234.5 | number: 2 }}", "1,234.50", "۱٬۲۳۴٫۵۰"),
        ("{{ entry.date | date: '%d %B %Y' }}", "29 Esfand 1404", "۲۹ اسفند ۱۴۰۴"),
        ("{{ entry.at | date: '%A %-d %B %H:%M' }}", "Saturday 1 Farvardin 00:30", "شنبه ۱ فروردین ۰۰:۳۰"),
        ("{{ 'now' | date: '%Y/%m/%d' }}", "1405/01/01", "۱۴۰۵/۰۱/۰۱"),
        ("{{ entry.date | date }}", "29 Esfand 1404", "۲۹ اسفند ۱۴۰۴"),
        ("{{ 'tomorrow' | date: '%Y' }}", "tomorrow", "tomorrow"),
        ("{{ nothing | date: '%Y' }}", "", ""),
        ("{{ 'abc' | number }}", "abc", "abc"),
        ("{{ '۱۲' | latin_digits }}{{ 34 | persian_digits }}", "12۳۴", "12۳۴"),
        ("{{ '1e999' | number }}", "1e999", "1e999"),
    ],
)
def test_numbers_money_and_dates_in_each_language(source, english, persian):
    assert body(source, language="en") == english
    assert body(source, language="fa") == persian


@pytest.mark.parametrize(
    ("currency", "unit", "written"),
    [
        ("IRR", "IRR", "12,345,670 Rials"),
        ("EUR", "EUR", "12,345,670 EUR"),
        ("USD", "USD", "12,345,670 USD"),
        ("IRT", "IRT", "12,345,670 Tomans"),
    ],
)
def test_money_in_the_workspaces_unit(currency, unit, written):
    assert body("{{ facts.spent | money }}", locale={**LOCALE, "currency": currency, "unit": unit}) == written


def test_the_gregorian_calendar_where_the_workspace_has_it():
    locale = {**LOCALE, "calendar": "gregorian"}
    assert body("{{ entry.date | date: '%A %d %B %Y' }}", locale=locale) == "Friday 20 March 2026"
    assert (
        body("{{ entry.date | date: '%d %b %y, %F %T %I %p %% %Q' }}", locale=locale)
        == "20 Mar 26, 2026-03-20 00:00:00 12 AM % %Q"
    )


@pytest.mark.parametrize(
    ("contact", "workspace", "chosen"),
    [
        ("fa", "en", "fa"),
        ("fa-IR", "en", "fa"),
        ("de", "fa", "fa"),
        (None, "en", "en"),
        ("de", "de", "en"),
        ("FA", None, "fa"),
    ],
)
def test_the_contacts_language_first_then_the_workspaces(contact, workspace, chosen):
    assert choose_language({"en": {}, "fa": {}}, contact, workspace)[0] == chosen


def test_persian_is_written_from_right_to_left():
    made = render(job("<p>سلام</p>", language="fa"))
    assert '<html lang="fa" dir="rtl">' in made["html"]
    assert '<body dir="rtl">' in made["html"]
    assert 'dir="ltr"' in render(job("<p>Hello</p>"))["html"]
    whole = render(job('<html class="x"><body>سلام</body></html>', language="fa"))["html"]
    assert whole.startswith('<html class="x" dir="rtl" lang="fa">')
    own = render(job('<html dir="ltr" lang="ar"><body>x</body></html>', language="fa"))["html"]
    assert own.startswith('<html dir="ltr" lang="ar">')


def test_the_text_part_is_made_from_the_html_where_none_is_written():
    html = (
        "<style>p {}</style><h1>Hello</h1><p>One&nbsp;two<br>three</p><ul><li>a</li><li>b</li></ul>"
        '<p><a href="https://shop.example/?a=1&amp;b=2">Shop</a> <a href="mailto:a@b.example">a@b.example</a></p><img alt="A mug" src="x">'
    )
    text = render(job(html))["text"]
    assert text.split("\n") == [
        "Hello", "", "One two", "three", "", "- a", "- b", "", "Shop (https://shop.example/?a=1&b=2) a@b.example", "A mug", "",
    ]  # fmt: skip
    assert render(job(html, text="Mine: {{ contact.city }}"))["text"] == "Mine: Tehran"


def test_what_contacts_typed_is_escaped_in_html_and_not_in_text_or_subject():
    made = render(job("<p>{{ contact.bio }}</p>", text="{{ contact.bio }}", subject="{{ contact.bio }}"))
    assert "&lt;script&gt;" in made["html"]
    assert "<script>" not in made["html"]
    assert made["text"] == made["subject"] == "<script>alert(1)</script>"
    with pytest.raises(CannotRender, match="unknown filter 'safe'"):
        render(job("{{ contact.bio | safe }}"))


def test_a_subject_is_one_line():
    data = {**DATA, "contact": {"first_name": "Sara\r\nBcc: all@people.example"}}
    assert (
        render(job("x", subject="Hi {{ contact.first_name }}", data=data))["subject"]
        == "Hi Sara Bcc: all@people.example"
    )


@pytest.mark.parametrize(
    ("source", "strict", "fallbacks", "expected"),
    [
        ("Dear {{ contact.nick }}!", False, {}, "Dear !"),
        ("Dear {{ contact.nick }}!", False, {"contact.nick": {"en": "friend", "fa": "دوست"}}, "Dear friend!"),
        ("Dear {{ contact.nick }}!", True, {"contact.nick": "friend"}, "Dear friend!"),
        ("Dear {{ contact.nick | default: 'you' }}!", True, {}, "Dear you!"),
        ("{% if contact.nick %}a{% else %}b{% endif %}", True, {}, "b"),
        ("{{ deep.er.still }}", False, {"deep.er.still": "found"}, "found"),
        ("{{ contact.first_name }}", True, {"contact.first_name": "friend"}, "Sara"),
        ("{{ contact.first_name.x }}", False, {"contact.first_name.x": "y"}, ""),
    ],
)
def test_missing_values(source, strict, fallbacks, expected):
    assert body(source, strict=strict, fallbacks=fallbacks) == expected


def test_a_strict_template_fails_and_names_what_is_missing():
    with pytest.raises(CannotRender, match=r"html: line 2: contact.nick is undefined"):
        render(job("Dear\n{{ contact.nick }}!", strict=True))


def test_fallbacks_leave_the_data_as_it_was():
    before = {"contact": {}}
    render(job("{{ contact.nick }}", fallbacks={"contact.nick": "x"}, data=before))
    assert before == {"contact": {}}


def test_the_way_out_is_always_there():
    linked = render(job('<a href="{{ unsubscribe_url }}">out</a>', unsubscribe=True))
    assert linked["html"].count("https://safar.example/u/abc") == 1
    added = render(job("<p>x</p>", text="x", unsubscribe=True))
    assert 'href="https://safar.example/u/abc"' in added["html"]
    assert "https://safar.example/u/abc" in added["text"]
    persian = render(job("<html><body>x</body></html>", language="fa", unsubscribe=True))["html"]
    assert persian.index("لغو اشتراک") < persian.index("</body>")


@pytest.mark.parametrize("parts", [{}, {"html": ""}, {"text": "  \n"}])
def test_a_message_without_words_is_no_message(parts):
    with pytest.raises(CannotRender, match="empty"):
        render(job(parts.get("html"), text=parts.get("text")))


def test_no_language_at_all():
    wrong = job("x")
    wrong["template"]["languages"] = {}
    with pytest.raises(CannotRender, match="no text in any language"):
        render(wrong)


WICKED = {
    "{% for a in (1..20000) %}x{% endfor %}": "loop iteration limit",
    "{% for a in (1..200) %}{% for b in (1..200) %}x{% endfor %}{% endfor %}": "loop iteration limit",
    "{% assign a = 'x' %}{% for i in (1..40) %}{% assign a = a | append: a %}{% endfor %}{{ a }}": "larger than",
    "{% for i in (1..9000) %}{{ '" + "x" * 100 + "' }}{% endfor %}": "output stream limit",
    "{% include 'x' %}": "unexpected tag 'include'",
    "{% render 'x' %}": "unexpected tag 'render'",
    "{{ contact.first_name | no_such_filter }}": "unknown filter",
    "{{ contact.first_name": "expected",
    "{% if %}x": "",
    "{{ 1 | divided_by: 0 }}": "",
    "{% if a %}" * 40 + "{% endif %}" * 40: "nesting",
}


@pytest.mark.parametrize("source", WICKED)
def test_wicked_templates_are_refused_in_words(source):
    with pytest.raises(CannotRender) as refused:
        render(job(source))
    assert WICKED[source] in str(refused.value)
    assert len(str(refused.value)) < 600


@pytest.mark.parametrize(
    "path",
    [
        "contact.__class__",
        "contact.__class__.__mro__",
        "contact.keys",
        "contact.first_name.format",
        "contact.first_name.__len__",
        "locale.__init__",
    ],
)
def test_templates_see_plain_data_only(path):
    assert body("{{ " + path + " }}") == ""


def test_what_the_wire_refuses_is_left_out():
    made = render(job("{{ '%00a%ed%a0%80b' | url_decode }}", text="{{ '%00' | url_decode }}x"))
    assert "\0" not in made["html"] + made["text"]
    made["html"].encode("utf-8")
