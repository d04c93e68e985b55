"""Whether a text is in English, told by its small words.

| text                                                | English |
|-----------------------------------------------------|---------|
| The rats slept in the cage and were fed.            | yes     |
| Die Ratten schliefen im Stall und wurden gefüttert. | no      |
| Крысы спали в клетке и получали корм каждый день.   | no      |
| Ratten schliefen.                                   | yes     |
"""

import re

_ENGLISH = frozenset(
    ("the of and in to was were with by that for is are on at from not we this these be which an as it").split()
)
_OTHER = frozenset(
    (
        "de la el los las y en que del una con por para se le les des et du est dans une pour au aux sur ont il di che"
        " della delle dei nel sono un der die das und den von mit bei eine ein wurde wurden ist zu nicht im dem auf het een"
        " van te met op og av til som ikke att och med o os da do dos em na no nos uma ao foi"
    ).split()
)
_WORD = re.compile(r"[^\W\d_]+")
_LEAST_WORDS = 6


def is_english(text: str) -> bool:
    """Whether a text is English, or too short to say."""
    words = [word.lower() for word in _WORD.findall(text)]
    if len(words) < _LEAST_WORDS:
        return True
    english = sum(word in _ENGLISH for word in words)
    other = sum((word in _OTHER and word not in _ENGLISH) or not word.isascii() for word in words)
    return english >= other
