"""An invented second source of records, whose works may be known elsewhere too."""

import json
import re

from bot.core.phrase import Phrase
from bot.core.record import Paragraph, Record
from bot.core.reference import Reference
from bot.core.site import json_api
from bot.core.source import Request, Source, Sources
from bot.core.source_work import SourceWork
from bot.sources.erowid import erowid_source

TITLE = "Newt Abstracts"
SITE = "https://newt.example"
DOI = "10.5555/newt.5"


def newt(number: int) -> Reference:
    """The study with this number."""
    return Reference("newt", str(number))


def newt_page(title: str = "On newts that do not exist", doi: str | None = DOI, *, abstract: str = "") -> bytes:
    """Write what the site says of a study."""
    return json.dumps({"title": title, "doi": doi, "abstract": abstract}).encode()


def newt_source() -> Source:
    """Describe the site."""
    address = re.compile(rf"{re.escape(SITE)}/([0-9]+)\b")

    def read_address(text: str) -> Reference | None:
        found = address.match(text)
        return Reference("newt", found[1]) if found else None

    def read(body: bytes, reference: Reference, _charset: str | None) -> SourceWork:
        said = json.loads(body)
        abstract = (Paragraph(said["abstract"]),) if said["abstract"] else ()
        return SourceWork(record=Record(reference, said["title"], abstract=abstract), doi=said["doi"])

    return Source(
        name="newt",
        title="Newt",
        marks=("newt.example",),
        read_address=read_address,
        read_words=lambda _: None,
        label=lambda reference: Phrase("Newt study {id}", id=reference.id),
        url_of=lambda reference: f"{SITE}/{reference.id}",
        requests=lambda reference: (Request(reference=reference, site=TITLE, url=f"{SITE}/{reference.id}.json"),),
        readers={TITLE: read},
        sites=(json_api(TITLE, SITE, "NEWT_URL", gap=0.5),),
        parser=1,
    )


BOTH = Sources(erowid_source(), newt_source())
