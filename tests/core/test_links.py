import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import known_sources
from bot.core.links import Link, find_links
from bot.core.reference import Reference
from bot.core.source import Sources
from bot.core.typed_reference import read_target
from bot.settings import Settings
from tests.counting import count_steps
from tests.references import SOURCES, erowid, number_of

ALL = known_sources(Settings(_env_file=None))
VIEW = "https://www.erowid.org/references/refs_view.php?ID=6004"


def found(text: str) -> list[int]:
    return [number_of(link.reference) for link in find_links(text, SOURCES)]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://www.erowid.org/references/refs_view.php?ID=6004", 6004),
        ("https://www.erowid.org/references/refs_view.php?ID=1066&C=MDMA&S=LzimBwHWYngrGbX", 1066),
        ("https://www.erowid.org/references/refs_view.php?ID=6004&S=Vollenweider_F&SField=Author", 6004),
        ("https://www.erowid.org/references/refs_view.php?S=cy%2039&SField=All&ID=529", 529),
        ("https://www.erowid.org/references/refs_view.php?S=a+b'(1)&C=&ID=529", 529),
        ("https://erowid.org/references/refs_view.php?A=ShowDocPartFrame&C=ref&ID=6710&DocPartID=6315", 6710),
        ("https://erowid.org/references/refs_view.php?C=MDMA&amp;ID=1066&amp;S=x", 1066),
        ("https://erowid.org/references/8798", 8798),
        ("https://erowid.org/references/8798/", 8798),
        ("https://erowid.org/references/8798?from=here#top", 8798),
        ("http://erowid.org/references/8798", 8798),
        ("HTTPS://EROWID.ORG/references/8798", 8798),
        ("http://taz4.erowid.org/references/8798", 8798),
        ("http://upload.erowid.org/references/8798", 8798),
        ("http://erowid.org./references/8798", 8798),
        ("http://erowid.org:80/references/8798", 8798),
        ("https://Erowid.com/references/8798", 8798),
        ("https://erowid.org//references/008798", 8798),
        ("https://erowid.org/references/8117/", 8117),
        ("https://www.erowid.org/references/refs.php?A=View&ID=6617", 6617),
        ("https://www.erowid.org/references/refs.php?S=a+b&ID=6617&C=x&A=View", 6617),
        ("https://erowid.org/references/refs.php?A=View&amp;ID=6617", 6617),
        ("https://www.erowid.org/references/refs_view.php?A=ShowDoc1&ID=7343", 7343),
        ("https://erowid.org/references/texts/show/7395docid7635", 7395),
        ("https://erowid.org/references/texts/show/7395docid7635/", 7395),
        ("https://erowid.org/references/texts/show/7395?x=1", 7395),
        ("https://www.erowid.org/refs/8819", 8819),
        ("http://taz4.erowid.org/refs/8819/", 8819),
    ],
)
def test_every_form_of_address_gives_its_id(address: str, expected: int) -> None:
    """Hosts, ports, schemes and the order of fields do not matter; the ID does."""
    assert found(f"see {address} there") == [expected]
    assert read_target(address, SOURCES) == erowid(expected)
    assert read_target(address.split("://")[1], SOURCES) == erowid(expected)


