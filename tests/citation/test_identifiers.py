"""Citations and files of a study whose work is known: DOI, PubMed IDs, ISSN, the journal in full, and a retraction."""

import json

import pytest
import rispy

from bot.citation import cite, to_bibtex, to_csl_json, to_files, to_ris
from bot.core.enrichment import Notice, NoticeKind
from bot.core.record import Name, Record
from bot.core.study import Study
from tests.enrichments import matched
from tests.references import erowid

WILEY = "10.1002/(SICI)1096-8628(19960102)61:1<10::AID-AJMG3>3.0.CO;2-X"
"""The form of DOIs that Wiley gave in the 1990s."""
RECORD = Record(
    erowid(7_001),
    "Effects of a made-up tryptamine on sleep",
    authors=(Name("Doe", "J. A."), Name("Roe", "R. B."), Name("Poe", "C. C.")),
    container_title="J Made Up Stud",
    issued=((1988, 4, 26),),
    volume="447",
    issue="1",
    page="141-4",
)
RETRACTION = Notice(NoticeKind.RETRACTION, "Crossref", (1990, 2, 6), "10.5555/notice.7")


def study(doi: str | None, **changes: object) -> Study:
    """A study whose work is known by a DOI and more."""
    known: dict = {"pmcid": "PMC900001", "journal": "Journal of Made-Up Studies", "issn": ("0000-0001", "0000-0002")}
    return Study(RECORD, matched(doi=doi, **known | changes))


AS_CITEPROC_JS = {
    "apa": (
        "Doe, J. A., Roe, R. B., & Poe, C. C. (1988). Effects of a made-up tryptamine on sleep. Journal of Made-Up Studies, "
        "447(1), 141–144. https://doi.org/DOI"
    ),
    "modern-language-association": (
        "Doe, J. A., et al. “Effects of a Made-up Tryptamine on Sleep.” Journal of Made-Up Studies, vol. 447, no. 1, Apr. "
        "1988, pp. 141–44, https://doi.org/DOI."
    ),
    "chicago-author-date": (
        "Doe, J. A., R. B. Roe, and C. C. Poe. 1988. “Effects of a Made-up Tryptamine on Sleep.” Journal of Made-Up Studies "
        "447 (1): 141–44. https://doi.org/DOI."
    ),
    "nlm-citation-sequence": (
        "Doe JA, Roe RB, Poe CC. Effects of a made-up tryptamine on sleep. J Made Up Stud. 1988 Apr 26;447(1):141–4. "
        "doi:DOI PubMed PMID: 12351788; PubMed Central PMCID: PMC900001."
    ),
    "american-medical-association": (
        "Doe JA, Roe RB, Poe CC. Effects of a made-up tryptamine on sleep. J Made Up Stud. 1988;447(1):141-144. doi:DOI"
    ),
    "harvard-cite-them-right": (
        "Doe, J.A., Roe, R.B. and Poe, C.C. (1988) ‘Effects of a made-up tryptamine on sleep’, Journal of Made-Up Studies, "
        "447(1), pp. 141–4. Available at: https://doi.org/DOI."
    ),
    "ieee": (
        "J. A. Doe, R. B. Roe, and C. C. Poe, “Effects of a made-up tryptamine on sleep,” J Made Up Stud, vol. 447, no. 1, "
        "pp. 141–4, Apr. 1988, doi: DOI."
    ),
    "nature": (
        "Doe, J. A., Roe, R. B. & Poe, C. C. Effects of a made-up tryptamine on sleep. J Made Up Stud 447, 141–4 (1988)."
    ),
    "cell": (
        "Doe, J.A., Roe, R.B., and Poe, C.C. (1988). Effects of a made-up tryptamine on sleep. J Made Up Stud 447, 141–144. "
        "https://doi.org/DOI."
    ),
    "bmj": ("Doe JA, Roe RB, Poe CC. Effects of a made-up tryptamine on sleep. J Made Up Stud. 1988;447:141–4. doi: DOI"),
    "plos-one": (
        "Doe JA, Roe RB, Poe CC. Effects of a made-up tryptamine on sleep. J Made Up Stud. 1988;447: 141–4. doi:DOI"
    ),
    "elsevier-harvard": (
        "Doe, J.A., Roe, R.B., Poe, C.C., 1988. Effects of a made-up tryptamine on sleep. J Made Up Stud 447, 141–4. "
        "https://doi.org/DOI"
    ),
    "american-chemical-society": (
        "Doe, J. A.; Roe, R. B.; Poe, C. C. Effects of a Made-up Tryptamine on Sleep. J Made Up Stud 1988, 447 (1), "
        "141–144. https://doi.org/DOI."
    ),
    "the-lancet": "Doe JA, Roe RB, Poe CC. Effects of a made-up tryptamine on sleep. J Made Up Stud 1988; 447: 141–4.",
}
"""What citeproc-js 2.4 gives, with the DOI in the place of DOI; Nature and The Lancet want none."""


