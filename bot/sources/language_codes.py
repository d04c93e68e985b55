"""Codes of languages: services use ISO 639-2 or 639-1, records ISO 639-1."""

_CODES = dict(
    pair.split(":")
    for pair in """
    afr:af alb:sq ara:ar arm:hy aze:az baq:eu ben:bn bos:bs bul:bg cat:ca chi:zh cze:cs dan:da dut:nl eng:en est:et fin:fi
    fre:fr geo:ka ger:de glg:gl gre:el heb:he hin:hi hrv:hr hun:hu ice:is ind:id ita:it jpn:ja kaz:kk kor:ko lat:la lav:lv
    lit:lt mac:mk may:ms mon:mn nor:no per:fa pol:pl por:pt rum:ro rus:ru slo:sk slv:sl spa:es srp:sr swe:sv tha:th tur:tr
    ukr:uk urd:ur vie:vi wel:cy
    """.split()
)
_UNKNOWN = frozenset({"", "und", "mul", "zxx", "mis"})


def language_code(code: str | None) -> str | None:
    """Give the two-letter code of a language, or `code` itself without one; None for no or an unknown language."""
    code = (code or "").strip().lower()
    return None if code in _UNKNOWN or not code.isalpha() else _CODES.get(code, code)


def title_language(title: str, languages: tuple[str, ...]) -> str | None:
    """Give the language of a title: English for a translation in brackets, else the work's only language, else None."""
    if title.startswith("["):
        return "en"
    return languages[0] if len(languages) == 1 else None
