"""The httpx client that asks the site: who it says it is, whom it trusts, which way it goes.

Proxies of the environment (HTTPS_PROXY, NO_PROXY, ...) are honoured, but never for a loopback address. Certificates are
always verified: against the file that the setting CA_BUNDLE names, else SSL_CERT_FILE or SSL_CERT_DIR, else certifi.
"""

import ipaddress
import ssl
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path

import httpx

from bot.adapters.site.limits import Bounds
from bot.core.errors import ConfigurationError


def user_agent(version: str, contact: str) -> str:
    """Give the honest User-Agent: `Precis/0.1.0 (+contact)`. ConfigurationError for a contact that no header can carry."""
    if not contact.isascii() or not contact.isprintable() or set(contact) & set("()\\"):
        raise ConfigurationError("CONTACT must be an address or an e-mail address in plain ASCII, without parentheses.")
    return f"Precis/{version} (+{contact})" if contact else f"Precis/{version}"


def origin(address: str) -> httpx.URL:
    """Read the address of the site, or of what stands for it. ConfigurationError if it is none."""
    try:
        url = httpx.URL(address)
        host = url.host  # decodes an international name, which may fail
    except (httpx.InvalidURL, UnicodeError) as error:
        raise ConfigurationError(f"EROWID_URL is no address: {error}") from error
    if url.scheme not in {"http", "https"} or not host or url.userinfo:
        raise ConfigurationError("EROWID_URL must be an http or https address with a host and without a user name.")
    return url


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name or number."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def trust(ca_bundle: Path | None = None) -> ssl.SSLContext:
    """Make the TLS context, which always verifies. ConfigurationError for a file of CAs that cannot be read."""
    try:
        if ca_bundle is not None:
            return ssl.create_default_context(cafile=ca_bundle)
        return httpx.create_ssl_context()
    except OSError as error:  # ssl.SSLError is one
        setting = f"CA_BUNDLE ({ca_bundle})" if ca_bundle is not None else "SSL_CERT_FILE"
        raise ConfigurationError(f"{setting} is no readable file of CA certificates in PEM form.") from error


def new_client(site: httpx.URL, bounds: Bounds, ca_bundle: Path | None = None) -> httpx.AsyncClient:
    """Make the client: no cookies, no redirects of its own, and never a wait for a free connection."""
    context = trust(ca_bundle)
    try:
        return httpx.AsyncClient(
            verify=context,
            trust_env=not is_loopback(site.host),
            timeout=httpx.Timeout(bounds.read, connect=bounds.connect),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=2, keepalive_expiry=30),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        )
    except (ImportError, ValueError, httpx.InvalidURL) as error:
        raise ConfigurationError(
            f"The proxy that the environment names (HTTPS_PROXY, ALL_PROXY) is of no use: {error}"
        ) from error
