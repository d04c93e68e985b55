import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.discord_kit.markdown import escape, masked_link


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3,4-MDMA (p = 0.05), n = 12; 50% of 5-HT2A", "3,4-MDMA (p = 0.05), n = 12; 50% of 5-HT2A"),
        ("**b** _i_ ~~s~~ `c` ||h||", r"\*\*b\*\* \_i\_ \~\~s\~\~ \`c\` \|\|h\|\|"),
        ("[x](https://evil.example)", r"\[x\](https\://evil.example)"),
        ("<https://evil.example>", r"\<https\://evil.example>"),
        ("@everyone <@1> <@&2> <#3> <:e:4> <t:5> </c:6>", r"\@everyone \<\@1> \<\@&2> \<#3> \<:e:4> \<t:5> \</c:6>"),
        ("# heading", r"\# heading"),
        ("-# small", r"\-# small"),
        ("> quote", r"\> quote"),
        ("- item", r"\- item"),
        ("1. First, we", r"1\. First, we"),
        ("2) Second", r"2\) Second"),
        ("10 mg/kg", "10 mg/kg"),
        (r"back\slash", r"back\\slash"),
        ("a\u202eb\u2066c\u200bd\u00ade\ufefff\U000e0041g\x00h\u3164i", "abcdefghi"),
        ("two\nlines\u2028and\tmore", "two lines and more"),
        ("שלום العربية", "שלום العربية"),
        ("", ""),
    ],
)
def test_escape(text: str, expected: str) -> None:
    """Text from a page shows as it is, and does nothing."""
    assert escape(text) == expected


@given(st.text())
def test_no_mark_is_left_with_a_meaning(text: str) -> None:
    """Each mark has its backslash, no line begins a block, and what is shown is what was seen."""
    escaped = escape(text)
    bare = re.sub(r"\\[^0-9A-Za-z\s]", "", escaped)
    assert not re.search(r"[\\*_~`|\[\]<@]|^(?:[-+>#]|\d+[.)])", bare) or escaped[:1] not in "-+>#"
    assert not re.search(r"[\\*_~`|\[\]<@]", bare)
    assert "\n" not in escaped


@given(
    st.text(
        alphabet=st.characters(
            categories=["L", "N", "P", "S", "Zs"], exclude_characters="\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
        )
    )
)
def test_nothing_visible_is_lost(text: str) -> None:
    """Without its backslashes an escaped text is the text."""
    shown = re.sub(r"\\([^0-9A-Za-z\s])", r"\1", escape(text))
    assert shown == " ".join(text.split())


@pytest.mark.parametrize(
    ("title", "most", "shown"),
    [
        ("On [3H]newtol in rats", 40, r"On \[3H\]newtol in rats"),
        ("On the binding of [3H-labelled newtol] in rats", 26, "On the binding of…"),
        ("On [a [b] c] and [d e f g h]", 22, r"On \[a \[b\] c\] and…"),
        ("[A title in brackets that is long]", 20, "A title in…"),
        ("On a] lone [ bracket", 40, "On a lone bracket"),
        ("A title without any", 40, "A title without any"),
    ],
)
def test_a_masked_link_has_its_brackets_in_pairs(title: str, most: int, shown: str) -> None:
    """Discord shows the raw text of a link whose square brackets do not match."""
    assert masked_link(title, "https://site.example/1", most=most) == f"[{shown}](https://site.example/1)"
