"""Addresses under buttons and behind words."""

import pytest

from bot.core.web_links import LONGEST, doi_url, link_url


@pytest.mark.parametrize(
    ("doi", "expected"),
    [
        ("10.5555/sleep.1", "10.5555/sleep.1"),
        (
            "10.1002/(SICI)1-2(1996)61:1<10::AID-X3>3.0.CO;2-X",
            "10.1002/%28SICI%291-2%281996%2961:1%3C10::AID-X3%3E3.0.CO;2-X",
        ),
        ("10.1016/S0022-3476(79)80391-4", "10.1016/S0022-3476%2879%2980391-4"),
        ("10.5555/a%b#c?d+e f", "10.5555/a%25b%23c%3Fd%2Be%20f"),
        ("10.5555/[x]{y}|z\\*`\"'", "10.5555/%5Bx%5D%7By%7D%7Cz%5C%2A%60%22%27"),
        ("10.5555/é\ud800", "10.5555/%C3%A9%3F"),
    ],
)
def test_a_doi_s_address(doi: str, expected: str) -> None:
    """Percent-encoded, so that neither an address nor markdown ends early (doi.org, "Handbook", 2.5.2.4)."""
    assert doi_url(doi) == f"https://doi.org/{expected}"


def test_a_doi_that_is_too_long() -> None:
    """Has no address rather than a cut one."""
    assert doi_url("10.5555/" + "x" * LONGEST) is None
    assert doi_url("10.5555/sleep.1", most=30) is None


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://europepmc.example/articles/PMC1?pdf=render#top", "https://europepmc.example/articles/PMC1?pdf=render#top"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
        ("HTTPS://Free.Example", "HTTPS://Free.Example"),
        ("https://free.example/é f[1]<2>\n", "https://free.example/%C3%A9%20f%5B1%5D%3C2%3E%0A"),
        ("https://free.example/100%25", "https://free.example/100%25"),
        ("https://free.example/" + "x" * (LONGEST - 21), "https://free.example/" + "x" * (LONGEST - 21)),
        ("https://free.example/" + "x" * (LONGEST - 20), None),
        ("https://free.example/" + "é" * 200, None),
        ("javascript:alert(1)", None),
        ("ftp://free.example/x", None),
        ("//free.example/x", None),
        ("https://localhost/x", None),
        ("https://user:secret@free.example/x", None),
        ("https://free example/x", None),
        ("https://münchen.example/", None),
        ("https://-.example/", None),
        ("https:///x", None),
        ("", None),
        (None, None),
    ],
)
def test_somebody_else_s_address(address: str | None, expected: str | None) -> None:
    """Only what Discord takes: http, a host with a dot, 512 characters."""
    assert link_url(address) == expected
