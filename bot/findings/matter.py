"""What stands in an abstract and is no part of it: consent, ethics, funding, rights, thanks, references, keywords.

Told by who or what a sentence speaks of and what it says of it, not by a list of phrases met; and by there being no verb.
"""

import re

_I = re.IGNORECASE
_STUDY = (
    r"(?:(?:present |current )?"
    r"(?:study|work|research|project|investigation|trial|survey|experiments?|paper|article|review|protocol))"
)

_MATTER = re.compile(
    # consent and ethics
    r"\b(?:informed|written|verbal|oral|parental)\b(?: \w+){0,2} (?:consent|assent)\b|\bconsent (?:was|were)\b"
    r"|\b(?:ethic(?:s|al)|institutional|IRB)\b(?: \w+){0,3} (?:committees?|boards?|approval|clearance"
    r"|permission)\b"
    rf"|\b{_STUDY}s? (?:was|were|has been) (?:\w+ )?approved by\b"
    # authors and their thanks and interests
    r"|\b(?:we|authors?) (?:\w+ )?(?:thank|(?:are|is) (?:\w+ )?(?:grateful|indebted)|acknowledge"
    r"|wish to thank|disclose)\b"
    r"|\b(?:authors?|we) (?:declare|report|state|ha(?:ve|s|d)|disclose)s?\b(?: \w+){0,3} (?:interests?"
    r"|conflicts?|disclosures?)\b"
    r"|\b(?:is|are|was|were) (?:an? )?(?:\w+ )?(?:employees?|employed|consultants?"
    r"|shareholders?)\b(?: \w+)? (?:of|by|to|for|at|in) (?-i:[A-Z])"
    r"|\b(?:holds?|owns?) (?:\w+ )?(?:shares?|stocks?|patents?|equity)\b|\bfinancial (?:support|interests?"
    r"|disclosures?|assistance)\b"
    # funding and gifts
    rf"|^\W*(?:this|the|our|these) {_STUDY}s?\b[^.;]{{0,25}}"
    r"\b(?:(?:was|were|is|are|been)(?: [\w-]+){0,3} (?:supported|funded|financed|sponsored|underwritten"
    r"|made possible)"
    r"|received (?:no|\w+ (?:funding|support)))\b"
    r"|^\W*(?:\w+ly |in part |partly )?(?:supported|funded|sponsored|financed)(?: \w+){0,2} (?:by|from"
    r"|through|under)\b"
    r"|\b(?:external|specific|no|research) funding\b|\bgrants?-in-aid\b|\bspecific grant\b"
    r"|\b(?:kindly|generously) (?:supplied|provided|donated|given)\b|\b(?:was|were) (?:a )?(?:generous "
    r"|kind )?(?:gifts?|donated)\b"
    # who printed it, who has the rights
    r"|^\W*(?:published|printed|distributed) by\b|^\W*(?:copyright|\(c\) \d{4})|\b\(c\) (?:19|20)\d\d\b"
    r"|\b(?:publishers?|(?-i:Press|Verlag|B\.V|GmbH))\.?(?:,? [A-Z]\w+)?\W*$"
    # records, dates, places
    r"|^\W*(?:PMC?ID|DOI|ISBN|ISSN|erratum|corrigendum|comments? (?:in|on)|republished|update (?:in|of)"
    r"|see also)\b"
    r"|^\W*(?:received|accepted|revised|submitted)\b[^.;]*\b(?:19|20)\d\d\b"
    r"|^\W*(?-i:(?:[A-Z][\w&]*\.?,? ){1,6})(?:\(?(?:19"
    r"|20)\d\d\)?[;,:. ]+)?\d{1,4} ?(?:\(\d+\))? ?[:;,] ?[A-Z]?\d+[-\u2013]\d"
    r"|^\W*(?:correspondence|address|reprints?|e-?mail|reprint requests?|author affiliations?)\b[^.]{0,20}[:.]"
    r"|^\W*(?:references?:? \d+|\d+ references?|refs?[: ]\d+|author'?s?'? abstract|abstract truncated|AU)\W"
    r"|^\W*(?:level|strength|class|quality) of evidence\W|^\W*evidence (?:level|grade)\b"
    r"|\b(?:clin\w*|trials?|study|registry|registration|eudract)\b[^.;]{0,20}\b(?:identifier|regist(?:ry|er"
    r"|ration|ered))\b"
    r"|\b(?:protocol|trial design|rationale and design)\b[^.;]{0,15} (?:was|were|is|are|has been"
    r"|have been) (?:\w+ )?(?:published|described|available)\b"
    r"|\b(?:full text|video abstract|supplement(?:ary|al)|data(?:sets?)?|online version|code"
    r"|editorial)\b[^.;]{0,30}"
    r"\b(?:available(?: (?:on|from|at|in|free|upon)\b|\W*$)|free|accompany|online|on request)\b"
    r"|\b(?:abstract|summary) of (?:a|the) (?:paper|lecture|talk|address)\b|\b(?:paper|talk) read (?:at"
    r"|before|to)\b"
    # people were paid
    r"|\b(?:subjects|participants|volunteers|patients|informants|respondents|students)\b[^.;]{0,12}"
    r" (?:paid|compensated|reimbursed|received (?:\w+ )?(?:credits?|payment|compensation|vouchers?))\b",
    _I,
)

