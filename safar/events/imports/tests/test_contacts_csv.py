"""Contact files as people have them: every encoding, both calendars, headers in two languages, and damage."""

from __future__ import annotations

import random

import pytest

from safar.lib.faults import Refused


def edits(conn, columns: str = "traits"):
    return [row if "," in columns else row[0] for row in conn.execute(f"SELECT {columns} FROM inbox ORDER BY id")]


def test_rows_become_edits(contacts, conn, shop):
    report = contacts(
        "id,E-mail,Mobile,First Name,City,Age,Birthday,Tags,email_consent\n"
        "sara,Sara@Example.com,09121234567,Sara,Tehran,31,1373/05/12,vip; tea,given\n"
        "ali,ali@example.com,,Ali,,,,,\n"
    )
    assert (report.accepted, report.refused) == (2, 0)
    assert edits(conn, "type, name, traits, tags, consent, context") == [
        (
            "edit",
            "edit",
            {
                "email": "Sara@Example.com",
                "phone": "+989121234567",
                "first_name": "Sara",
                "city": "Tehran",
                "Age": 31,
                "birthday": "1994-08-03",
            },
            {"add": ["vip", "tea"]},
            {"email": "given"},
            {"import": {"file": "contacts.csv", "line": 2}},
        ),
        (
            "edit",
            "edit",
            {"email": "ali@example.com", "first_name": "Ali"},
            None,
            None,
            {"import": {"file": "contacts.csv", "line": 3}},
        ),
    ]
    names = conn.execute("SELECT kind, value FROM identity ORDER BY 1, 2").fetchall()
    assert names == [(1, "ali"), (1, "sara"), (3, "ali@example.com"), (3, "sara@example.com"), (4, "+989121234567")]


PERSIAN = "شناسه,ایمیل,موبایل,نام,تاریخ تولد\nمینا,mina@example.com,۰۰۹۸۹۱۲۱۲۳۴۵۶۷,مینا,۱۳۷۰/۱/۲\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode(contacts, conn, encoding):
    assert contacts(PERSIAN, encoding).accepted == 1
    assert edits(conn) == [
        {"email": "mina@example.com", "phone": "+989121234567", "first_name": "مینا", "birthday": "1991-03-22"}
    ]


