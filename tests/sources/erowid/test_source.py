import pytest

from bot.sources.erowid.source import SourceLine, read_source
from tests.shared import needs_shared, rows

LOST = "lost semicolon: "
L = "letter for a digit: "


def source(container, issued, volume=None, issue=None, page=None, *, kind="article-journal", repairs=(), season=None):
    return SourceLine(container, issued, volume, issue, page, kind, repairs, season)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Neurology. 1998 Dec;51(6):1532-7.", source("Neurology", ((1998, 12),), "51", "6", "1532-7")),
        # Containers: one stop parts them from the date.
        ("Fed. Proc.. 1961;20:320 (Part I).", source("Fed. Proc.", ((1961,),), "20", None, "320")),
        ("A.M.A.Arch.Gen.Psychiat.. 1959;1:417.", source("A.M.A.Arch.Gen.Psychiat.", ((1959,),), "1", None, "417")),
        ("Quart. J. Stud. Alcohol. 1967;28:295-303.", source("Quart. J. Stud. Alcohol", ((1967,),), "28", None, "295-303")),
        ("Neuro 2000: A Fourth Decade. 1998;12:3-4.", source("Neuro 2000: A Fourth Decade", ((1998,),), "12", None, "3-4")),
        ("J. Pharm. (London). 1960;3:4-5.", source("J. Pharm. (London)", ((1960,),), "3", None, "4-5")),
        ("Ann Invent & Sleep. 1960;3:4-5.", source("Ann Invent & Sleep", ((1960,),), "3", None, "4-5")),
        ("J Invent Sleep 1998;12:3-4", source("J Invent Sleep", ((1998,),), "12", None, "3-4")),
        ("J Invent Sleep, 1998;12:3-4", source("J Invent Sleep", ((1998,),), "12", None, "3-4")),
        ("1958;12:75-84.", source(None, ((1958,),), "12", None, "75-84")),
        ("Madeupo, Ed.sci.. 1959;14:503.", source("Madeupo, Ed.sci.", ((1959,),), "14", None, "503")),
        ("Il Madeupo (Ed. Sci.). 1959;14:503.", source("Il Madeupo (Ed. Sci.)", ((1959,),), "14", None, "503")),
        *(
            (f"{name}. 1965;40:100.", source(name, ((1965,),), "40", None, "100"))
            for name in (
                "J. Newtol, Ed. Newt",
                "Z. Newt, Ed. B",
                "Med J, Ed. Int",
                "Acta Newt. J Newtol, Ed. Goat",
                "Newt Newtol, Ed. J Goat",
                "Newt Newtol, Ed. J Goat A.M.A",
                "Br Med J (Clin Res Ed)",
            )
        ),
        *(
            (f"{line}. 1965;40:100.", source("Goats", ((1965,),), "40", None, "100", kind="chapter"))
            for line in (
                "Roe RA, Ed. Goats",
                "Goats. Roe RA, Ed. Raven Press",
                "Goats. R. Roe, ed. Raven Press",
                "Goats, Ed. RA Roe",
                "Goats, Ed. by R. Roe",
                "Goats (R. Roe, Ed.)",
                "Goats (Ed. R. Roe)",
            )
        ),
        ("J.Made.Up,. 1975;3:4-5.", source("J.Made.Up", ((1975,),), "3", None, "4-5")),
        ("Made Up. J.... 1975;3:4-5.", source("Made Up. J.", ((1975,),), "3", None, "4-5")),
        ("M.A.D.E.. 2016 Mar;.", source("M.A.D.E.", ((2016, 3),))),
        # Dates.
        ("Made Up. J.. 1954 /II;II:122.", source("Made Up. J.", ((1954,),), "II", None, "122")),
        ("Made Up. J.. 1954/II;II:122.", source("Made Up. J.", ((1954,),), "II", None, "122")),
        ("Made Up. J.. 1954 II;122.", source("Made Up. J.", ((1954,),))),
        ("J Made Up. 2000;176:193-5.", source("J Made Up", ((2000,),), "176", None, "193-5")),
        ("J Made Up. 1961 March;22:34-45.", source("J Made Up", ((1961, 3),), "22", None, "34-45")),
        ("J Made Up. 2001 Feb 07;1:2.", source("J Made Up", ((2001, 2, 7),), "1", None, "2")),
        ("J Made Up. 2004 Jan 6;1:2.", source("J Made Up", ((2004, 1, 6),), "1", None, "2")),
        ("J Made Up. 1978 Jul-Sep;10(3):251-3.", source("J Made Up", ((1978, 7), (1978, 9)), "10", "3", "251-3")),
        ("J Made Up. 1978 Jul\u2013Sep;10:1.", source("J Made Up", ((1978, 7), (1978, 9)), "10", None, "1")),
        ("J Made Up. 1974 Oct-Dec 21;26(4):9-17.", source("J Made Up", ((1974, 10), (1974, 12)), "26", "4", "9-17")),
        ("J Made Up. 1990 Dec-1991 Jan;3:4-5.", source("J Made Up", ((1990, 12), (1991, 1)), "3", None, "4-5")),
        ("J Made Up. 1998 Dec 25-31;3:4.", source("J Made Up", ((1998, 12, 25), (1998, 12, 31)), "3", None, "4")),
        ("J Made Up. 1967/68;3:4.", source("J Made Up", ((1967,), (1968,)), "3", None, "4")),
        ("J Made Up. 1985 Spring;3:4.", source("J Made Up", ((1985,),), "3", None, "4", season="1")),
        ("J Made Up. Summer 1985;3:4.", source("J Made Up", ((1985,),), "3", None, "4", season="2")),
        ("J Made Up. 1985 Fall;3:4.", source("J Made Up", ((1985,),), "3", None, "4", season="3")),
        ("J Made Up. 1985 Winter 1986;3:4.", source("J Made Up", ((1985,),), "3", None, "4", season="4")),
        ("J Made Up. 1985 Summer-Fall;3:4.", source("J Made Up", ((1985,),), "3", None, "4", season="Summer-Fall")),
        ("J Made Up. 1985/86 Winter;3:4.", source("J Made Up", ((1985,), (1986,)), "3", None, "4")),
        ("J Made Up. 1985 Nov-Jan;3:4.", source("J Made Up", ((1985,),), "3", None, "4")),
        ("J Made Up. 1985 Feb 31;3:4.", source("J Made Up", ((1985, 2),), "3", None, "4")),
        ("J Made Up. Mar. 1998;3:4-5.", source("J Made Up", ((1998, 3),), "3", None, "4-5")),
        ("J Made Up. Mar-Apr 1998;3:4-5.", source("J Made Up", ((1998, 3), (1998, 4)), "3", None, "4-5")),
        ("J Made Up. February 6, 2002;3:4-5.", source("J Made Up", ((2002, 2, 6),), "3", None, "4-5")),
        ("J Made Up. 6 Feb 2002;3:4-5.", source("J Made Up", ((2002, 2, 6),), "3", None, "4-5")),
        ("Encephale. 1965 Mai-Juin;3:4.", source("Encephale", ((1965, 5), (1965, 6)), "3", None, "4")),
        ("Drug Made Up. 2011 Oct 14.", source("Drug Made Up", ((2011, 10, 14),))),
        ("Drug Made Up. 2011 Oct 14; [Epub ahead of print].", source("Drug Made Up", ((2011, 10, 14),))),
        ("J Made Up. 1985 Dec 1986 Jan;3:4.", source("J Made Up", ((1985, 12), (1986, 1)), "3", None, "4")),
        ("J Made Up. 2001,44(17):1-5.", source("J Made Up", ((2001,),), "44", "17", "1-5")),
        ("J Made Up. 1967,1968;3:4.", source("J Made Up", ((1967,), (1968,)), "3", None, "4")),
        ("J Made Up. 2001-44;3:4.", source("J Made Up", ((2001,),), "3", None, "4")),
        ("J Made Up. 1999 Dec-Jan 2000;4:5.", source("J Made Up", ((1999, 12), (2000, 1)), "4", None, "5")),
        ("J Made Up. 1999 (Sep);4:5.", source("J Made Up", ((1999, 9),), "4", None, "5")),
        ("J Made Up. 1999 Sep 12, 4:5.", source("J Made Up", ((1999, 9, 12),), "4", None, "5")),
        ("J Made Up. 1999 12 Sep;4:5.", source("J Made Up", ((1999,),), "4", None, "5")),
        ("J Made Up. 1999 First Quarter;4:5.", source("J Made Up", ((1999,),), "4", None, "5")),
        ("J Made Up. May, 1999;4:5.", source("J Made Up", ((1999, 5),), "4", None, "5")),
        ("Made Up May. 1999;4:5.", source("Made Up May", ((1999,),), "4", None, "5")),
        ("J Made Up. 2011 In press.", source("J Made Up", ((2011,),))),
        ("J Made Up - 1999;4:5.", source("J Made Up", ((1999,),), "4", None, "5")),
        ("J Made Up. 2001 Q3;44:1-5.", source("J Made Up", ((2001,),), "44", None, "1-5")),
        ("J Made Up. 2001 Mid-Aug;44:1-5.", source("J Made Up", ((2001, 8),), "44", None, "1-5")),
        ("J Made Up. 2001 Ramadan;44:1-5.", source("J Made Up", ((2001,),), "44", None, "1-5")),
        ("J Made Up, 1979, 11(1), 1-2.", source("J Made Up", ((1979,),), "11", "1", "1-2")),
        ("J Made Up. 11(1):1-2, 1979.", source("J Made Up", ((1979,),), "11", "1", "1-2")),
        ("J. Invent. 11:1-2 (1979).", source("J. Invent", ((1979,),), "11", None, "1-2")),
        # Locators.
        ("J Made Up. 2001;42, Fasc. 5:1557-1572.", source("J Made Up", ((2001,),), "42", "5", "1557-1572")),
        ("J Made Up. 2001;47(5):Suppl:1-2.", source("J Made Up", ((2001,),), "47", None, "1-2")),
        ("J Made Up. 2001;S7:S123.", source("J Made Up", ((2001,),), None, None, "S123")),
        ("J Made Up. 2001;44:279ff.", source("J Made Up", ((2001,),), "44", None, "279")),
        ("J Made Up. 2001;44(17)1-5.", source("J Made Up", ((2001,),), "44", "17", "1-5")),
        ("J Made Up. 2001;8(ll):1-5.", source("J Made Up", ((2001,),), "8", None, "1-5")),
        ("J Made Up. 2001;lll:1-5.", source("J Made Up", ((2001,),), None, None, "1-5")),
        ("J Made Up. 1999;84(1-3):179-88.", source("J Made Up", ((1999,),), "84", "1-3", "179-88")),
        ("J Made Up. 1999;112-113:143-6.", source("J Made Up", ((1999,),), "112-113", None, "143-6")),
        ("J Made Up. 2005 Nov;88 Suppl 8:S242-5.", source("J Made Up", ((2005, 11),), "88", "Suppl 8", "S242-5")),
        ("J Made Up. 2005;88(Suppl 1):S2-5.", source("J Made Up", ((2005,),), "88", "Suppl 1", "S2-5")),
        ("J Made Up. 2005;51(1 Pt 2):1-5.", source("J Made Up", ((2005,),), "51", "1 Pt 2", "1-5")),
        ("J Made Up. 2005;51 ( Pt 3):1-5.", source("J Made Up", ((2005,),), "51", "Pt 3", "1-5")),
        ("J Made Up. 2005;51 Spec No:1-5.", source("J Made Up", ((2005,),), "51", "Spec No", "1-5")),
        ("J Made Up. 2005;Suppl 3:13-9.", source("J Made Up", ((2005,),), None, "Suppl 3", "13-9")),
        ("J Made Up. 2005;(3):13-9.", source("J Made Up", ((2005,),), None, "3", "13-9")),
        ("J Made Up. 2005;12, No. 3:33-7.", source("J Made Up", ((2005,),), "12", "3", "33-7")),
        ("J Made Up. 2005;12, 33-37.", source("J Made Up", ((2005,),), "12", None, "33-37")),
        ("J Made Up. 2005;12(3);33-37.", source("J Made Up", ((2005,),), "12", "3", "33-37")),
        ("J Made Up. 2005 (Fall);12(3):33-37.", source("J Made Up", ((2005,),), "12", "3", "33-37", season="3")),
        ("J Made Up. 2005;12 Supp. 1:33-37.", source("J Made Up", ((2005,),), "12", "Supp. 1", "33-37")),
        ("J Made Up. 1961;I:444.", source("J Made Up", ((1961,),), "I", None, "444")),
        ("J Made Up. 1967;1967(II):929-930.", source("J Made Up", ((1967,),), "1967", "II", "929-930")),
        ("J Made Up. 1972;11(Part I):615-622.", source("J Made Up", ((1972,),), "11", "Part I", "615-622")),
        ("J Made Up. 1961;13:33-37, 40-42.", source("J Made Up", ((1961,),), "13", None, "33-37, 40-42")),
        ("J Made Up. 1961;81(5):615 - 619.", source("J Made Up", ((1961,),), "81", "5", "615-619")),
        ("J Made Up. 1999;17(5):405-11; discussion 411-3.", source("J Made Up", ((1999,),), "17", "5", "405-11")),
        ("J Made Up. 2019 Mar 19;85(6):e25-e27.", source("J Made Up", ((2019, 3, 19),), "85", "6", "e25-e27")),
        ("J Made Up. 2010;51:1-2. doi: 10.1000/1. PMID: 1.", source("J Made Up", ((2010,),), "51", None, "1-2")),
        ("J Made Up. 2010;51:1-2. Epub 2009 May 1.", source("J Made Up", ((2010,),), "51", None, "1-2")),
        ("J Made Up. 1977;36(3):411 Abs 888.", source("J Made Up", ((1977,),), "36", "3", "411")),
        ("J Made Up. 1999;17(3):1-4, 5 refs.", source("J Made Up", ((1999,),), "17", "3", "1-4")),
        ("J Made Up. 1999;17:1,034-8.", source("J Made Up", ((1999,),), "17")),
        ("J Made Up. 1999;17:406-7; author reply.", source("J Made Up", ((1999,),), "17", None, "406-7")),
        ("J Made Up. 1999;17:3--12.", source("J Made Up", ((1999,),), "17", None, "3-12")),
        ("J Made Up. 1976;? (Suppl. 440):168.", source("J Made Up", ((1976,),), None, "Suppl. 440", "168")),
        ("J Made Up. 1976;17(?):168.", source("J Made Up", ((1976,),), "17", None, "168")),
        ("J Made Up. 1976;17():168.", source("J Made Up", ((1976,),), "17", None, "168")),
        ("J Made Up. 1999;38,(12, Part I):112.", source("J Made Up", ((1999,),), "38", "12, Part I", "112")),
        ("J Made Up. 1999;38(12) Suppl 2:112.", source("J Made Up", ((1999,),), "38", "12 Suppl 2", "112")),
        ("J Made Up. 1999;38(12 (Suppl)):112.", source("J Made Up", ((1999,),), "38", None, "112")),
        ("J Made Up. 1999;17 II:33.", source("J Made Up", ((1999,),), "17", None, "33")),
        ("J Made Up. 1954;ii:22.", source("J Made Up", ((1954,),), "ii", None, "22")),
        ("J Made Up. 1982;55/III:22.", source("J Made Up", ((1982,),), "55/III", None, "22")),
        ("J Made Up. 1998;50(3):112-B.", source("J Made Up", ((1998,),), "50", "3", "112-B")),
        # Types.
        ("Psychedelic Drugs. 1969;p33-42.", source("Psychedelic Drugs", ((1969,),), None, None, "33-42", kind="chapter")),
        ("1958;p75-84.", source(None, ((1958,),), None, None, "75-84", kind="chapter")),
        (
            "In: Psychedelic Drugs. 1969;p33-42.",
            source("Psychedelic Drugs", ((1969,),), None, None, "33-42", kind="chapter"),
        ),
        ("In Vivo. 1999;13:33-42.", source("In Vivo", ((1999,),), "13", None, "33-42")),
        ("The Alkaloids. 2001;56.", source("The Alkaloids", ((2001,),), "56", None, None, kind="chapter")),
        ("The Pharmacology of Nothing. 1978.", source("The Pharmacology of Nothing", ((1978,),), kind="chapter")),
        (
            "The Pharmacology of Nothing. 1968;115-150.",
            source("The Pharmacology of Nothing", ((1968,),), page="115-150", kind="chapter"),
        ),
        ("Hallucinogenic Plants. 1976.", source("Hallucinogenic Plants", ((1976,),), kind="chapter")),
        ("Brain Res. 2010.", source("Brain Res", ((2010,),))),
        ("Science. 2010.", source("Science", ((2010,),))),
        ("Psychedelic Drugs. 1969;3.", source("Psychedelic Drugs", ((1969,),), "3")),
        ("J Made Up. 2001;56.", source("J Made Up", ((2001,),), "56")),
        ("The Journal of Sleep. 2001;56.", source("The Journal of Sleep", ((2001,),), "56")),
        (
            "Psychedelic Drugs. 1969;Hicks RE, Fink PJ (eds):33-42.",
            source("Psychedelic Drugs", ((1969,),), page="33-42", kind="chapter"),
        ),
        (
            "Psychedelic Drugs. 1969;Efron DH, ed.:21-41.",
            source("Psychedelic Drugs", ((1969,),), page="21-41", kind="chapter"),
        ),
        ("Drugs. 1969;New York:Grune & Stratton:33-42.", source("Drugs", ((1969,),), page="33-42", kind="chapter")),
        (
            "In: Hicks RE, Fink PJ (eds): Psychedelic Drugs. New York: Grune & Stratton. 1969;p1-3.",
            source("Psychedelic Drugs", ((1969,),), page="1-3", kind="chapter"),
        ),
        *(
            (line, source("Goats. Effects on hay", ((1958,),), page="126", kind="chapter"))
            for line in (
                "Goats. Effects on hay, edited by HH Roe, Made-Up Press, New York. 1958;p126.",
                "Goats. Effects on hay, ed. by R. Roe and P. Poe. 1958;p126.",
                "Goats. Effects on hay (Ed. RA Roe). 1958;p126.",
                "Goats. Effects on hay (R. A. Roe, ed), Raven Press. 1958;p126.",
                "Goats. Effects on hay. R. A. Roe, ed. Raven Press. 1958;p126.",
                "Goats. Effects on hay. RA Roe & P Poe (eds.) Raven Press. 1958;p126.",
                "Goats. Effects on hay, eds. RA Roe, P Poe. 1958;p126.",
                "Roe RA, Poe P (eds). Goats. Effects on hay. 1958;p126.",
                "In Roe RA (ed) Goats. Effects on hay. 1958;p126.",
                "In: Goats. Effects on hay (Roe RA, editor). Raven Press. 1958;p126.",
                "In Goats. Effects on hay. 1958;p126.",
                "Edited by RA Roe. Goats. Effects on hay. 1958;p126.",
                "Goats. Effects on hay, Raven Press, New York. 1958;p126.",
            )
        ),
        ("Goats Magazine. 1988;p33.", source("Goats Magazine", ((1988,),), page="33")),
        ("Ph.D. Dissertation. University of Nowhere. 1998;240.", source(None, ((1998,),), kind="thesis")),
        ("Academic Press, New York. 1970.", source(None, ((1970,),), kind="book")),
        ("Ph.D. Thesis, University of Nowhere. 1975.", source(None, ((1975,),), kind="thesis")),
        (
            "Dissertation Abstracts International. 1975;36:12.",
            source("Dissertation Abstracts International", ((1975,),), "36", None, "12"),
        ),
        ("Technical Report 12. 1975.", source(None, ((1975,),), kind="report")),
        ("Morb Mortal Wkly Report. 1975;3:12.", source("Morb Mortal Wkly Report", ((1975,),), "3", None, "12")),
        ("http://www.example.org/page. 2001.", source(None, ((2001,),), kind="webpage")),
        ("The Made Up Times. 1966 Apr 12;p1.", source("The Made Up Times", ((1966, 4, 12),), page="1")),
        ("Made Up. 28 June 1954;p4.", source("Made Up", ((1954, 6, 28),), page="4")),
        ("J Made Up. 2001 Aug 15th;12:5-9.", source("J Made Up", ((2001, 8, 15),), "12", None, "5-9")),
        ("J Made Up. 3rd Aug 2001;12:5-9.", source("J Made Up", ((2001, 8, 3),), "12", None, "5-9")),
        ("J Made Up. August 2nd, 2001;12:5-9.", source("J Made Up", ((2001, 8, 2),), "12", None, "5-9")),
        ("J Made Up. 2001 Aug 15;pp. 5-9.", source("J Made Up", ((2001, 8, 15),), page="5-9")),
        ("Personal Communication. 1988.", source(None, ((1988,),))),
        ("The Goats. J. Doe and R. A. Roe. 1967.", source("The Goats", ((1967,),), kind="chapter")),
        ("Goats (Doe JA, ed.). 1970;p21-41.", source("Goats", ((1970,),), page="21-41", kind="chapter")),
        ("US Patent 3,123,456. 1966.", source(None, ((1966,),), kind="patent")),
        # Repairs.
        ("J Made Up. 2001;8(l):11-24.", source("J Made Up", ((2001,),), "8", "1", "11-24", repairs=(L + "l read as 1",))),
        (
            "J Made Up. 2002;30(1):64-72..",
            source("J Made Up", ((2002,),), "30", "1", "64-72", repairs=("doubled stop at the end of the source dropped",)),
        ),
        (
            "J Made Up. 1973;l7:277-282.",
            source("J Made Up", ((1973,),), "17", None, "277-282", repairs=(L + "l7 read as 17",)),
        ),
        ("J Made Up. l973;7:277.", source("J Made Up", ((1973,),), "7", None, "277", repairs=(L + "l973 read as 1973",))),
        (
            "J Made Up. 1981;71(4):845855.",
            source("J Made Up", ((1981,),), "71", "4", "845-855", repairs=("lost dash: 845855 read as 845-855",)),
        ),
        (
            "JAMA. 2001 Aug 15286(7):777.",
            source(
                "JAMA", ((2001, 8, 15),), "286", "7", "777", repairs=(LOST + "2001 Aug 15286(7) read as day 15, volume 286",)
            ),
        ),
        (
            "Science. 1967 Jan 27 155(3761):417-9.",
            source(
                "Science",
                ((1967, 1, 27),),
                "155",
                "3761",
                "417-9",
                repairs=(LOST + "1967 Jan 27 155(3761) read with volume 155",),
            ),
        ),
        # Where a line is unclear, less is said.
        ("JAMA. 2001 Aug 1528(7):777.", source("JAMA", ((2001, 8),), None, "7", "777")),
        ("JAMA. 2001 Aug 51(7):777.", source("JAMA", ((2001, 8),), None, "7", "777")),
        ("JAMA. 2001 Aug 15(7):777.", source("JAMA", ((2001, 8),), None, "7", "777")),
        ("J Made Up. 1981;71(4):855845.", source("J Made Up", ((1981,),), "71", "4", "855845")),
        ("J Made Up. 1963;Sept:33-37.", source("J Made Up", ((1963,),), None, None, "33-37")),
        ("J Made Up. 1963;see text.", source("J Made Up", ((1963,),))),
        ("Brain Res. In press.", source("Brain Res", ())),
        ("Personal communication.", source(None, ())),
        ("Unpublished thesis.", source(None, (), kind="thesis")),
        ("", source(None, ())),
    ],
)
def test_source_line(line, expected):
    """A source line gives every part that it states, and none that it does not."""
    assert read_source(line) == expected


@needs_shared
@pytest.mark.parametrize("row", rows("records.jsonl"), ids=lambda row: str(row["id"]))
def test_real_source_lines(row):
    csl = row["csl"]
    found = read_source(row["source_line"])
    assert [list(parts) for parts in found.issued] == csl["issued"]["date-parts"]
    fields = (found.container_title, found.volume, found.issue, found.page, found.type)
    assert fields == tuple(csl.get(key) for key in ("container-title", "volume", "issue", "page", "type"))
