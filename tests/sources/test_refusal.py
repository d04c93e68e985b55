"""What is a refusal, and what only holds its words or scripts."""

import pytest

from bot.core.errors import Refused
from bot.sources.erowid import read_record
from bot.sources.refusal import is_refusal
from tests.pages import PageText, write_page
from tests.references import erowid

CHALLENGE = (
    "<html><head><title>Just a moment...</title></head><body><h1>www.example.org</h1><p>www.example.org needs to review the "
    "security of your connection before proceeding.</p><script src='/cdn-cgi/challenge-platform/x'></script></body></html>"
)
JSD = b"<script>var s='/cdn-cgi/challenge-platform/h/b/scripts/jsd/main.js'</script>"


@pytest.mark.parametrize(
    "page",
    [
        "<title>The Vaults of Erowid : 403 - Blocked</title>",
        CHALLENGE,
        CHALLENGE.replace("Just a moment...", ""),
        "<title>Attention Required! | Cloudflare</title><h1>Sorry, you have been blocked</h1>",
        "<title>example.org</title><p>Checking your browser before you see example.org.</p><p>DDoS protection by Nobody</p>",
        "<title>Making sure you&#39;re not a bot!</title><p>Loading...</p>",
        "<title>Making sure you’re not a bot!</title>",
        "<title>Human Verification</title><div class=captcha></div>",
        "<title>Nur einen Moment…</title><script>window._cf_chl_opt = {cType: 'managed'};</script>",
        "<TITLE>\n Access denied</TITLE>",
        "<title>Access denied | example.org used Cloudflare to restrict access</title>",
        "<title>Sucuri WebSite Firewall - Access Denied</title>",
        "<title>Verifying you are human. This may take a moment.</title>",
        "<body><noscript>Enable JavaScript and cookies to continue</noscript></body>",
        "<body>Please verify you are a human.</body>",
        "<body>Please confirm that you're not a robot.</body>",
        "<title>429 Too Many Requests</title>",
        "<title>Client Challenge</title><p>A required part of this site couldn't load.</p>",
        "<title>Blocked</title><p>Goodbye.</p>",
        "<iframe src='/_Incapsula_Resource?x=1'>Request unsuccessful. Incapsula incident ID: 1-2</iframe>",
        "<title>Error</title><p>You are being rate limited.</p>",
        "<p>Your IP address 192.0.2.1 has been blocked.</p>",
        "Our systems have detected unusual traffic from your network.",
    ],
)
def test_refusals(page):
    assert is_refusal(page.encode())
    with pytest.raises(Refused):
        read_record(page.encode(), erowid(1))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"User-agent: *\nDisallow: /experiences/\n",
        b"<title>Erowid References : Robots</title><p>Robots were asked to verify you are human.</p>"
        + b"<p>More text.</p>" * 300,
        b"<title>Security check: sleep of goats at airports</title><p>Goats.</p>",
        b"<title>Please wait for the goats</title><p>Goats.</p>",
        b"<title>Blocked goats</title><p>Goats.</p>",
        b"<title>Challenge: goats</title><p>Goats.</p>",
        b"<title>Erowid</title>" + JSD + b"<p>Water</p>",
        b"<title>Erowid</title><script>'verify you are human'</script><form><div class='g-recaptcha'></div></form>",
    ],
)
def test_other_pages(body):
    assert not is_refusal(body)


def test_a_record_with_the_words_and_the_scripts():
    """A record may speak of bot checks, and Cloudflare puts its script on pages that it lets through."""
    page = PageText(
        "“Are you a robot?”.", "Doe J.", "J Made Up. 1998;1:2.", ("Please verify you are human, asked the goats.",)
    )
    record = read_record(write_page(page).replace(b"<body>", b"<body>" + JSD), erowid(1))
    assert record.title == "Are you a robot?"
