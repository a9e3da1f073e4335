"""Patterns mean in PostgreSQL what they mean in re2."""

from __future__ import annotations

import random

import psycopg
import pytest
import re2

from safar.lib.text import fold
from safar.segments.patterns import to_postgres

TEXTS = [
    "", "a", "ab", "abc", "A", "foo bar", "foobar", "bar foo", "a.b", "a\nb", "a\r\n", "\n", "12", "x12y", "a_b", "سلام دنیا", "کتاب ۱۲".replace("۱۲", "12"),
    "ی", "é", "😀", "50%", "a{,2}", "[x]", "tab\there", "\\", "]", "^", "$", "-", "k", "K", "s", "straße", "x" * 300, "aaaa bbbb",
]  # fmt: skip
PATTERNS = [
    "", "a", "^a$", "^$", "a|", "(?:)", "a.b", "(?s)a.b", "(?m)^b", "(?m)a$", "a$", "\\Aa", "b\\z", "\\bfoo\\b", "\\Bo", "o\\B", "\\d+", "^\\D*$",
    "\\w{3,}", "\\W", "\\s", "^\\S+$", "[\\d_]", "[^\\s\\w]", "[[:alpha:]]+", "[[:^alpha:]]", "[^[:space:]]", "\\pL+", "\\p{Arabic}", "\\PL",
    "\\p{^Latin}", "[\\pL\\d]", "(?i)K", "(?i)STRASSE|ß", "(?i)[a-c]{3}", "(?P<name>fo+)", "(?<name>fo+)", "((a)(b))c", "(?i:A)B", "(?-i:a)",
    "a{2}", "a{2,}", "a{1,3}b", "a{,2}", "x{255}", "x{200}x{100}", "a*?b", "a+?", "(?U)a+", "\\x61", "\\x{6cc}", "\\141", "\\n", "\\t", "\\Qa.b\\E", "\\Q[x]",
    "[]x]", "[^]x]", "[\\]\\[]", "[a\\-z]", "[-a]", "[a-]", "[%]", "50%", "\\\\", "\\.", "[.]", "\\^|\\$", "[ا-ی]+", "[^ا-ی]", "😀", "[😀-😂]", "[\\x41bc]+", "[^\\x{d7ff}-\\x{e000}]", "^*a", "(?:^)*a",
    "\\b*a", "(a|b)*c", "(?:a*)*", "[^\\x00-\\x{10FFFF}]", "[\\x00-\\x{10FFFF}]", "(?i)[^k]", "#", "a b", "{", "}", "(foo|bar)\\s(foo|bar)",
]  # fmt: skip


def compiled(pattern: str) -> re2._Regexp:
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


def matches(conn: psycopg.Connection[tuple[bool]], pattern: str, texts: list[str]) -> list[bool]:
    query = 'SELECT t COLLATE "C" ~ %s FROM unnest(%s::text[]) WITH ORDINALITY u (t, n) ORDER BY n'
    return [row[0] for row in conn.execute(query, (to_postgres(pattern), texts)).fetchall()]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_mean_the_same(conn: psycopg.Connection[tuple[bool]], pattern: str) -> None:
    pattern = fold(pattern)
    expected = [compiled(pattern).search(text) is not None for text in TEXTS]
    assert dict(zip(TEXTS, matches(conn, pattern, TEXTS), strict=True)) == dict(zip(TEXTS, expected, strict=True))
    assert to_postgres(pattern).isascii()
    assert "%" not in to_postgres(pattern)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(", "no pattern"), ("[a", "no pattern"), ("a**", "no pattern"), ("(?=a)", "no pattern"), ("(a)\\1", "no pattern"), ("\\Z", "no pattern"),
        ("\\C", "one byte"), ("a{300}", "more than 255"), ("(?:abcde){255}", "too large"), ("(?:a|\\b){2}", "place"), ("(a?){255}", "too large"),
        ("(" * 60 + ")" * 60, "50 groups"), ("".join(f"[a{chr(0x4e00 + n)}]" for n in range(40)), "kinds of characters"),
    ],
)  # fmt: skip
def test_what_cannot_be_said_is_refused_with_words(pattern: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        to_postgres(pattern)


ATOMS = [
    "a", "b", "ab", "_", "1", "\\.", ".", "[ab]", "[^a]", "[a-c1]", "\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "[\\d_]", "\\b", "\\B", "^", "$",
    "\\A", "\\z", "ی", "[آ-ی]", "\\pL", "[[:alpha:]]", "\\x{6cc}", "\\n", "(?i:k)", "(?m:^)", "(?m:$)", "(?s:.)", "\\Qa.b\\E", "😀", " ", "%", "]", "",
]  # fmt: skip
REPEATS = ["*", "+", "?", "*?", "+?", "??", "{2}", "{0,2}", "{1,3}", "{2,}", "{0}", "{0,1}?"]


def some_pattern(chance: random.Random, depth: int) -> str:
    kind = chance.random()
    if depth == 0 or kind < 0.35:
        return chance.choice(ATOMS)
    if kind < 0.6:
        return "".join(some_pattern(chance, depth - 1) for _ in range(chance.randint(1, 4)))
    if kind < 0.75:
        opening = chance.choice(["(", "(?:", "(?P<n>", "(?i:", "(?s:", "(?m:", "(?im)(?:", "(?U:"])
        return opening + some_pattern(chance, depth - 1) + ")"
    if kind < 0.85:
        return f"(?:{'|'.join(some_pattern(chance, depth - 1) for _ in range(chance.randint(1, 3)))})"
    return f"(?:{some_pattern(chance, depth - 1)}){chance.choice(REPEATS)}"


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(2, 30))])
def test_patterns_at_random(conn: psycopg.Connection[tuple[bool]], seed: int) -> None:
    chance = random.Random(seed)
    tried = 0
    while tried < 600:
        pattern = some_pattern(chance, 4)
        try:
            expression = compiled(pattern)
            to_postgres(pattern)
        except (re2.error, ValueError):
            continue
        letters = "abA k1_.\n\tیآ😀xé%]-"
        texts = ["".join(chance.choice(letters) for _ in range(chance.randint(0, 8))) for _ in range(30)]
        if "\\B" in pattern:
            # re2 finds \B between the bytes of one letter too; PostgreSQL knows no bytes.
            texts = [text for text in texts if text.isascii()]
        expected = [expression.search(text) is not None for text in texts]
        assert matches(conn, pattern, texts) == expected, (pattern, texts)
        tried += 1
