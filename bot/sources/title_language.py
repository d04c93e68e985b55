"""The language of a title, recognised by its small words.

A title is too short for statistics, and a wrong language is worse than none: it would change how the title is capitalised.

| title                                       | language | why                                                        |
|---------------------------------------------|----------|------------------------------------------------------------|
| `Der Schlaf der Molche`                     | `de`     | two words that only German has                             |
| `Le sommeil des tritons et la mémoire`      | `fr`     |                                                            |
| `Effects of newtol in the rat`              | `en`     |                                                            |
| `Sleep of newts [Der Schlaf der Molche]`    | `en`     | what stands in brackets is a translation                   |
| `Wirkung auf die Molche ("sleep of newts")` | `de`     | what stands in quotes is not the title's own               |
| `Newtus vulgaris`, `La Newta`               | None     | no small word, or one that three languages have            |
"""

import re
from collections import Counter

_WORDS = {
    "en": """
        the of and or with without from by to for on an as at is are its their after before during between into
        versus vs among using use users no not over die per via how what who why new another effect effects study
        case report review drug drugs human patients treatment induced
    """,
    "de": """
        der die das und von mit bei für über des dem den ein eine einer eines einem einen zur zum im am auf nach aus
        durch als sowie ist oder unter nicht wirkung wirkungen beitrag
    """,
    "fr": """
        le la les des du de et sur dans chez par pour avec un une au aux en ou d' l' à après entre étude effets essai
        essais cas
    """,
    "it": """
        il lo la gli le di del della dei delle degli dello e nel nella nelle con per su sulla sul un una da dal dalla
        alla al dell' all' nell' sull' l' ed tra studio effetti
    """,
    "es": """
        el la los las de del y en por para con un una sobre al se como entre estudio efectos
    """,
    "pt": """
        o os as de do da dos das e em no na nos nas com por para um uma sobre ao entre estudo efeitos
    """,
    "nl": """
        de het een van en bij met voor op te door naar over als onderzoek
    """,
    "sv": """
        och av med för hos i på en ett vid till efter som om
    """,
    "da": """
        og af med for hos i på en et ved til efter som om fra
    """,
    "pl": """
        i w z na do od po oraz przez dla u się
    """,
    "sr": """
        i u na sa od za kod o po iz kao pri
    """,
}
_WEIGHTS = {
    word: {language: 2 if count == 1 else 1 for language, words in _WORDS.items() if word in words.split()}
    for word, count in Counter(word for words in _WORDS.values() for word in words.split()).items()
}
"""For each small word, the points that it gives to languages: two if only one language has it."""
_LETTERS = {
    "de": re.compile(r"ß|[äöü]|\w(?:ungen|ierung|keit|heit|isch|ische[nrs]?)\b"),
    "fr": re.compile(r"[çœêèëàùîô]|\w(?:ité|ités|eux|euse|tiques)\b"),
    "it": re.compile(r"[ìòàù]|\w(?:zione|zioni|ità)\b"),
    "es": re.compile(r"[ñ¿¡íóú]|\w(?:ción|ciones|idad)\b"),
    "pt": re.compile(r"[ãõç]|\w(?:ção|ções|dade)\b"),
    "sv": re.compile(r"[åäö]"),
    "da": re.compile(r"[åæø]"),
    "pl": re.compile(r"[ąęłńśźż]"),
    "sr": re.compile(r"[čćđšž]"),
}
"""Letters and endings that English does not have; they give one point."""
_NOT_ITS_OWN = re.compile(
    r"""
    \[[^\]]*\] | \([^)]*\)  # a translation, an addition
    | ["\u201c\u201e\u00ab][^"\u201d\u201c\u00bb]*["\u201d\u201c\u00bb]  # a quotation
    | \b(?:los\ angeles|las\ vegas|la\ jolla|el\ paso|el\ salvador|de\ novo|et\ al)\b
    """,
    re.VERBOSE,
)
_WORD = re.compile(r"[^\W\d_]+(?:'(?=\w))?")
_SURE = 2
_LONGEST = 3000


def language_of(title: str) -> str | None:
    """Return the ISO 639-1 code of a title's language; None when unsure."""
    text = _NOT_ITS_OWN.sub(" ", title[:_LONGEST]).lower().replace("\u2019", "'")
    points: Counter[str] = Counter()
    for word in _WORD.findall(text):
        points.update(_WEIGHTS.get(word, {}))
    points.update({language: 1 for language, letters in _LETTERS.items() if letters.search(text)})
    (best, most), (_, next_most) = [*points.most_common(2), ("", 0), ("", 0)][:2]
    return best if most >= _SURE and most > next_most else None
