"""Authors' names as services give them.

| family, given, suffix     | name                          | why                                     |
|---------------------------|-------------------------------|-----------------------------------------|
| `Doe`, `Jane A`, none     | `Doe`, `Jane A`               | as printed                              |
| `Doe`, `J A`, none        | `Doe`, `J. A.`                | initials have stops in a record         |
| `Doe`, `JA`, none         | `Doe`, `J. A.`                | the same, where nothing says otherwise  |
| `DOE`, `JO`, none         | `DOE`, `JO`                   | all in capitals: it may be a name       |
| `Doe`, `J.-P.`, none      | `Doe`, `J.-P.`                | as printed                              |
| `李`, `明`, none          | `李`, `明`                    | no initial                              |
| `Doe`, `John`, `Jr`       | `Doe`, `John`, `Jr`           | as printed                              |
| `Doe Jr.`, `John`, none   | `Doe`, `John`, `Jr.`          | in the wrong field, at Crossref         |
| `Doe`, `John B III`, none | `Doe`, `John B`, `III`        | the same                                |
| `Doe`, none, none         | `Doe`                         |                                         |
| `-`, `Jane`, none         | literal `Jane`                | a mark in place of a name               |
"""

import re

from bot.core.record import Name

_JOINED = re.compile(r"[A-Z]{2,3}")
_ET_AL = re.compile(r"(?:and |& )?(?:et al|others)\.?", re.IGNORECASE)
_AT_THE_END = re.compile(r"(?P<name>.*[\w.]),?\s+(?P<suffix>(?:Jr|Sr)\.?|II|III)")
SUFFIX = re.compile(r"(?:Jr|Sr|1st|2nd|3rd|[4-9]th|II|III|IV)\.?", re.IGNORECASE)


def person(family: str | None, given: str | None, suffix: str | None = None, initials: str | None = None) -> Name | None:
    """Give a person's name; `initials` are those of the service, if it gives them in a field of their own."""
    family, given = _text(family), _text(given)
    if family is None or given is None:
        lone = family or given
        return None if lone is None else Name(family=lone, suffix=_text(suffix)) if family else Name(literal=lone)
    if suffix is None and (found := _AT_THE_END.fullmatch(family)):
        family, suffix = found["name"], found["suffix"]
    elif suffix is None and (found := _AT_THE_END.fullmatch(given)):
        given, suffix = found["name"], found["suffix"]
    joined = _JOINED.fullmatch(given) and (given == initials or (initials is None and not family.isupper()))
    if joined:
        given = " ".join(given)
    if all(len(part) == 1 and part.isupper() for part in re.split("[ -]", given)):
        given = re.sub(r"([^ -])", r"\1.", given)
    return Name(family=family, given=given, suffix=_text(suffix))


def is_et_al(name: Name) -> bool:
    """Whether a name says only that there are more authors."""
    return any(_ET_AL.fullmatch(text) for text in (name.family, name.literal) if text)


def _text(value: str | None) -> str | None:
    return value if value and any(map(str.isalnum, value)) else None
