import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.record import Name
from bot.sources.erowid.authors import lists_more, read_authors
from tests.shared import needs_shared, rows


def people(*names):
    return tuple(Name(*name) for name in names)


def body(text):
    return (Name(literal=text),)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Finnegan KT, Ricaurte GA.", people(("Finnegan", "K. T."), ("Ricaurte", "G. A."))),
        ("Sheehan DVCF.", people(("Sheehan", "D. V. C. F."))),
        (
            "D'Esposito M, O'Brien CP, D\u2019Souza DC.",
            people(("D'Esposito", "M."), ("O'Brien", "C. P."), ("D\u2019Souza", "D. C.")),
        ),
        (
            "De Smet PA, Van Bocxlaer JF, de Wit H.",
            people(("De Smet", "P. A."), ("Van Bocxlaer", "J. F."), ("de Wit", "H.")),
        ),
        ("Nicolas-Charles P, Szára S.", people(("Nicolas-Charles", "P."), ("Szára", "S."))),
        ("Østergaard Å, Łukasz Z.", people(("Østergaard", "Å."), ("Łukasz", "Z."))),
        ("Dupont J-P, Durand J.-P., Martin JP.", people(("Dupont", "J.-P."), ("Durand", "J.-P."), ("Martin", "J. P."))),
        ("Ricaurte G.A., McCann U. D.", people(("Ricaurte", "G. A."), ("McCann", "U. D."))),
        ("Ivanov IuA.", people(("Ivanov", "Iu. A."))),
        ("LI X, NG WK.", people(("LI", "X."), ("NG", "W. K."))),
        # Stray commas.
        ("Kalant, H.", people(("Kalant", "H."))),
        ("Golub A, Sifaneck, S J, Parker H.", people(("Golub", "A."), ("Sifaneck", "S. J."), ("Parker", "H."))),
        ("Appel JB, Sheard, MH, Freedman DX.", people(("Appel", "J. B."), ("Sheard", "M. H."), ("Freedman", "D. X."))),
        ("Schultes, R. E., Hofmann, A.", people(("Schultes", "R. E."), ("Hofmann", "A."))),
        # The last one.
        ("Fitzgerald JJ and Kruk ZL.", people(("Fitzgerald", "J. J."), ("Kruk", "Z. L."))),
        ("Doe J, Roe K, and Poe L.", people(("Doe", "J."), ("Roe", "K."), ("Poe", "L."))),
        ("Doe J & Roe K.", people(("Doe", "J."), ("Roe", "K."))),
        ("Doe J, Roe K, et al.", people(("Doe", "J."), ("Roe", "K."))),
        # Suffixes.
        ("Pope HG Jr.", people(("Pope", "H. G.", "Jr."))),
        ("Pope HG Jr, Gruber AJ.", people(("Pope", "H. G.", "Jr."), ("Gruber", "A. J."))),
        (
            "Pope HG, Jr., Doe J III, Roe K 3rd.",
            people(("Pope", "H. G.", "Jr."), ("Doe", "J.", "III"), ("Roe", "K.", "3rd")),
        ),
        ("Pope Jr HG, Doe J.", people(("Pope", "H. G.", "Jr."), ("Doe", "J."))),
        # Full names and degrees.
        ("John Smith, MD..", people(("Smith", "J."))),
        ("Jane A. Doe, M.D., Richard E. Roe, Ph.D..", people(("Doe", "J. A."), ("Roe", "R. E."))),
        ("Jane A. Doe MD, Richard Roe MD, PhD..", people(("Doe", "J. A."), ("Roe", "R."))),
        ("Mary-Ann Doe, Ludwig von Roe.", people(("Doe", "M.-A."), ("von Roe", "L."))),
        ("K. T. Doe, J Roe.", people(("Doe", "K. T."), ("Roe", "J."))),
        ("Dr. Jane Doe.", people(("Doe", "J."))),
        ("Van Dusen MD.", people(("Van Dusen", "M. D."))),
        ("Garcia Lopez MD, Perez J.", people(("Garcia Lopez", "M. D."), ("Perez", "J."))),
        ("Doe C, MD, Roe R, PhD.", people(("Doe", "C."), ("Roe", "R."))),
        ("Doe, Jane B.; Roe, Richard.", people(("Doe", "J. B."), ("Roe", "R."))),
        ("Doe JA; Roe RB.", people(("Doe", "J. A."), ("Roe", "R. B."))),
        ("Doe, Jane.", people(("Doe", "J."))),
        # Names cut short.
        ("Delay J, Benda Ph.", people(("Delay", "J."), ("Benda", "Ph."))),
        ("Smith Th, Meyer Chr.", people(("Smith", "Th."), ("Meyer", "Chr."))),
        ("Delay J, Pichot P, Rätsch Ch.", people(("Delay", "J."), ("Pichot", "P."), ("Rätsch", "Ch."))),
        ("Dupont J Ph, Durand J.-Ph.", people(("Dupont", "J. Ph."), ("Durand", "J.-Ph."))),
        ("Delay J, Ph. Benda.", people(("Delay", "J."), ("Benda", "Ph."))),
        ("Kim Ng.", people(("Ng", "K."))),
        ("Rätsch Ch, Shulgin Ann.", (Name("Rätsch", "Ch."), Name(literal="Shulgin Ann"))),
        ("Shulgin A, Shulgin Ann.", people(("Shulgin", "A."), ("Shulgin", "A."))),
        ("Kim KR, Park KyuSeok.", people(("Kim", "K. R."), ("Park", "K."))),
        ("Doe JA, Jane B. Roe.", people(("Doe", "J. A."), ("Roe", "J. B."))),
        ("Hearst E Jnr, Hinkle LE Snr.", people(("Hearst", "E.", "Jnr."), ("Hinkle", "L. E.", "Snr."))),
        # Degrees and titles after initials.
        ("Cohen S MD, Ditman KS MD.", people(("Cohen", "S."), ("Ditman", "K. S."))),
        ("Smith AB PhD, Jones CD MD, MPH.", people(("Smith", "A. B."), ("Jones", "C. D."))),
        ("Smith AB MBBS FRCP, Jones CD RN.", people(("Smith", "A. B."), ("Jones", "C. D."))),
        ("Smith J. M. D., Roe K.", people(("Smith", "J. M. D."), ("Roe", "K."))),
        ("William A. Richards S.T.M., Ph.D..", people(("Richards", "W. A."))),
        ("Davy H, Sir.", people(("Davy", "H."))),
        # What parts names, and what does not.
        ("Smith AB. Jones CD.", people(("Smith", "A. B."), ("Jones", "C. D."))),
        ("Doe JA y Roe RB.", people(("Doe", "J. A."), ("Roe", "R. B."))),
        ("Doe JA + Roe RB.", people(("Doe", "J. A."), ("Roe", "R. B."))),
        ("Ramón y Cajal S, Doe J.", people(("Ramón y Cajal", "S."), ("Doe", "J."))),
        ("Wasson, R. Gordon.", people(("Wasson", "R. G."))),
        ("Doe, Jane B.", body("Doe, Jane B")),
        # Bodies.
        ("Home Office, UK.", body("Home Office, UK")),
        ("Smith AB, for the Goat Collaborative.", (Name("Smith", "A. B."), Name(literal="Goat Collaborative"))),
        (
            "Smith AB, Roe C on behalf of the Goat and Sheep Study Group.",
            (Name("Smith", "A. B."), Name("Roe", "C."), Name(literal="Goat and Sheep Study Group")),
        ),
        ("Smith AB, and the Goat Study Group.", (Name("Smith", "A. B."), Name(literal="Goat Study Group"))),
        ("Centers for Disease Control and Prevention.", body("Centers for Disease Control and Prevention")),
        ("World Health Organization.", body("World Health Organization")),
        ("National Institute on Drug Abuse.", body("National Institute on Drug Abuse")),
        (
            "Drug Enforcement Administration, Department of Justice.",
            body("Drug Enforcement Administration, Department of Justice"),
        ),
        ("Mental Health and Sleep Services Administration.", body("Mental Health and Sleep Services Administration")),
        ("MAPS.", body("MAPS")),
        ("Anonymous.", body("Anonymous")),
        ("Doe J, Sleep Study Group.", (Name("Doe", "J."), Name(literal="Sleep Study Group"))),
        # Nobody.
        ("Hicks RE, Fink PJ (eds).", ()),
        ("Smith AB (ed).", ()),
        ("Smith AB, editor.", ()),
        ("Smith AB, Jones CD, eds.", ()),
        ("Ott J and Bigwood J (Eds.)", ()),
        ("[No authors listed].", ()),
        # Degrees are no initials, known or not.
        (
            "Jane B. Roe, MD, PhD, FACP, Richard Poe, RN, and A. Coe, PharmD.",
            people(("Roe", "J. B."), ("Poe", "R."), ("Coe", "A.")),
        ),
        ("John A Roe, DDS, and Ann Poe, CISSP.", people(("Roe", "J. A."), ("Poe", "A."))),
        ("Jane Roe, MSc, CPsychol.", people(("Roe", "J."))),
        ("Jane Roe, BSc (Hons).", people(("Roe", "J."))),
        ("Jane Roe FRCA, Ann Poe III.", people(("Roe", "J."), ("Poe", "A.", "III"))),
        ("Garcia Lopez, JM, Roe A.", people(("Garcia Lopez", "J. M."), ("Roe", "A."))),
        ("Roe JA FACP, Poe AB CISSP.", people(("Roe", "J. A."), ("Poe", "A. B."))),
        ("Jane Roe LCSW-C, Ann Poe CADC.", people(("Roe", "J."), ("Poe", "A."))),
        ("Jane Roe MD MPH, Roe AB.", people(("Roe", "J."), ("Roe", "A. B."))),
        ("Jane Roe, BM BCh, Ann Poe, MRCGP.", people(("Roe", "J."), ("Poe", "A."))),
        ("Jane Roe, RPh, BCPS; Ann Poe, FCCP.", people(("Roe", "J."), ("Poe", "A."))),
        ("Roe, Jane MD; Poe, Ann PhD.", people(("Roe", "J."), ("Poe", "A."))),
        ("Roe, MA; Poe, CD.", people(("Roe", "M. A."), ("Poe", "C. D."))),
        ("Jane Roe PhD Ann Poe MD.", body("Jane Roe PhD Ann Poe MD")),
        ("MA MD, LI X.", people(("MA", "M. D."), ("LI", "X."))),
        # Bodies behind the people.
        (
            "Roe AB, Poe C; Goat Group, Hay Team.",
            people(("Roe", "A. B."), ("Poe", "C.")) + body("Goat Group") + body("Hay Team"),
        ),
        ("Roe AB, Poe C; Goat Group, Nowhere.", people(("Roe", "A. B."), ("Poe", "C.")) + body("Goat Group, Nowhere")),
        ("Roe AB, Poe C; Coe EF.", people(("Roe", "A. B."), ("Poe", "C."), ("Coe", "E. F."))),
        ("Roe AB, Poe CD; Goat Study Group.", people(("Roe", "A. B."), ("Poe", "C. D.")) + body("Goat Study Group")),
        ("Roe AB; Goat-1 Investigators.", people(("Roe", "A. B.")) + body("Goat-1 Investigators")),
        ("Roe AB, Poe C; for the GOAT.", people(("Roe", "A. B."), ("Poe", "C.")) + body("GOAT")),
        ("Roe AB; Goat Group; Hay Group.", people(("Roe", "A. B.")) + body("Goat Group") + body("Hay Group")),
        ("Goat Group; Hay Group.", body("Goat Group") + body("Hay Group")),
        ("Roe AB, Poe C. The Goat Group.", people(("Roe", "A. B."), ("Poe", "C.")) + body("Goat Group")),
        ("Roe AB, Poe C (Goat Group).", people(("Roe", "A. B."), ("Poe", "C.")) + body("Goat Group")),
        # Marks of affiliations.
        ("Roe AB\u00b9, Poe CD\u00b2.", people(("Roe", "A. B."), ("Poe", "C. D."))),
        ("Roe AB (1), Poe CD (2).", people(("Roe", "A. B."), ("Poe", "C. D."))),
        ("Roe AB (1,2), Poe CD[2], Coe E (a).", people(("Roe", "A. B."), ("Poe", "C. D."), ("Coe", "E."))),
        # Particles.
        ("al-Poe H, abd-el-Roe A.", people(("al-Poe", "H."), ("abd-el-Roe", "A."))),
        (
            "d’Poe H, dell'Roe A, bin Coe C, von und zu Moe D.",
            people(("d’Poe", "H."), ("dell'Roe", "A."), ("bin Coe", "C."), ("von und zu Moe", "D.")),
        ),
        ("By Jane Roe.", people(("Roe", "J."))),
        ("Roe, Jr AB, Poe C.", people(("Roe", "A. B.", "Jr."), ("Poe", "C."))),
        ("Roe AB; editor.", ()),
        # Where it is unclear, it stands as printed.
        ("Roe and Poe.", body("Roe and Poe")),
        ("Roe, Jane, Poe, Richard.", body("Roe, Jane, Poe, Richard")),
        ("Roe, Jane and Poe, Richard.", body("Roe, Jane and Poe, Richard")),
        ("Roe AB von, Poe CD de.", body("Roe AB von, Poe CD de")),
        ("Fisher DD Ungerleider JT.", body("Fisher DD Ungerleider JT")),
        # No authors line.
        ("Please support this site.", None),
        ("The mice slept well, and nobody woke them.", None),
        ("Donate now!", None),
        ("MDMA, LSD, GHB", None),
        ("...", None),
        ("", None),
    ],
)
def test_authors_line(line, expected):
    """An authors line gives those whom it names, in order, and is told from other lines."""
    assert read_authors(line) == expected


