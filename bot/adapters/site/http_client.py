"""The httpx client of one site: its User-Agent, the certificates that it trusts, the proxy that it uses.

Proxies of the environment (HTTPS_PROXY, NO_PROXY, ...) are used, but never for a loopback address. Certificates are always
verified: against the file in the setting CA_BUNDLE, else SSL_CERT_FILE or SSL_CERT_DIR, else certifi.
"""

import ipaddress
import os
import re
import ssl
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

from bot.adapters.site.limits import FetchLimits
from bot.core.errors import ConfigurationError

_ENTRY = re.compile(
    r"""
      (?P<ipv6> [0-9a-f.]* : [0-9a-f.]* : [0-9a-f:.]* (?: /[0-9]{1,3} )? )     # bare, with two colons at least; no port
    | (?P<name> \[ [0-9a-f:.]+ \] (?: /[0-9]{1,3} )? | [^:\[\]]+ )             # in brackets; or a host, address or network
      (?: : (?P<port> [0-9]{1,5} ) )?
    """,
    re.VERBOSE | re.ASCII,
)
"""One entry of NO_PROXY."""


def user_agent(version: str, contact: str) -> str:
    """Give the User-Agent `Precis/0.1.0 (+contact)`. Raises ConfigurationError for a contact that no header can carry."""
    if not contact.isascii() or not contact.isprintable() or set(contact) & set("()\\"):
        raise ConfigurationError("CONTACT must be an address or an e-mail address in plain ASCII, without parentheses.")
    return f"Precis/{version} (+{contact})" if contact else f"Precis/{version}"


def origin(address: str, setting: str) -> httpx.URL:
    """Read the address of a site. Raises ConfigurationError, which names the setting, if it is not an address."""
    try:
        url = httpx.URL(address)
        host = url.host  # decodes an international name, which may fail
    except (httpx.InvalidURL, UnicodeError) as error:
        raise ConfigurationError(f"{setting} is no address: {error}") from error
    if url.scheme not in {"http", "https"} or not host or url.userinfo:
        raise ConfigurationError(f"{setting} must be an http or https address with a host and without a user name.")
    return url


def trust(ca_bundle: Path | None = None) -> ssl.SSLContext:
    """Give the TLS context, which verifies certificates. Raises ConfigurationError for a file of CAs that cannot be read."""
    try:
        return _context(ca_bundle, os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
    except OSError as error:  # includes ssl.SSLError
        setting = f"CA_BUNDLE ({ca_bundle})" if ca_bundle is not None else "SSL_CERT_FILE"
        raise ConfigurationError(f"{setting} is no readable file of CA certificates in PEM form.") from error


@lru_cache(1)
def _context(ca_bundle: Path | None, _file: str | None, _folder: str | None) -> ssl.SSLContext:
    """Make the one context that all clients share, since each holds some 2 MB of certificates."""
    return ssl.create_default_context(cafile=ca_bundle) if ca_bundle is not None else httpx.create_ssl_context()


def new_client(site: httpx.URL, limits: FetchLimits, ca_bundle: Path | None = None) -> httpx.AsyncClient:
    """Make a client that keeps no cookies, follows no redirects, and never waits for a free connection."""
    context = trust(ca_bundle)
    variable, address = _proxy(site)
    try:
        _check_proxy(address)
        return httpx.AsyncClient(
            verify=context,
            trust_env=False,  # httpx cannot read every NO_PROXY, so the proxy is chosen here
            proxy=address,
            timeout=httpx.Timeout(limits.read, connect=limits.connect),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=2, keepalive_expiry=30),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        )
    except (ImportError, ValueError, httpx.InvalidURL) as error:
        raise ConfigurationError(f"{variable} names a proxy that cannot be used: {error}") from error


def _proxy(site: httpx.URL) -> tuple[str, str | None]:
    """Give the variable that names the proxy for a site, and the proxy's address; None if the site is asked directly."""
    proxies = getproxies()
    if _is_loopback(site.host) or bypasses(proxies.get("no", ""), site):
        return "", None
    for kind in (site.scheme, "all"):
        if address := proxies.get(kind):
            names = [name for name in os.environ if name.casefold() == f"{kind}_proxy" and os.environ[name] == address]
            variable = names[0] if names else f"The {kind} proxy of this system"
            return variable, address if "://" in address else f"http://{address}"
    return "", None


def _check_proxy(address: str | None) -> None:
    """Raise ValueError for a proxy address that httpx accepts although it cannot use it."""
    if address and (not (parts := urlsplit(address)).hostname or parts.port == 0):
        raise ValueError("it has no host, or port 0")


def bypasses(no_proxy: str, site: httpx.URL) -> bool:
    """Whether a site is asked directly: NO_PROXY lists hosts, domains, IP addresses and networks, or is `*`.

    | NO_PROXY has                                   | asked directly                                   | by the proxy    |
    |------------------------------------------------|--------------------------------------------------|-----------------|
    | `example.org`, `.example.org`, `*.example.org` | `example.org`, `a.example.org`, `example.org:80` | `anexample.org` |
    | `example.org:8443`                             | `example.org:8443`, `a.example.org:8443`         | `example.org`   |
    | `[::1]:80`                                     | `[::1]:80`                                       | `[::1]`         |
    | `10.1.2.3`                                     | `10.1.2.3`                                       | `10.1.2.4`      |
    | `10.0.0.0/8`                                   | `10.1.2.3`                                       | `11.1.2.3`      |
    | `fd00::1`, `[fd00::1]`                         | `[fd00::1]`                                      | `[fd00::2]`     |
    | `fd00::/8`                                     | `[fd12::1]`                                      | `[fe80::1]`     |
    | `*`                                            | `example.org`, `10.1.2.3`                        | none            |

    Anything else is ignored.
    """
    port = site.port or {"http": 80, "https": 443}.get(site.scheme)
    return any(_matches(entry.strip().casefold(), site.host.casefold(), port) for entry in no_proxy.split(","))


def _matches(entry: str, host: str, port: int | None) -> bool:
    if entry == "*":
        return True
    parts = _ENTRY.fullmatch(entry)
    if parts is None or (parts["port"] and int(parts["port"]) != port):
        return False
    name = parts["ipv6"] or parts["name"]
    try:
        network = ipaddress.ip_network(name.replace("[", "").replace("]", ""), strict=False)
    except ValueError:
        domain = name.removeprefix("*").strip(".")
        return bool(domain) and (host == domain or host.endswith(f".{domain}"))
    try:
        return ipaddress.ip_address(host) in network
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
