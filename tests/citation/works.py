"""Works that do not exist, for tests of citations."""

from typing import Any

DOE = {"family": "Doe", "given": "J. A."}
ROE = {"family": "Roe", "given": "Rita B."}
POE = {"family": "van Poe", "given": "C.", "suffix": "Jr."}

ARTICLE: dict[str, Any] = {
    "id": "7001",
    "type": "article-journal",
    "title": "Effects of a made-up tryptamine on sleep: a 'double-blind' trial",
    "container-title": "J Made Up Stud",
    "author": [DOE, ROE, POE],
    "issued": {"date-parts": [[1988, 4, 26]]},
    "volume": "447",
    "issue": "1",
    "page": "141-4",
}
CHAPTER: dict[str, Any] = {
    "id": "7002",
    "type": "chapter",
    "title": "What is known?",
    "container-title": "The invention of nothing",
    "author": [{"literal": "Nothing Study Group"}],
    "editor": [DOE, ROE],
    "issued": {"date-parts": [[1978]]},
    "page": "12-31",
    "publisher": "Nowhere Press",
    "publisher-place": "Utopia",
}
MONTHS: dict[str, Any] = {
    "id": "7003",
    "type": "article-journal",
    "title": "A note on the absence of rats",
    "container-title": "Annals of Absence",
    "issued": {"date-parts": [[1974, 10], [1974, 12]]},
    "volume": "26",
    "issue": "4",
    "page": "S9-S17",
}
