"""What an operator can get wrong, and what is said of it."""

from pathlib import Path

import pytest

from safar.config.environment import VALUES, read_environment
from safar.lib.faults import Refused

LIVE = {"SAFAR_EMAIL_URL": "smtp://u:p@mail.example:587", "SAFAR_EMAIL_FROM": "Shop <hello@shop.example>"}


def faults_of(env: dict[str, str]) -> dict[str, str]:
    with pytest.raises(Refused) as refused:
        read_environment({"SAFAR_DATA_DIR": "/srv/safar", **env})
    return {fault.place: fault.message for fault in refused.value.faults}


def test_nothing_set_means_embedded_server_and_mailbox() -> None:
    environment = read_environment({"XDG_DATA_HOME": "/srv/data"})
    assert environment.database_url is None
    assert environment.data_dir == Path("/srv/data/safar")
    assert (environment.send_mode, environment.email_url) == (
        "live",
        None,
    )  # nothing leaves by itself: there is no service
    assert environment.public_url == "http://localhost:8000"
    assert "localhost" in environment.allowed_hosts


def test_an_empty_text_counts_as_not_set() -> None:
    assert read_environment({"SAFAR_DATA_DIR": "/srv", **{value.name: " " for value in VALUES}}).port == 8000


def test_a_mail_server_makes_it_live() -> None:
    assert read_environment(LIVE).send_mode == "live"


def test_a_mail_server_with_the_mailbox_asked_for_stays_a_mailbox() -> None:
    assert read_environment({**LIVE, "SAFAR_SEND_MODE": "mailbox"}).send_mode == "mailbox"


def test_the_public_host_is_allowed() -> None:
    env = {"SAFAR_PUBLIC_URL": "https://journeys.shop.example/", "SAFAR_ALLOWED_HOSTS": "a.example, b.example"}
    environment = read_environment(env)
    assert environment.public_url == "https://journeys.shop.example"
    assert {"journeys.shop.example", "a.example", "b.example"} <= set(environment.allowed_hosts)


def test_all_faults_at_once_each_with_its_mend() -> None:
    faults = faults_of(
        {
            "SAFAR_PORT": "80000",
            "SAFAR_TIMEZONE": "Asia/Teheran",
            "SAFAR_LOG_LEVEL": "warn",
            "SAFAR_DATA_DIR": "data",
            "SAFAR_DATABSE_URL": "postgresql://db/safar",
            "SAFAR_SEND_MODE": "live",
            "SAFAR_SECRET_KEY": "short",
        }
    )
    assert "1 to 65535" in faults["SAFAR_PORT"]
    assert "did you mean 'Asia/Tehran'?" in faults["SAFAR_TIMEZONE"]
    assert "did you mean 'warning'?" in faults["SAFAR_LOG_LEVEL"]
    assert "absolute" in faults["SAFAR_DATA_DIR"]
    assert "did you mean 'SAFAR_DATABASE_URL'?" in faults["SAFAR_DATABSE_URL"]
    assert "needs a mail server" in faults["SAFAR_EMAIL_URL"]
    assert "sender" in faults["SAFAR_EMAIL_FROM"]
    assert "32 characters" in faults["SAFAR_SECRET_KEY"]


@pytest.mark.parametrize("zone", ["../etc/passwd", "/etc/localtime", "Asia", "", "Asia/Tehran\x00"])
def test_a_zone_is_a_name_and_nothing_else(zone: str) -> None:
    if zone:
        assert "SAFAR_TIMEZONE" in faults_of({"SAFAR_TIMEZONE": zone})


@pytest.mark.parametrize("url", ["smtp://", "http://mail.example", "smtp://[::1", "smtp://mail.example:port"])
def test_mail_servers_that_are_none(url: str) -> None:
    assert "SAFAR_EMAIL_URL" in faults_of({**LIVE, "SAFAR_EMAIL_URL": url})


def test_a_password_is_never_repeated() -> None:
    faults = faults_of(
        {"SAFAR_EMAIL_URL": "ftp://user:hunter2@mail.example", "SAFAR_DATABASE_URL": "mysql://u:hunter2@db/x"}
    )
    assert "hunter2" not in str(faults)


@pytest.mark.parametrize("sender", ["shop", "a@b, c@d", "Shop <hello@shop.example>\r\nBcc: x@y.example"])
def test_senders_that_are_none(sender: str) -> None:
    assert "SAFAR_EMAIL_FROM" in faults_of({**LIVE, "SAFAR_EMAIL_FROM": sender})


def test_the_mode_team_needs_addresses() -> None:
    assert "SAFAR_TEAM_ADDRESSES" in faults_of({**LIVE, "SAFAR_SEND_MODE": "team"})
