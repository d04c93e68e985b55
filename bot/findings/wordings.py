"""Wording by which a sentence describes work, reports an effect, concludes, guesses, or says what is known."""

import re

from bot.findings.cues import cue

_X = re.IGNORECASE | re.VERBOSE

WORK = re.compile(
    r"""
      \b(?:was|were|has\ been|have\ been|is|are)(?:\ \w+){0,2}
      \ (?: studied|investigated|examined|tested|explored|assessed|evaluated|compared                 # "has been studied"
          | reviewed|described|presented                                                              # "is described"
          | measured|determined|recorded|monitored|assayed|analy[sz]ed|estimated|calculated           # "were then measured"
          | recruited|included|randomi[sz]ed|divided|subjected|trained|exposed|killed|ana?esthetized  # "were trained"
          | administered|injected|given|infused|implanted|fed|treated|applied|incubated               # "was injected"
          | used|employed|performed|carried\ out|made|collected )\b                                   # "were carried out"
    | \b(?:we|i)\ (?:\w+\ )?
      (?: studied|investigated|examined|tested|assessed|evaluated|compared                            # "we studied"
        | measured|determined|recorded|analy[sz]ed                                                    # "we measured"
        | used|developed|characteri[sz]ed|performed|propose\ a )\b                                    # "we then used"
    """,
    _X,
)
REPORT = re.compile(
    r"""
      \b(?: increas|enhanc|augment|elevat|rais|potentiat|stimulat|accelerat|facilitat|improv|prolong   # "prolonged"
          | decreas|reduc|lower|diminish|depress|attenuat|shorten|impair                               # "reduces"
          | inhibit|block|antagoni[sz]|abolish|prevent|revers|suppress|protect                         # "blocked"
          | produc|induc|caus|elicit|evok|alter|affect                                                 # "caused"
          | exhibit|display|correlat|associat|resembl|differ|respond|fail|predict )(?:ed|t|s|es|e)\b   # "differs", "failed"
    | \b(?:rose|fell|led|grew|became|showed|occurred|resulted|remained)\b  # "rose", "remained"
    | \b(?:was|were|is|are)
      \ (?: found|observed|seen|shown|noted|detected|demonstrated|obtained|identified|present|absent   # "was found"
          | associated|related|correlated|higher|lower|greater|less|more|similar|unaffected|unchanged  # "is higher"
          | effective|ineffective|active|inactive|potent|without\ effect                               # "are effective"
          | significantly|markedly|not )\b                                                             # "were significantly"
    """,
    _X,
)
_EVIDENCE = r"""(?:
      results?|findings?|data|observations?|evidence|measurements?|effects?|report|similarity|dissociation
    | experiments?|stud(?:y|ies)|tests?|investigations?|work|analys[ie]s|comparisons?|calculations?|simulations?|models?
)"""
"""What conclusions rest on."""
_SHOWS = r"""(?:
      suggest|indicate|impl|support|conclu|demonstrat|show|confirm|establish|reveal|point|argue|highlight|illustrat
    | underline|underscore|provide|propos|add|emphasi
    | (?:is|are)\ (?:consistent|compatible|in\ (?:agreement|accord)|interpreted\ as)
)"""
CONCLUSION = cue(
    "conclu|propose|suggest|believe|infer|postulate|argue|speculat|hypothesi|assumed|conjectured|deduced|considered likely"
    "|apparent|in sum|to sum|taken together|collectively|indicat|impl|support|demonstrat|show|confirm|establish|reveal|point"
    "|highlight|illustrat|under|provide|add|emphasi|consistent|compatible|in agreement|in accord|interpreted as|mean",
    rf"""
      \b(?:we|authors?)\ (?:therefore\ |thus\ |also\ |further\ )?                 # "we therefore conclude"
      (?:conclude|propose|suggest|believe|infer|postulate|argue)\b
    | \b(?:is|was|has\ been|it\ may\ be|can\ be|could\ be)\ (?:therefore\ |thus\ |also\ )?  # "it may be concluded that"
      (?:concluded|suggested|proposed|inferred|postulated|speculated|hypothesi[sz]ed|assumed|conjectured|deduced
        |considered\ likely|apparent)\ that\b
    | \bin\ (?:conclusion|summary|sum)\b  # "in conclusion"
    | \bto\ (?:conclude|sum\ up|summari[sz]e)\b  # "to sum up"
    | \bconclud\w+\b  # "it must be concluded"
    | ^conclusions?\b  # "Conclusion: newts sleep"
    | \btaken\ together\b  # "taken together"
    | \bcollectively\b  # "collectively"
    | \b(?:these|our|this|the|present|such|all)\b(?:\ \w+){{0,4}}\ {_EVIDENCE}\b  # "these first results"
      (?:\ \w+){{0,6}}\ {_SHOWS}                                                  # "in newts suggest", "are consistent"
    | ^(?:\d+[.)]?\ )?(?:this|these|it)(?:\ \w+){{0,2}}                           # "3. This strongly suggests"
      \ (?:suggests?|indicates?|impl(?:y|ies)|supports?|means)\b
    """,
    _X,
)
GUESS = re.compile(r"\b(?:may|might|could|possibly|perhaps|conceivabl[ey]|speculat\w+)\b", _X)
KNOWN = re.compile(
    r"""
      \bthere\ (?:are|is)\ (?:currently\ |as\ yet\ )?(?:no|few|little)  # "there are as yet few reports"
      \ (?:reports?|studies|data|information|evidence|literature)\b
    | \b(?:little\ is\ known|remains?\ (?:unclear|unknown|poorly))\b  # "remains unclear"
    | \b(?:is|are)\ known\b  # "are known"
    | \b(?:has|have)\ been\ (?:shown|reported|suggested|demonstrated|implicated)\b  # "has been shown"
    | \b(?:is\ a\ (?:major|common)|are\ (?:common|widely))\b            # "is a common plant", "are widely used"
    | \b(?:previous|recent)(?:ly)?\b  # "recently"
    """,
    _X,
)