_TALK = re.compile(
    r"^(?:[\w,'()-]+ ){0,8}?(?:issues|problems|implications?|mechanisms?|suggestions?|recommendations"
    r"|limitations|strengths|literature"
    r"|questions|considerations|aspects|theor(?:y|ies)|findings|results|data|evidence|directions|applications"
    r"|significance|relevance|possibilit(?:y|ies)|advantages|examples|cases|guidelines|observations|hypothes[ie]s)"
    r"(?: (?:of|for|in|with|and|on|from|to)(?: [\w,'()-]+){1,8}?)? (?:is|are)(?: (?:also|then|briefly|further|critically))?"
    r" (?:raised|pointed out|noted|discussed|reviewed|considered|outlined|described|explored|offered|made"
    r"|given|emphasi[sz]ed"
    r"|stressed|addressed|examined|listed|included|provided|presented|reported|related to (?:\w+ )?(?:theor\w+"
    r"|models?|concepts?|literature))\b",
    _I,
)
"""A sentence that names its paper's contents: `Ethical issues are raised.`"""

_FINITE = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|can|cannot|could|may|might|must|shall|should|will"
    r"|would|rose|fell|led"
    r"|grew|became|began|found|gave|took|came|went|showed?|made|kept|held|lost|felt|got|ran|seems?|means"
    r"|leads?|acts?|plays?|lies"
    r"|[a-z]{2,}(?:ed|s|ent|ate|ize|ise))\b"
)
_LISTS = re.compile(r"^[^.;,]{2,40}(?:[;,] ?[^.;,]{2,40}){2,}\W*$")
_MOST_IN_LIST = 3
_SHORTEST = 4


def is_end_matter(text: str) -> bool:
    """Whether a sentence is not of the abstract at all, or only names what its paper holds."""
    return bool(_MATTER.search(text) or _TALK.search(text)) or _names_only(text) or _keywords(text)


def _names_only(text: str) -> bool:
    """Whether there is no verb and every longer word is a name (`Quist Research Council.`)."""
    longer = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) >= _SHORTEST]
    return not _FINITE.search(text) and len(longer) > 0 and all(word[0].isupper() for word in longer)


def _keywords(text: str) -> bool:
    """Whether this is a list of a few words each, without a verb (`Newts; sleep; memory.`)."""
    if not _LISTS.match(text):
        return False
    parts = re.split(r"[;,]", text.strip(" ."))
    return all(len(part.split()) <= _MOST_IN_LIST for part in parts) and not re.search(
        r"\b(?:is|are|was|were|has|have|had|did|not|no|and|or|than|\w+ed)\b", text
    )