@pytest.mark.parametrize(
    "address",
    [
        "https://erowid.org.evil.example/references/8798",
        "https://evil.example/?u=https://erowid.org/references/8798",
        "evil.example/?u=https://erowid.org/references/8798",
        "evil.example?u=https://erowid.org/references/8798",
        "https://evil.example/https://erowid.org/references/8798",
        "https://evil.example](https://erowid.org/references/8798)",
        "https://erowid.org@evil.example/references/8798",
        "https://erowid.org:pass@evil.example/references/8798",
        "https://someone@erowid.org/references/8798",
        "https://erowid.org\\@evil.example/references/8798",
        "https://notErowid.org/references/8798",
        "https://not-erowid.org/references/8798",
        "https://www.www.erowid.org/references/8798",
        "https://erowid.org:8080/references/8798",
        "https://еrowid.org/references/8798",  # noqa: RUF001 - the first letter is Cyrillic
        "https://evil.example/\\(https://erowid.org/references/8798)",
        "https://evil.example\\\\https://erowid.org/references/8798",
        "ftp://erowid.org/references/8798",
        "xhttps://erowid.org/references/8798",
        "https://erowid.org/references/refs.php",
        "https://erowid.org/references/refs.php?ID=6004",
        "https://erowid.org/references/refs.php?A=Search&ID=6004",
        "https://erowid.org/references/refs.php?A=ViewAll&ID=6004",
        "https://erowid.org/references/refs.php?A=View&A=Search&ID=6004",
        "https://erowid.org/references/refs.php?A=View",
        "https://erowid.org/references/refs.php?A=View&S=6004",
        "https://erowid.org/references/refs.php?A=View#ID=6004",
        "https://erowid.org/references/refs_cite.php?ID=6004",
        "https://erowid.org/references/journal/6004",
        "https://erowid.org/references/media/6004",
        "https://erowid.org/references/texts/6004",
        "https://erowid.org/references/texts/show/",
        "https://erowid.org/references/texts/show/docid7635",
        "https://erowid.org/references/texts/show/7395docid",
        "https://erowid.org/references/texts/show/7395x7635",
        "https://erowid.org/texts/show/7395docid7635",
        "https://erowid.org/refs/",
        "https://erowid.org/refs/8819x",
        "https://erowid.org/refs/8819/more",
        "https://erowid.org/refs_view.php?ID=6004",
        "https://erowid.org/refs/refs_view.php?ID=6004",
        "https://erowid.org/experiences/refs/8819",
        "https://erowid.org/references/hof/6004.shtml",
        "https://erowid.org/references/6004.shtml",
        "https://erowid.org/chemicals/mdma/references/6004",
        "https://erowid.org/experiences/exp.php?ID=6004",
        "https://erowid.org/references/refs_view.php?DocPartID=6004",
        "https://erowid.org/references/refs_view.php?xID=6004",
        "https://erowid.org/references/refs_view.php?ID=0",
        "https://erowid.org/references/refs_view.php?ID=-5",
        "https://erowid.org/references/refs_view.php?ID=123456789012",
        "https://erowid.org/references/refs_view.php?ID=60x04",
        "https://erowid.org/references/refs_view.php?ID=6004.5",
        "https://erowid.org/references/refs_view.php?ID=6004&ID=6005",
        "https://erowid.org/references/0",
        "https://erowid.org/references/-5",
        "https://erowid.org/references/123456789012",
        "https://erowid.org/references/",
        "https://erowid.org/references/refs_view.php#?ID=6004",
    ],
)
def test_look_alikes_and_other_pages_give_nothing(address: str) -> None:
    """A link that leads elsewhere, or to no record, is no link of ours."""
    assert found(f"see {address} there") == []
    assert found(address) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"[a study]({VIEW})", [6004]),
        (f"[{VIEW}]({VIEW})", [6004]),
        (f"[6004]({VIEW})and more", [6004]),
        (f'[a study]({VIEW} "title")', [6004]),
        (f"({VIEW}).", [6004]),
        (f"“{VIEW}”", [6004]),
        (f"{VIEW}, and so on", [6004]),
        (f"{VIEW}?!…", [6004]),
        (f"**{VIEW}** and __{VIEW}__", [6004]),
        (f"> {VIEW}\n> quoted", [6004]),
        (f"見{VIEW}。また", [6004]),
        (f"{VIEW} https://erowid.org/references/8798 {VIEW}&S=again", [6004, 8798]),
        (f"<{VIEW}>", []),
        (f"[a study](<{VIEW}>)", []),
        (f"`{VIEW}`", []),
        (f"``a ` {VIEW}``", []),
        (f"```\n{VIEW}\n```", []),
        (f"```py\n`{VIEW}` `` ```", []),
        (f"````{VIEW}````", []),
        (f"`a` {VIEW} `b`", [6004]),
        (f"`a {VIEW}", [6004]),
        (f"```a {VIEW}", [6004]),
        (f"\\`{VIEW}\\`", [6004]),
        (f"`\\`{VIEW}`", [6004]),
        (f"\\\\`{VIEW}`", []),
        (f"\\*{VIEW}\\*", [6004]),
        (f"!{VIEW}", []),
        (f"see !{VIEW}, please", []),
        (f"!!{VIEW}", []),
        (f"(!{VIEW})", []),
        (f"||!{VIEW}||", []),
        (f"wow!{VIEW}", [6004]),
        (f"! {VIEW}", [6004]),
        (f"![a study]({VIEW})", [6004]),
        (f"!{VIEW} {VIEW}", [6004]),
    ],
)
def test_marks_around_a_link(text: str, expected: list[int]) -> None:
    """Code, angle brackets and a `!` before it say that no card is wanted; all other marks leave the link a link."""
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (f"||{VIEW}||", True),
        (f"||look: {VIEW} ||", True),
        (f"|| a || {VIEW} || b ||", False),
        (f"||{VIEW}", False),
        (f"||{VIEW}|| and {VIEW}", False),
        (f"`||` {VIEW} ||", False),
        (f"\\||{VIEW}||", False),
        (f"||||{VIEW}||||", True),
        (f"|||| {VIEW}", False),
    ],
)
def test_spoilers_stay_spoilers(text: str, hidden: bool) -> None:
    """A record is hidden where every mention of it is."""
    assert find_links(text, SOURCES) == (Link(erowid(6004), spoiler=hidden),)


