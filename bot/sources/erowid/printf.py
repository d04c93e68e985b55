"""Repairs abstracts that went through C's printf, which replaced `%` and the letters behind it.

In `73% of the`, printf read `% o` as "an octal number" and, without an argument, printed `0`. So the damaged text is a
number, what a conversion prints without an argument, and the rest of the word. It is repaired if the letters that can be
missing complete exactly one word, either a common one after percentages or one that occurs elsewhere in the abstract.

| printed             | read                | why                                               |
|---------------------|---------------------|---------------------------------------------------|
| `730f the`          | `73% of the`        | the conversion was `% o`                          |
| `900ure`            | `90% pure`          | `% p`                                             |
| `16 0n the urine`   | `16% in the urine`  | `% i`: signed numbers keep the blank              |
| `10-15 0.000000rom` | `10-15% from`       | `% f`                                             |
| `33-67aturation`    | `33-67% saturation` | `% s`: nothing is printed                         |
| `20 0gher`          | `20% higher`        | `% hi`: an `h` or `l` before the letter is a size |
| `500ut`             | as printed          | unsure: `% o` of `out` or `% b` of `but`          |
| `20mg`              | as printed          | a unit, perhaps no damage                         |
| `30th`              | as printed          | an ordinal number                                 |
"""

import re

_WORDS = frozenset(
    re.findall(
        r"\S+",
        """
    below between binding bioavailability body both bound but confidence decline declined decrease decreased
    decreases depletion desire did died difference displacement dose drop due during each elevation enantiomeric ethanol
    excess excretion experienced fell female fewer for from higher identical impairment improved improvement in
    incidence increase increased increases increasing indicated induced inhibited inhibition injected intoxicated is less
    lethality lifetime likely longer loss lost low lower of only or oral other out over overall oxygen patients peak
    people per percent placebo positive potency prevalence prior probability produced protein pure purity reported said
    saline sample saturation sensitivity showed significance since smoked smokers sodium solution specificity still
    stimulation students subjects substitution sucrose suffered suppression survival survived under use used users using
    """,
    )
)
_CONVERSIONS = {"0": "ouxpbXB", " 0": "di", " 0.000000": "f", " 0.000000e+00": "e", "": "s"}
"""What printf prints without an argument, and the conversions that print it."""
_SIZES = ("", "h", "l")
_DAMAGE = re.compile(
    r"""
    (?P<number>(?<![\w.])[0-9]+?(?:[.,][0-9]{1,3}?)?)  # `5`, `0.5`, before a `%`
    (?P<printed>\ 0\.000000e\+00|\ 0\.000000|\ 0|0|)   # as `_CONVERSIONS` has them
    (?P<rest>[a-z]{1,20})\b                            # the word, without its first letter
    """,
    re.VERBOSE,
)
_LEAST_OF_S = 3
"""The fewest letters left of a word that lost its `s`, since nothing else shows this damage."""
_LEAST_ELSEWHERE = 5
"""The fewest letters of a word that is known only from elsewhere in the abstract."""


def undo_printf(texts: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Undo the damage in the paragraphs of one abstract where it is certain; also return each repair in words."""
    if not any(map(_DAMAGE.search, texts)):
        return texts, ()
    elsewhere = {word for text in texts for word in re.findall(rf"\b[a-z]{{{_LEAST_ELSEWHERE},}}\b", text)}
    known = _WORDS | elsewhere
    notes: list[str] = []

    def undone(match: re.Match[str]) -> str:
        number, printed, rest = match.groups()
        word = _missing(printed, rest, known)
        if word is None and printed == "0":  # `100ubjects`: the last zero belongs to the number
            number, word = f"{number}0", _missing("", rest, known)
        if word is None:
            return match[0]
        notes.append(f"{match[0]} read as {number}% {word}")
        return f"{number}% {word}"

    return [_DAMAGE.sub(undone, text) for text in texts], tuple(notes)


def _missing(printed: str, rest: str, known: frozenset[str] | set[str]) -> str | None:
    """Return the known word that ends in `rest` and that printf can have damaged so; None unless there is exactly one."""
    if len(rest) < _LEAST_OF_S and not printed:
        return None
    words = {size + letter + rest for size in _SIZES for letter in _CONVERSIONS[printed]} & known
    return words.pop() if len(words) == 1 else None
