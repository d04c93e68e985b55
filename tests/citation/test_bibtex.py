"""BibTeX files, read by two readers of other people's."""

import bibtexparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database.input.bibtex import Parser
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from bot.citation import to_bibtex
from tests.citation.works import ARTICLE, CHAPTER, DOE, MONTHS

_CONTEXT = get_default_latex_context_db()
_LETTERS = {"braceleft": "{", "braceright": "}", "asciicircum": "^", "asciigrave": "`", "less": "<", "greater": ">"}
_CONTEXT.add_context_category(
    "text", [MacroTextSpec(f"text{name}", letter) for name, letter in _LETTERS.items()], prepend=True
)
LATEX = LatexNodes2Text(latex_context=_CONTEXT, strict_latex_spaces=True, math_mode="verbatim", keep_comments=True)


def read(text):
    """Read a file with both readers, which must agree on its keys; give pybtex's entries."""
    entries = Parser().parse_string(text).entries
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    assert [entry.key for entry in library.entries] == list(entries)
    return entries


def test_fields():
    """An entry states what its record states."""
    entries = read(to_bibtex([ARTICLE, CHAPTER, MONTHS]))
    article, chapter, months = entries.values()
    assert list(entries) == ["doe1988-7001", "nothingstudygroup1978-7002", "anon1974-7003"]
    assert [entry.type for entry in entries.values()] == ["article", "incollection", "article"]
    assert [str(person) for person in article.persons["author"]] == ["Doe, J. A.", "Roe, Rita B.", "van Poe, Jr., C."]
    assert dict(article.fields) == {
        "title": "Effects of a made-up tryptamine on sleep: a 'double-blind' trial",
        "journal": "J Made Up Stud",
        "volume": "447",
        "number": "1",
        "year": "1988",
        "date": "1988-04-26",
        "month": "April",
        "pages": "141--144",
    }
    assert chapter.persons["author"][0].last_names == ["{Nothing Study Group}"]
    assert {"booktitle": "The invention of nothing", "pages": "12--31"}.items() <= dict(chapter.fields).items()
    assert {"date": "1974-10/1974-12", "pages": "S9--S17"}.items() <= dict(months.fields).items()


def test_keys():
    """A record has one key alone and in any list; two records never share one."""
    twin = ARTICLE | {"id": "7009"}
    assert next(iter(read(to_bibtex([twin])))) in read(to_bibtex([ARTICLE, twin, MONTHS]))
    nameless = {key: value for key, value in ARTICLE.items() if key != "id"}
    assert list(read(to_bibtex([nameless, nameless, nameless]))) == ["doe1988", "doe1988.2", "doe1988.3"]
    assert list(read(to_bibtex([{"author": [{"family": "Ångström"}]}, {}]))) == ["angstrom", "anon"]


@pytest.mark.parametrize(
    ("title", "latex"),
    [
        ("50% & more", r"50\% \& more"),
        ("$5 ^ 2 ~ 3_4 #1", r"\$5 \textasciicircum{} 2 \textasciitilde{} 3\_4 \#1"),
        ("{ \\ }", r"\textbraceleft{} \textbackslash{} \textbraceright{}"),
        ("The LSD-25 of DMT", "The {LSD-25} of {DMT}"),
        ("<i>N,N</i>-x in H<sub>2</sub>O", r"\textit{{N,N}}-x in {H}\textsubscript{2}{O}"),
        ("a <i>b", r"a \textless{}i\textgreater{}b"),
        ("β-methyl — « été »", "β-methyl — « été »"),
        ("rats'' and ,,mice", "rats'{}' and ,{},mice"),
    ],
)
def test_latex(title, latex):
    """What LaTeX takes for itself is escaped, markup becomes commands, and capitals inside words are kept."""
    assert latex == next(iter(read(to_bibtex([{"title": title}])).values())).fields["title"]


@pytest.mark.parametrize(
    ("title", "latex", "language"),
    [
        (
            "Use of ecstasy in Switzerland: E. coli, Wistar rats and Parkinson's disease",
            "Use of ecstasy in {Switzerland}: {E.} coli, {Wistar} rats and {Parkinson's} disease",
            "",
        ),
        ("Sleep in Newts (Pleurodeles)", "Sleep in {Newts} ({Pleurodeles})", ""),
        ("<i>Nihil inventum</i> in Utopia", r"\textit{Nihil inventum} in {Utopia}", ""),
        ("Sleep of <i>Nihil inventum</i>", r"Sleep of \textit{{Nihil} inventum}", ""),
        ("The Effects of Sleep on LSD Users and Newts", "The Effects of Sleep on {LSD} Users and Newts", "en"),
        ("Der Schlaf der Molche", "Der {Schlaf} der {Molche}", "de"),
        ("Sommeil Profond Chez Tritons Jeunes", "Sommeil {Profond} {Chez} {Tritons} {Jeunes}", "fr"),
        ("Newts and Newts again", "Newts and {Newts} again", ""),
    ],
)
def test_capitals_of_names_are_kept(title, latex, language):
    """BibTeX styles lower the letters of titles; only a title in title case may lose its capitals."""
    (entry,) = read(to_bibtex([{"title": title, "language": language}])).values()
    assert entry.fields["title"] == latex


