"""What is wrong with a described service, each fault beside its field. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from safar.channels.described import filling
from safar.channels.described.filling import check_headers, check_template, check_url, used_in
from safar.channels.described.pattern_rules import read_variables
from safar.channels.described.reading import MEANINGS
from safar.channels.services.answer_rules import read_rules
from safar.lib.faults import Faults, said

_UNIT = re.compile(r"rial|toman|parts|[A-Z]{3}")


def check_described(settings: Mapping[str, str], faults: Faults) -> None:
    """Adds every fault of settings that are all there."""
    _check_call(settings, "url", "body", filling.MESSAGE, faults)
    check_template(settings["headers"], filling.ACCOUNT, faults.at("headers"))
    check_headers(settings["headers"], faults.at("headers"))
    if settings["method"] == "GET":
        for name in ("body", "pattern_body"):
            if settings[name]:
                faults.at(name).add(said("a GET has no body"))
    read_rules(settings["answers"], faults.at("answers"))
    _check_patterns(settings, faults)
    _check_reports(settings, faults)
    _check_question(settings, "inbound", filling.ACCOUNT, faults)
    _check_question(settings, "credit", filling.ACCOUNT, faults)
    if settings["credit_url"]:
        if not settings["credit_at"]:
            faults.at("credit_at").add(said("is missing"))
        if not _UNIT.fullmatch(settings["credit_unit"]):
            faults.at("credit_unit").add(said("has to be one of %(words)s", words="rial, toman, parts, EUR, …"))


def takes_patterns(settings: Mapping[str, str]) -> bool:
    return bool(settings["pattern_url"] or settings["pattern_body"])


def is_told(settings: Mapping[str, str]) -> bool:
    """Whether the service is given an address with each message that it may call."""
    return "report_url" in used_in(settings["url"], settings["body"], settings["pattern_url"], settings["pattern_body"])


def at_once(settings: Mapping[str, str]) -> int:
    """About how many messages it is asked in one question; 0: it is not asked."""
    if not settings["reports_url"]:
        return 0
    return 100 if "ids" in used_in(settings["reports_url"], settings["reports_body"]) else 1


def _check_patterns(settings: Mapping[str, str], faults: Faults) -> None:
    read_variables(settings["variables"], faults.at("variables"), joined=False)
    if not takes_patterns(settings):
        return
    _check_call(settings, "pattern_url", "pattern_body", filling.PATTERN, faults)
    used = used_in(settings["pattern_url"], settings["pattern_body"])
    if missing := [name for name in ("pattern", "values") if name not in used]:
        words = ", ".join(f"{{{{ {name} }}}}" for name in missing)
        faults.at("pattern_body").add(said("has to say %(words)s", words=words))


def _check_reports(settings: Mapping[str, str], faults: Faults) -> None:
    _check_question(settings, "reports", filling.REPORTS, faults)
    if settings["reports"].strip():
        read_rules(settings["reports"], faults.at("reports"), outcomes=MEANINGS)
    elif settings["reports_url"] or is_told(settings):
        faults.at("reports").add(said("is missing"))
    if not settings["reports_url"]:
        return
    used = used_in(settings["reports_url"], settings["reports_body"])
    if not used & {"id", "ids"}:
        faults.at("reports_url").add(said("has to say %(words)s", words="{{ id }} / {{ ids }}"))
    if "ids" in used and not settings["reports_id_at"]:
        faults.at("reports_id_at").add(said("is missing"))


def _check_question(settings: Mapping[str, str], about: str, known: Iterable[str], faults: Faults) -> None:
    if settings[f"{about}_body"] and not settings[f"{about}_url"]:
        faults.at(f"{about}_url").add(said("is missing"))
    _check_call(settings, f"{about}_url", f"{about}_body", known, faults)


def _check_call(settings: Mapping[str, str], url: str, body: str, known: Iterable[str], faults: Faults) -> None:
    for name in (url, body):
        check_template(settings[name], known, faults.at(name))
    if settings[url]:
        check_url(settings[url], faults.at(url))