@pytest.mark.parametrize("style", AS_CITEPROC_JS)
@pytest.mark.parametrize("doi", ["10.5555/sleep.1", WILEY, "10.1016/S0022-3476(79)80391-4", "10.1000/a%b#c;d_e&f"])
def test_a_doi_as_its_style_wants_it(style: str, doi: str) -> None:
    """As an address, behind "doi:" or not at all, unchanged; journals in full or in short."""
    assert cite(study(doi).to_csl(), style).text == AS_CITEPROC_JS[style].replace("DOI", doi)


def test_without_a_work_the_record_is_cited() -> None:
    """Nothing is known beside it."""
    assert Study(RECORD).to_csl() == RECORD.to_csl()
    assert "doi" not in cite(Study(RECORD).to_csl(), "apa").text


def test_the_item_of_a_study() -> None:
    """Identifiers, and the journal in full with the record's form as its short form; the rest is the record's."""
    assert study(WILEY).to_csl() == RECORD.to_csl() | {
        "DOI": WILEY,
        "PMID": "12351788",
        "PMCID": "PMC900001",
        "ISSN": "0000-0001, 0000-0002",
        "container-title": "Journal of Made-Up Studies",
        "container-title-short": "J Made Up Stud",
    }


@pytest.mark.parametrize(
    ("doi", "in_bibtex"),
    [
        ("10.5555/sleep.1", "10.5555/sleep.1"),
        (WILEY, WILEY),
        ("10.1000/a%b#c;d_e&f", "10.1000/a%b#c;d_e&f"),
        ("10.1000/{a}\\b", "10.1000/%7Ba%7D%5Cb"),
    ],
)
def test_files(doi: str, in_bibtex: str) -> None:
    """Each file has all identifiers and both forms of the journal's name; a DOI stands in it as it is."""
    item = study(doi).to_csl()
    bibtex = to_bibtex([item])
    for line in (
        f"doi = {{{in_bibtex}}}",
        "pmid = {12351788}",
        "pmcid = {PMC900001}",
        "issn = {0000-0001, 0000-0002}",
        "journal = {Journal of Made-Up Studies}",
        "shortjournal = {J Made Up Stud}",
    ):
        assert f"  {line},\n" in bibtex
    (entry,) = rispy.loads(to_ris([item]))
    assert (entry["doi"], entry["accession_number"], entry["custom2"]) == (doi, "12351788", "PMC900001")
    assert (entry["secondary_title"], entry["alternate_title1"]) == ("Journal of Made-Up Studies", "J Made Up Stud")
    assert entry["issn"] == "0000-0001, 0000-0002"
    (read,) = json.loads(to_csl_json([item]))
    assert read == item


@pytest.mark.parametrize(
    "retracted",
    [study(None, notices=(RETRACTION,)), Study(Record(erowid(7_002), "On a drug", retraction="NOTE: Retracted."))],
)
def test_a_retraction_in_files(retracted: Study) -> None:
    """A note in each, whoever says so; the title stays as it is."""
    item = retracted.to_csl()
    files = to_files([item])
    assert "note = {Retracted}" in files["bib"]
    assert rispy.loads(files["ris"])[0]["notes"] == ["Retracted"]
    assert json.loads(files["json"])[0]["note"] == "Retracted"
    assert item["title"] == retracted.record.title
    assert not any("Retracted" in text for text in to_files([study(WILEY).to_csl()]).values())