@pytest.mark.parametrize(
    ("variables", "fields"),
    [
        ({"DOI": "https://doi.org/10.1000/xyz123"}, {"doi": "10.1000/xyz123"}),
        ({"PMID": "123", "PMCID": "PMC45"}, {"pmid": "123", "pmcid": "PMC45"}),
        ({"ISSN": "1234-5678", "note": "Retracted"}, {"issn": "1234-5678", "note": "Retracted"}),
        (
            {"container-title": "Journal of Nothing", "container-title-short": "J Noth"},
            {"journal": "Journal of Nothing", "shortjournal": "J Noth"},
        ),
        ({"issued": {"date-parts": [[1988]], "season": "2"}}, {"year": "1988", "date": "1988-22", "month": "Summer"}),
        ({"issued": {"date-parts": [[1988]], "season": "Easter"}}, {"year": "1988", "date": "1988", "month": "Easter"}),
    ],
)
def test_variables(variables, fields):
    """Each variable stands in the field that BibTeX or biblatex reads."""
    (entry,) = read(to_bibtex([{"type": "article-journal", "title": "x"} | variables])).values()
    assert fields.items() <= dict(entry.fields).items()


@pytest.mark.parametrize("more", [{"custom": {"more-authors": True}}, {"author": [DOE, {"literal": "et al."}]}])
def test_and_others(more):
    (entry,) = read(to_bibtex([{"title": "x", "author": [DOE]} | more])).values()
    assert [str(person) for person in entry.persons["author"]] == ["Doe, J. A.", "others"]


ANY = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]) | st.just(" "), max_size=40)
LATIN = st.text(st.sampled_from("abcXYZ {}\\$%&#_^~<>,.'\"-@=:;/0123é"), max_size=40)


@given(st.lists(ANY | LATIN, min_size=1, max_size=3))
def test_any_text(titles):
    """Any text survives, in one entry a record, with its braces balanced."""
    entries = read(to_bibtex([{"title": title, "publisher": "x"} for title in titles]))
    assert len(entries) == len(titles)
    for entry, title in zip(entries.values(), titles, strict=True):
        text = entry.fields.get("title", "")
        assert text.count("{") == text.count("}")
        if title.isascii() and not any(tag in title for tag in ("<i>", "<b>", "<sup>", "<sub>", "<sc>", "<span", "--")):
            assert " ".join(LATEX.latex_to_text(text).split()) == " ".join(title.split())


@given(st.lists(st.fixed_dictionaries({"family": LATIN, "given": LATIN}), max_size=4), LATIN, LATIN)
def test_any_name(names, doi, url):
    """As many authors come out as went in, whatever they are called; an address without braces is verbatim."""
    entry = next(iter(read(to_bibtex([{"title": "x", "author": names, "DOI": doi, "URL": url}])).values()))
    people = [name for name in names if (name["family"] + name["given"]).strip()]
    assert len(entry.persons.get("author", [])) == len(people)
    for field, value in (("doi", doi), ("url", url)):
        if not set(value) & set("{}\\ ") and value:
            assert entry.fields[field] == value


def test_address():
    """DOI and URL stand verbatim."""
    item = ARTICLE | {"DOI": "10.1234/(SICI)1_2%3A4~5", "URL": "https://example.org/a_b?c=%20&d=~e#f"}
    fields = next(iter(read(to_bibtex([item])).values())).fields
    assert (item["DOI"], item["URL"]) == (fields["doi"], fields["url"])


def test_nothing_lost():
    """When a page was read, a record's number in PubMed, and a report's or patent's own number are kept."""
    page = {"type": "webpage", "title": "x", "URL": "https://example.org", "accessed": {"date-parts": [[2026, 11, 23]]}}
    patent = {"type": "patent", "title": "x", "number": "US 1_234"}
    report = {"type": "report", "title": "x", "number": "R-7", "issue": "2"}
    page, patent, report, article = read(
        to_bibtex([page, patent, report, ARTICLE | {"PMID": "00001234", "number": "e12"}])
    ).values()
    assert page.fields["urldate"] == "2026-11-23"
    assert (patent.fields["number"], report.fields["number"]) == (r"US 1\_234", "R-7")
    assert (article.fields["pmid"], article.fields["number"]) == ("00001234", "1")


def test_nobody():
    """An entry of nobody names nobody."""
    assert "author" not in next(iter(read(to_bibtex([MONTHS]))))
    assert DOE["family"] not in to_bibtex([MONTHS])
