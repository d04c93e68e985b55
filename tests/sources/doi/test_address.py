import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.doi import address, read_address
from tests.counting import count_steps
from tests.sources.endings import AFTER
from tests.tables import table_of

WILEY = "https://onlinelibrary.wiley.com/doi"
SICI = "10.1002/(SICI)1097-0258(19980815/30)17:15/16%3C1661::AID-SIM968%3E3.0.CO;2-2"
SICI_DOI = "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2"

WORKS = [
    ("https://doi.org/10.1126/science.1074501", "10.1126/science.1074501"),
    ("http://doi.org/10.1126/science.1074501", "10.1126/science.1074501"),
    ("http://dx.doi.org/10.1126/science.1074501", "10.1126/science.1074501"),
    ("https://www.doi.org/10.1126/science.1074501", "10.1126/science.1074501"),
    ("HTTPS://DOI.ORG/10.1126/SCIENCE.1074501", "10.1126/science.1074501"),
    ("https://doi.org:443/10.1126/science.1074501", "10.1126/science.1074501"),
    ("https://doi.org./10.1126/science.1074501", "10.1126/science.1074501"),
    ("https://doi.org//10.1126/science.1074501", "10.1126/science.1074501"),
    ("https://doi.org/doi:10.1126/science.1074501", "10.1126/science.1074501"),
    ("https://doi.org/10.1126%2Fscience.1074501", "10.1126/science.1074501"),
    ("https://doi.org/10.1126/science.1074501/", "10.1126/science.1074501"),
    ("https://doi.org/10.1126/science.1074501?sid=x", "10.1126/science.1074501"),
    ("https://doi.org/10.1126/science.1074501&quot;", "10.1126/science.1074501"),
    ("https://doi.org/10.1126/science.1074501&#39;", "10.1126/science.1074501"),
    ("https://journals.sagepub.com/doi/pdf/10.1177/0269881116675513;jsessionid=1", "10.1177/0269881116675513"),
    ("https://onlinelibrary.wiley.com/wol1/doi/10.1002/hup.2660/abstract", "10.1002/hup.2660"),
    ("https://pubs.acs.org/doi/abstract/10.1021/np0000000", "10.1021/np0000000"),
    ("https://journals.plos.org/plosone/article?id=info:doi/10.1371/journal.pone.0033693", "10.1371/journal.pone.0033693"),
    ("https://doi.org/10.1126/science.1074501#abstract", "10.1126/science.1074501"),
    ("https://doi.org/%2010.1126/science.1074501%20", "10.1126/science.1074501"),
    ("https://doi.org/10.1016/S0140-6736(05)17951-3", "10.1016/s0140-6736(05)17951-3"),
    ("https://doi.org/10.1016/S0140-6736%2805%2917951-3", "10.1016/s0140-6736(05)17951-3"),
    ("https://doi.org/10.1016/0006-3223(94)90012-4", "10.1016/0006-3223(94)90012-4"),
    ("https://doi.org/10.1890/0012-9658(2006)87[1715:COS]2.0.CO;2", "10.1890/0012-9658(2006)87[1715:cos]2.0.co;2"),
    ("https://doi.org/10.1175/1520-0477(1998)079<0061:APGTWA>2.0.CO;2", "10.1175/1520-0477(1998)079<0061:apgtwa>2.0.co;2"),
    (f"https://doi.org/{SICI}", SICI_DOI),
    (f"https://doi.org/{SICI.replace('%3C', '&lt;').replace('%3E', '&gt;')}", SICI_DOI),
    (
        "https://doi.org/10.1002/(SICI)1097(1998)1:1%3C1::AID-X1%3E3.0.CO;2-%23",
        "10.1002/(sici)1097(1998)1:1<1::aid-x1>3.0.co;2-#",
    ),
    (f"https://doi.org/{SICI[:-1]}#", f"{SICI_DOI[:-1]}#"),
    (f"https://doi.org/{SICI[:-1]}#?x=1", f"{SICI_DOI[:-1]}#"),
    (f"https://doi.org/{SICI[:-1]}0", f"{SICI_DOI[:-1]}0"),
    (f"https://doi.org/{SICI[:-1]}U#top", f"{SICI_DOI[:-1]}u"),
    (f"https://doi.org/{SICI_DOI[:-1]}#", f"{SICI_DOI[:-1]}#"),
    (f"https://doi.org/{SICI[:-3].replace(';', '%3B')}2-#", f"{SICI_DOI[:-1]}#"),
    ("https://doi.org/10.1000.10/123456", "10.1000.10/123456"),
    ("https://doi.org/10.1007/978-1-4842-6700-4_5", "10.1007/978-1-4842-6700-4_5"),
    ("https://doi.org/10.1101/2020.03.01.20029769v2", "10.1101/2020.03.01.20029769"),
    ("https://doi.org/10.3389/fpsyt.2020.00169/full", "10.3389/fpsyt.2020.00169"),
    (
        "https://doi.org/10.1371/annotation/c76da2c1-ccb8-4797-94c1-359d3ceceeda",
        "10.1371/annotation/c76da2c1-ccb8-4797-94c1-359d3ceceeda",
    ),
    (f"{WILEY}/10.1002/hup.2742", "10.1002/hup.2742"),
    (f"{WILEY}/abs/10.1002/hup.2742", "10.1002/hup.2742"),
    (f"{WILEY}/full/10.1002/hup.2742", "10.1002/hup.2742"),
    (f"{WILEY}/pdf/10.1002/hup.2742", "10.1002/hup.2742"),
    (f"{WILEY}/epdf/10.1002/hup.2742", "10.1002/hup.2742"),
    (f"{WILEY}/pdfdirect/10.1002/hup.2742?download=true", "10.1002/hup.2742"),
    (f"{WILEY}/10.1002/hup.2742/abstract", "10.1002/hup.2742"),
    (f"{WILEY}/10.1002/hup.2742/abstract;jsessionid=ABC.f01t01", "10.1002/hup.2742"),
    (f"{WILEY}/10.1111/j.1360-0443.1993.tb00803.x/full", "10.1111/j.1360-0443.1993.tb00803.x"),
    (f"{WILEY}/{SICI}", SICI_DOI),
    (f"{WILEY}/{SICI}/abstract;jsessionid=ABC.f01t01", SICI_DOI),
    (f"{WILEY}/{SICI[:-1]}%23/abstract", f"{SICI_DOI[:-1]}#"),
    (f"{WILEY}/{SICI[:-1]}#/abstract", f"{SICI_DOI[:-1]}#"),
    ("https://bpspubs.onlinelibrary.wiley.com/doi/10.1111/bph.15000", "10.1111/bph.15000"),
    ("https://www.tandfonline.com/doi/full/10.1080/02791072.2020.1712767", "10.1080/02791072.2020.1712767"),
    (
        "https://www.tandfonline.com/doi/abs/10.1080/02791072.1998.10399715?journalCode=ujpd20",
        "10.1080/02791072.1998.10399715",
    ),
    ("https://tandfonline.com/doi/pdf/10.1080/02791072.2020.1712767?needAccess=true", "10.1080/02791072.2020.1712767"),
    ("https://www.tandfonline.com/doi/10.3109/00952999309001647", "10.3109/00952999309001647"),
    ("https://journals.sagepub.com/doi/10.1177/0269881116675513", "10.1177/0269881116675513"),
    ("https://journals.sagepub.com/doi/full/10.1177/0269881116675513?icid=int.sj", "10.1177/0269881116675513"),
    ("https://journals.sagepub.com/doi/reader/10.1177/0269881116675513", "10.1177/0269881116675513"),
    ("https://www.science.org/doi/10.1126/science.1074501", "10.1126/science.1074501"),
    ("https://science.org/doi/abs/10.1126/science.1074501", "10.1126/science.1074501"),
    ("https://www.science.org/doi/pdf/10.1126/sciadv.abc1234", "10.1126/sciadv.abc1234"),
    ("https://pubs.acs.org/doi/10.1021/acs.jmedchem.9b01292", "10.1021/acs.jmedchem.9b01292"),
    ("https://pubs.acs.org/doi/abs/10.1021/jm00160a017?src=recsys", "10.1021/jm00160a017"),
    ("https://pubs.acs.org/doi/suppl/10.1021/jm00160a017/suppl_file/jm_si_001.pdf", "10.1021/jm00160a017"),
    ("https://pubs.acs.org/doi/pdf/10.1021/jm00160a017", "10.1021/jm00160a017"),
    ("https://link.springer.com/article/10.1007/s00213-017-4701-y", "10.1007/s00213-017-4701-y"),
    ("https://link.springer.com/article/10.1007/BF02244873#page-1", "10.1007/bf02244873"),
    ("https://link.springer.com/article/10.1007/s00213-017-4701-y/fulltext.html", "10.1007/s00213-017-4701-y"),
    ("https://link.springer.com/article/10.1007%2Fs00213-017-4701-y", "10.1007/s00213-017-4701-y"),
    ("https://link.springer.com/article/10.1007/s00213-017-4701-y/figures/1", "10.1007/s00213-017-4701-y"),
    ("https://link.springer.com/content/pdf/10.1007/s00213-017-4701-y.pdf", "10.1007/s00213-017-4701-y"),
    ("https://link.springer.com/chapter/10.1007/978-1-4842-6700-4_5", "10.1007/978-1-4842-6700-4_5"),
    ("https://link.springer.com/10.1007/s00213-017-4701-y", "10.1007/s00213-017-4701-y"),
    ("https://www.nature.com/articles/s41586-020-2012-7", "10.1038/s41586-020-2012-7"),
    ("https://nature.com/articles/s41598-017-13282-7", "10.1038/s41598-017-13282-7"),
    ("https://www.nature.com/articles/s41386-018-0160-x.pdf", "10.1038/s41386-018-0160-x"),
    ("https://www.nature.com/articles/s41386-018-0160-x/figures/2", "10.1038/s41386-018-0160-x"),
    ("https://www.nature.com/articles/s41386-018-0160-x?proof=t", "10.1038/s41386-018-0160-x"),
    ("https://www.nature.com/articles/d41586-020-00502-w", "10.1038/d41586-020-00502-w"),
    ("https://www.nature.com/articles/srep12345", "10.1038/srep12345"),
    ("https://www.nature.com/articles/nature12373", "10.1038/nature12373"),
    ("https://www.biorxiv.org/content/10.1101/2020.01.30.927871v1", "10.1101/2020.01.30.927871"),
    ("https://www.biorxiv.org/content/10.1101/2020.01.30.927871v1.full", "10.1101/2020.01.30.927871"),
    ("https://www.biorxiv.org/content/10.1101/2020.01.30.927871v1.full.pdf+html", "10.1101/2020.01.30.927871"),
    ("https://www.biorxiv.org/content/10.1101/2020.01.30.927871v2.article-info", "10.1101/2020.01.30.927871"),
    ("https://www.biorxiv.org/content/10.1101/123456v3", "10.1101/123456"),
    ("https://biorxiv.org/content/10.1101/123456.abstract", "10.1101/123456"),
    ("https://www.medrxiv.org/content/10.1101/2020.03.01.20029769v2.full-text", "10.1101/2020.03.01.20029769"),
    ("https://www.medrxiv.org/content/10.1101/2020.03.01.20029769", "10.1101/2020.03.01.20029769"),
    ("https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0033693", "10.1371/journal.pone.0033693"),
    ("https://journals.plos.org/plosone/article/?id=10.1371/journal.pone.0033693#pone-g1", "10.1371/journal.pone.0033693"),
    (
        "https://journals.plos.org/plosone/article/file?id=10.1371/journal.pone.0033693&type=printable",
        "10.1371/journal.pone.0033693",
    ),
    (
        "https://journals.plos.org/plosmedicine/article/comments?id=10.1371%2Fjournal.pmed.0020124",
        "10.1371/journal.pmed.0020124",
    ),
    ("https://dx.plos.org/10.1371/journal.pone.0033693", "10.1371/journal.pone.0033693"),
    ("https://www.frontiersin.org/articles/10.3389/fpsyt.2020.00169/full", "10.3389/fpsyt.2020.00169"),
    ("https://www.frontiersin.org/articles/10.3389/fpsyt.2020.00169", "10.3389/fpsyt.2020.00169"),
    ("https://www.frontiersin.org/journals/psychiatry/articles/10.3389/fpsyt.2020.00169/full", "10.3389/fpsyt.2020.00169"),
    ("https://www.frontiersin.org/articles/10.3389/fphar.2017.00974/pdf", "10.3389/fphar.2017.00974"),
    ("https://www.frontiersin.org/Journal/10.3389/fnhum.2014.00020/full", "10.3389/fnhum.2014.00020"),
    ("https://journal.frontiersin.org/article/10.3389/fnhum.2014.00020/abstract", "10.3389/fnhum.2014.00020"),
    (
        "https://public-pages-files-2025.frontiersin.org/journals/psychiatry/articles/10.3389/fpsyt.2020.00169/pdf",
        "10.3389/fpsyt.2020.00169",
    ),
    ("http://doi.wiley.com/10.1002/hup.2742", "10.1002/hup.2742"),
    (f"{WILEY}/am-pdf/10.1002/hup.2742", "10.1002/hup.2742"),
    ("https://journals.sagepub.com/doi/metrics/10.1177/0269881116675513", "10.1177/0269881116675513"),
    ("http://www.sciencemag.org/cgi/doi/10.1126/science.1074501", "10.1126/science.1074501"),
    ("https://advances.sciencemag.org/lookup/doi/10.1126/sciadv.abc1234", "10.1126/sciadv.abc1234"),
    ("https://rd.springer.com/article/10.1007/s00213-017-4701-y", "10.1007/s00213-017-4701-y"),
    ("https://www.nature.com/articles/nrn2787", "10.1038/nrn2787"),
    ("https://www.nature.com/articles/nrn.2017.85.pdf", "10.1038/nrn.2017.85"),
    ("https://www.nature.com/articles/nn.4135?proof=t", "10.1038/nn.4135"),
    ("https://www.nature.com/articles/187123a0", "10.1038/187123a0"),
    ("http://www.nature.com/doifinder/10.1038/nature12373", "10.1038/nature12373"),
    ("https://www.biorxiv.org/content/10.1101/2020.01.30.927871v1.full.pdf", "10.1101/2020.01.30.927871"),
    ("https://www.biorxiv.org/content/10.64898/2025.12.30.927871v1", "10.64898/2025.12.30.927871"),
    ("https://www.biorxiv.org/content/early/2016/05/05/051946", "10.1101/051946"),
    ("https://www.biorxiv.org/content/early/2020/01/30/2020.01.30.927871.full.pdf", "10.1101/2020.01.30.927871"),
    ("https://www.biorxiv.org/content/biorxiv/early/2025/11/30/2025.11.30.927871.full.pdf", "10.1101/2025.11.30.927871"),
    ("http://biorxiv.org/cgi/content/short/2020.01.30.927871v1?rss=1", "10.1101/2020.01.30.927871"),
    ("https://www.medrxiv.org/cgi/content/10.1101/2020.03.01.20029769v2", "10.1101/2020.03.01.20029769"),
    ("http://biorxiv.org/lookup/doi/10.1101/2020.01.30.927871", "10.1101/2020.01.30.927871"),
    ("https://connect.biorxiv.org/relate/content/10.1101/2020.01.30.927871", "10.1101/2020.01.30.927871"),
    ("https://connect.medrxiv.org/relate/content/10.1101/2020.03.01.20029769", "10.1101/2020.03.01.20029769"),
    (
        "https://journals.plos.org/plosone/article/figure?id=10.1371/journal.pone.0033693.g001",
        "10.1371/journal.pone.0033693",
    ),
    (
        "https://journals.plos.org/plosone/article/figure/image?size=medium&id=info:doi/10.1371/journal.pone.0033693.g001",
        "10.1371/journal.pone.0033693",
    ),
    (
        "https://journals.plos.org/plosone/article/file?type=supplementary&id=10.1371/journal.pone.0033693.s001",
        "10.1371/journal.pone.0033693",
    ),
    ("http://www.plosone.org/article/info:doi/10.1371/journal.pone.0033693", "10.1371/journal.pone.0033693"),
    ("http://www.plosmedicine.org/article/info%3Adoi%2F10.1371%2Fjournal.pmed.0020124", "10.1371/journal.pmed.0020124"),
]