@pytest.mark.parametrize(
    "end", ["et al.", "et al..", "and others.", "....", "\u2026", "[et al.].", "et alii.", "et. al.", "u.a."]
)
def test_a_line_that_names_not_all(end):
    """The line says that there are further authors; nobody is made of these words."""
    for line in (f"Roe AB, Poe C, {end}", f"Roe AB, Poe C {end}", f"Roe AB, Poe C, {end.removesuffix('.')}; Goat Group."):
        names = read_authors(line)
        assert names is not None
        assert names[:2] == people(("Roe", "A. B."), ("Poe", "C."))
        assert names[2:] in {(), body("Goat Group")}
        assert lists_more(line)
    assert not lists_more("Roe AB, Poe C.")
    assert not lists_more("Etal A, Alet B.")


@needs_shared
@pytest.mark.parametrize(
    "row", [row for row in rows("records.jsonl") if row["authors_line"]], ids=lambda row: str(row["id"])
)
def test_real_authors_lines(row):
    names = read_authors(row["authors_line"])
    assert names is not None
    assert [name.to_csl() for name in names] == row["csl"]["author"]


FAMILY = st.sampled_from(["Doe", "Roe-Poe", "O'Moe", "Van Doe", "De la Roe", "McCoe", "Szára", "Müller", "Ng"])
INITIALS = st.text("ABCDEFGHJKLMNOPRSTW", min_size=1, max_size=4).filter(
    lambda text: text not in {"MD", "MA", "MS", "BA", "BS", "DO"}
)


@given(st.lists(st.tuples(FAMILY, INITIALS), min_size=1, max_size=30), st.sampled_from([", ", "; "]), st.booleans())
def test_every_common_line_is_read_back(names, comma, with_and):
    """Whoever a line names is read from it."""
    printed = [f"{family} {initials}" for family, initials in names]
    line = comma.join(printed) if len(printed) == 1 or not with_and else f"{comma.join(printed[:-1])} and {printed[-1]}"
    assert read_authors(line + ".") == tuple(
        Name(family, " ".join(f"{letter}." for letter in initials)) for family, initials in names
    )


@example("0;,,A&A0 A")
@given(st.text(max_size=300) | st.text("AB. ,;&()Jr", max_size=300))
def test_any_line_is_read(line):
    """No line is too odd: it is read, or told to be none."""
    for name in read_authors(line) or ():
        assert name.literal or name.family