def test_windows_1256(contacts, conn):
    assert contacts("ايميل,نام\nmina@example.com,مينا\nali@example.com,علي\n", "cp1256").accepted == 2
    assert edits(conn) == [
        {"email": "mina@example.com", "first_name": "مينا"},
        {"email": "ali@example.com", "first_name": "علي"},
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(contacts, conn, delimiter):
    assert (
        contacts(delimiter.join(["email", "name"]) + "\r\n" + delimiter.join(["a@b.example", '"A, B"'])).accepted == 1
    )
    assert edits(conn) == [{"email": "a@b.example", "name": "A, B"}]


def test_bad_rows_are_listed_and_the_rest_goes_in(contacts, conn):
    report = contacts(
        "email,name,birthday\n"
        "a@b.example,fine,\n"
        'b@b.example,"open,\n'
        "c@b.example,fine as well,\n"
        "no address,Ali,\n"
        ",nobody,\n"
        "d@b.example,Mina,1403/13/45\n"
        "e@b.example,Mina,1403/12/01,too,many\n"
        'f@b.example,"two\nlines",\n'
        'g@b.example,"wrong"quotes,\n'
        "h@b.example,with \0 in it,\n"
    )
    assert report.accepted == 3
    assert [(refusal.line, refusal.place, refusal.message) for refusal in report.refusals] == [
        (3, "", "a quote is opened and not closed"),
        (5, "email", "'no address' is no e-mail address"),
        (6, "", "says nobody: it has no id, no e-mail address and no phone number that can be read"),
        (7, "birthday", "'1403/13/45' is no day of any calendar"),
        (8, "", "has 5 cells, and the header has 3"),
        (11, "", "the quotes are wrong (',' expected after '\"')"),
        (12, "name", "has a NUL character in it"),
    ]
    assert [traits["name"] for traits in edits(conn)] == ["fine", "fine as well", "two\nlines"]


def test_doubled_headers_and_nameless_columns(contacts, conn):
    report = contacts("Email,UNSUB_REASON,UNSUB_REASON,,Phone,Mobile\na@b.example,x,y,z,09121234567,09127654321\n")
    assert edits(conn) == [
        {
            "email": "a@b.example",
            "UNSUB_REASON": "x",
            "UNSUB_REASON_2": "y",
            "column_4": "z",
            "phone": "+989121234567",
            "Mobile": "09127654321",
        }
    ]
    assert len(report.notes) == 2


@pytest.mark.parametrize("text", ["", "\n\n", "name,city\nSara,Tehran\n", '"open\n', f"email,{'x' * 200}\n"])
def test_files_that_say_nobody(contacts, text):
    with pytest.raises(Refused):
        contacts(text)


def test_consents(contacts, conn):
    contacts(
        "EMAIL;SMS;EMAIL_BLACKLISTED;SMS_BLACKLISTED;Status\n"
        "a@b.example;09121234567;Yes;No;active\n"
        "b@b.example;;No;No;Unsubscribed\n"
        "c@b.example;;No;No;subscribed\n"
    )
    assert edits(conn, "consent") == [{"email": "withdrawn"}, {"email": "withdrawn"}, None]
    assert contacts("email,sms_consent\nd@b.example,maybe\n").refusals[0].message.startswith("'maybe' is none of")


def test_numbers_that_are_none(contacts, conn):
    contacts("email,zip code,points,share,flag\na@b.example,01234,۱۲٬۳,0.5,TRUE\nb@b.example,12345,12,-7,no\n")
    assert edits(conn) == [
        {"email": "a@b.example", "zip code": "01234", "points": "۱۲٬۳", "share": 0.5, "flag": True},
        {"email": "b@b.example", "zip code": "12345", "points": 12, "share": -7, "flag": "no"},
    ]
    report = contacts("id,phone\n1.23E+15,09121234567\n7,9.12E+09\n")
    assert [refusal.place for refusal in report.refusals] == ["id", "phone"]


def test_suppressions_stay(contacts, conn, shop):
    row = (shop.id, "email", "sara@example.com", "unsubscribed")
    conn.execute("INSERT INTO suppression VALUES (%s, %s, %s, %s, now())", row)
    contacts("email,email_consent\nsara@example.com,given\n")
    assert conn.execute("SELECT workspace_id, channel, address, reason FROM suppression").fetchall() == [row]


def test_the_same_file_again_changes_nothing(contacts, conn):
    text = "email\na@b.example\nnobody\n"
    first, second = contacts(text), contacts(text)
    assert (first.accepted, first.refused, first.already) == (1, 1, False)
    assert (second.accepted, second.refused, second.already) == (1, 1, True)
    assert len(edits(conn)) == 1
    assert second.refusals == first.refusals


def test_two_hundred_damaged_files(contacts, conn):
    """Whatever a file holds: it is refused as a whole, or its bad rows are, and the good ones go in."""
    good = (
        PERSIAN.encode() + "".join(f"id-{n},m{n}@example.com,0912123{n:04},Mina,1370/1/2\n" for n in range(30)).encode()
    )
    for seed in range(200):
        rnd = random.Random(seed)
        data = bytearray(good)
        for _ in range(rnd.choice((1, 3, 30, 300))):
            at = rnd.randrange(len(data))
            how = rnd.randrange(4)
            if how == 0:
                data[at] = rnd.randrange(256)
            elif how == 1:
                del data[at : at + rnd.randrange(40)]
            elif how == 2:
                data[at:at] = rnd.choice((b'"', b"\0", b"\r", b"\xff", b",", b"\n", b'"' * 9, rnd.randbytes(20)))
            else:
                data[at:at] = data[:at][-500:]
        try:
            report = contacts(bytes(data), name=f"{seed}.csv", batch=10)
        except Refused as refused:
            told = [fault.message for fault in refused.faults]
        else:
            told = [refusal.message for refusal in report.refusals] + [str(report)]
            assert report.accepted + report.repeated + report.refused > 0
        assert told
        assert all(told)


def test_topics_come_in_as_consents_do(contacts, conn):
    report = contacts(
        "email,topic:news,موضوع: offers\n"
        "a@b.example,yes,left\n"
        "b@b.example,,عضو\n"
        "c@b.example,perhaps,\n"
    )  # fmt: skip
    assert [(refusal.line, refusal.place) for refusal in report.refusals] == [(4, "news")]
    rows = conn.execute("SELECT consent FROM inbox WHERE traits ->> 'email' LIKE '%b.example' ORDER BY id").fetchall()
    assert [row[0] for row in rows][-2:] == [
        {"topic:news": "joined", "topic:offers": "left"},
        {"topic:offers": "joined"},
    ]