def test_every_form_of_address_gives_its_doi() -> None:
    """Host, page, encoding, and letters in upper or lower case do not matter; the DOI does."""
    assert [(address, str(read_address(address))) for address, _ in WORKS] == [(place, f"doi:{doi}") for place, doi in WORKS]


@pytest.mark.parametrize(
    "place",
    [
        "https://doi.org/10.1016/S0140-6736(05)17951-3",
        "https://doi.org/10.1126/science.1074501",
        f"{WILEY}/abs/10.1002/hup.2742",
        "https://www.nature.com/articles/s41586-020-2012-7",
        "https://www.biorxiv.org/content/10.1101/123456v3",
        "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0033693",
        "https://www.frontiersin.org/articles/10.3389/fpsyt.2020.00169/full",
        f"https://doi.org/{SICI}",
    ],
)
def test_punctuation_after_an_address_is_no_part_of_it(place: str) -> None:
    """Addresses end where people end them; brackets in pairs are the DOI's."""
    assert read_address(place) is not None
    assert [after for after in AFTER if read_address(place + after) != read_address(place)] == []


@pytest.mark.parametrize("row", table_of(address.__doc__), ids=lambda row: row[0])
def test_the_table_holds(row: list[str]) -> None:
    """What the module's docstring promises is so."""
    assert str(read_address(row[0].strip("`"))) == f"doi:{row[1].strip('`')}"