MARKS = st.sampled_from(
    ["`", "```", "||", "<", ">", "[", "](", ")", "\\", " ", "\n", "x", "https://", VIEW, "erowid.org/references/7"]
)


@given(st.lists(MARKS, max_size=40).map("".join))
def test_any_text_is_read(text: str) -> None:
    """Whatever stands in a message, only IDs that it holds come out, each once."""
    ids = found(text)
    assert len(ids) == len(set(ids))
    assert set(map(str, ids)) <= set(re.findall("[0-9]+", text))


@given(st.text(max_size=200).filter(lambda text: "`" not in text and "\\" not in text and "|" not in text))
def test_code_hides_what_it_holds(text: str) -> None:
    """Nothing in a code block is a link, whatever stands around the link."""
    assert found(f"```\n{text} {VIEW} {text}\n```") == []


@pytest.mark.parametrize("text", ["<doi:10.5555/a>", "!doi:10.5555/a", "<PMID: 7>", "!PMID: 7", "`PMID: 7`", "!erowid#7"])
def test_names_that_want_no_card(text: str) -> None:
    """What works for addresses works for a work that is named without one."""
    assert find_links(text, ALL) == ()
    assert len(find_links(text.strip("<>!`"), ALL)) == 1


@pytest.mark.parametrize("text", ["PMID: 7", "PMID 7", "**PMID:** 7", "**PMID**: 7", "(PMID:7)"])
def test_short_names_as_people_write_them(text: str) -> None:
    """In bold and in brackets, too."""
    assert find_links(text, ALL) == (Link(Reference("pubmed", "7"), shorthand=True),)


@pytest.mark.parametrize("name", ["newt-db", "Newt", "newt2", "pmc"])
def test_names_of_sources(name: str) -> None:
    """A name that references cannot hold, or that is taken, is noticed at once."""
    first = next(iter(ALL))
    for more in (replace(first, name=name), replace(first, name="newt", kinds=(name,))):
        with pytest.raises(ValueError, match="names of sources"):
            Sources(*ALL, more)


@pytest.mark.parametrize(
    "unit",
    [
        "`",
        "``` ",
        "a`",
        "||",
        "](",
        "](https://",
        "refs.php?A=View&ID=7&",
        "texts/show/7docid",
        "<https://",
        "(",
        "\\",
        "https://erowid.org/references/",
        "&ID=5",
        "[",
        ".",
    ],
)
def test_time_is_linear(unit: str) -> None:
    """Twice the text makes at most little more than twice the work, whatever it repeats; counted, not timed."""
    start = "erowid https://erowid.org/references/refs_view.php?"
    steps = [count_steps(lambda size=size: find_links((start + unit * size)[:size], SOURCES)) for size in (2_000, 4_000)]
    assert steps[1] <= 2.6 * steps[0] + 200
