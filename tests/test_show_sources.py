"""PubMed and DOIs on the command line, and real answers through the sources."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.core.reference import Reference
from tests.shared import SHARED, needs_shared
from tests.source_world import APA, DOI, PLAIN, PMC, PUBMED, TITLE, World, show, world_in
from tests.sources.pubmed.test_europe_pmc import RESULT


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with world_in(tmp_path) as made:
        yield made


async def test_show(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any form of link or name; the title is plain on the card, and CSL's in files."""
    monkeypatch.chdir(tmp_path)
    world.works.results.append(RESULT)
    targets = ["PMID: 99000001", "https://pmc.ncbi.nlm.nih.gov/articles/PMC99001/", "doi.org/10.5555/Nap.2031.7"]
    code, out, err = await show(world.works, "--format", "json", *targets, ENRICH="off")
    assert (code, err) == (0, "")
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["reference"] for row in rows] == [str(PUBMED), str(PMC), str(DOI)]
    for row in rows:
        assert (row["ok"], row["retracted"], row["enrichment"]["pmid"]) == (True, True, PUBMED.id)
        assert row["publication_types"] == ["Journal Article", "Retracted Publication"]
        assert (row["mesh"], row["languages"], row["original_title"]) == (["Sleep", "Rats"], ["en"], None)
        assert (row["record"]["title"], row["enrichment"]["journal_short"]) == (TITLE, "Naps")
        message = json.dumps(row["message"], ensure_ascii=False)
        assert f"[{PLAIN}]" in message
        assert "<i>" not in message
        assert "agree" not in message
    assert world.asked() == {"europepmc": 1}
    code, out, _ = await show(world.works, "pubmed 99000001", COLUMNS="100")
    said = " ".join(out.replace("│", " ").split())
    assert (code, PLAIN in said, said.count("PubMed 99000001")) == (0, True, 1)
    _, out, _ = await show(world.works, "--format", "bibtex", "PMC99001")
    assert r"\textit{" in out
    assert "doi = {10.5555/nap.2031.7}" in out
    code, _, err = await show(world.works, "PMID 7")
    assert (code, err) == (1, "PMID 7: PubMed 7 was not found. Is the number right?\n")


def test_show_refuses_what_is_no_name() -> None:
    """A search address names no work."""
    done = CliRunner().invoke(main, ["show", "https://pubmed.ncbi.nlm.nih.gov/?term=99000001"])
    assert (done.exit_code, "Not a link" in done.stderr) == (1, True)


@needs_shared
async def test_real_answers(world: World) -> None:
    """The samples, through the source: each gets a card that cites."""
    samples = SHARED / "matching/samples"
    for path in sorted(samples.glob("europepmc/core-*.json")):
        world.works.results += json.loads(path.read_text("utf-8"))["resultList"]["result"]
    for path in sorted(samples.glob("crossref/work-*.json")):
        world.works.items.append(json.loads(path.read_text("utf-8"))["message"])
    for path in samples.glob("pubmed/[0-9]*.xml"):
        inner = re.search(r"<Pubmed(?:Book)?Article>.*</Pubmed(?:Book)?Article>", path.read_text("utf-8"), re.DOTALL)
        world.works.articles[path.name.split("-")[0]] = inner[0] if inner else ""
    services = await world.start()
    known = [Reference("pubmed", result["pmid"]) for result in world.works.results if "title" in result]
    known += [Reference("pubmed", pmid) for pmid in world.works.articles]
    named = [item for item in world.works.items if item.get("title") and item["type"] != "journal-issue"]
    known += [reference for item in named if (reference := Reference.made("doi", item["DOI"].lower()))]
    assert len(known) > 40
    for reference in known:
        card = await services.cards.card(reference, APA)
        assert card.citation.text
        assert card.record.reference == reference