PARTS = st.sampled_from(
    [
        *(address for address, _ in WORKS[::5]),
        *"/?#.,%:@\\()[]<>;'\"",
        "10.1000/",
        "%2F",
        "%FF",
        "&lt;",
        "abc",
        "é",
        " ",
        "v1",
    ]
)


@given(st.text(max_size=80) | st.lists(PARTS, max_size=12).map("".join))
def test_any_text_is_read(text: str) -> None:
    """Whatever is given, either a DOI in its usual form comes out or nothing."""
    found = read_address(text)
    assert found is None or (found.source == "doi" and found.id.startswith("10.") and found.id == found.id.lower())


@pytest.mark.parametrize(
    "unit", ["/", "1", "(", "10.", "doi:", "%20", ".", "[1]", ")(", "/full", "&lt;", "\\_", "id=", "<a>"]
)
@pytest.mark.parametrize(
    "start", ["https://doi.org/", "https://doi.org/10.1000/a", "https://journals.plos.org/plosone/article?"]
)
def test_time_is_linear(start: str, unit: str) -> None:
    """Twice the text makes at most little more than twice the work; counted, not timed."""
    steps = [count_steps(lambda size=size: read_address((start + unit * size)[:size])) for size in (2_000, 4_000)]
    assert steps[1] <= 2.6 * steps[0] + 200
