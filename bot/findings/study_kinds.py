"""Kinds of study, and patterns for how a title or a sentence states each; they need `re.VERBOSE` and `re.IGNORECASE`."""

_TRIAL = r"(?:trial|study|design|investigation|experiment|comparison|protocol)\b"
_RANDOMISED = rf"randomi[sz]ed\b(?:[\ ,-]+[\w-]+){{0,6}}?[\ -]+{_TRIAL}"
_CHEMICAL = r"""(?:
      derivatives?|analogu?e?s?|esters?|salts?|alkaloids?|congeners?|metabolites?|isomers?|enantiomers?
    | [\w-]*(?:      # the endings of substances' names
          amines?|amides?|idines?|azines?|azoles?|olines?|phines?|indoles?|phenones?|codones?|etones?|quinones?|epines?
        | ergides?|cybin|cyn|cinn?|caines?|bromides?|chlorides?|iodides?|pyrans?|furans?|cannabinols?|ethanols? )
    | [\w,']*\d-\w+  # 3,4-newtol
)\b"""
_ILL = r"""(?:
      patients?|m[ae]n|wom[ae]n|boy|girl|infant|child|children|adolescents?|male|female|twins|year[- ]old  # people
    | fatal\w*|deaths?|suicide                                                                       # how they died
    | poisoning|intoxication|overdose|toxicity|dependence|addiction|abuse                            # harm from a substance
    | syndrome|disease|disorder|failure|psychos[ie]s|delirium|seizures?|stroke|infarction|hepatitis  # diseases
    | cancer|carcinoma|tumou?r|anaphylaxis|allergy
    | \w{4,}(?:itis|osis|oma|emia|aemia|pathy|lysis)                                                 # "neuropathy"
)\b"""
ASKED = r"""(?:
      patients?|volunteers?|participants?|subjects                                            # subjects of a study
    | men|women|children|adults|adolescen\w+|youth|teenagers|persons|people
    | students?|users?|clients|consumers|residents|members|veterans|workers|smokers|drinkers  # groups
    | parents|households?|public
    | physicians?|doctors?|nurses?|pharmacists?|psychiatrists?|psychologists?|oncologists?    # professions
    | practitioners?|professionals|healers?
    | informants|respondents?|ravers|attend\w+|population|inhabitants
    | questionnaires?|interview\w*|online|web-based|internet                                  # how they are asked
)\b"""
"""Whom a survey asks, or how; other surveys are of things."""
IN_TITLE = (
    (
        "Study protocol",
        r"""
          \b(?:study|trial|review|research)\ protocol\b
        | \bprotocol\ (?:for|of)\ an?\ [^:]*(?:trial|study|review|survey)\b  # "protocol for a pilot trial"
        """,
    ),
    ("Meta-analysis", r"\bmeta-?analysis\b"),
    ("Systematic review", r"\bsystematic(?:\ literature)?\ review\b"),
    ("Scoping review", r"\bscoping\ review\b"),
    (
        "Case report",
        rf"""
          \bcase\ reports?\b
        | \breport\ of\ (?:a|one|two|three|\d+)\ cases?\b  # "report of two cases"
        | ^(?:a|one|two|three)\ (?:\w+\ )?cases?\ of\b     # "A fatal case of"
          (?=[^:.?]*\b{_ILL})                              # but only of an illness
        """,
    ),
    ("Case series", r"\bcase\ series\b"),
    (
        "Review",
        r"""
          \b(?:literature|critical|narrative|brief|mini|historical|comprehensive)[ -]review\b
        | [:.?]\ an?\ (?!retrospective|chart|records?|book|film|case|peer)(?:[\w-]+\ )?review\.?$  # ": a short review"
        | ^a\ review\ of\ (?!["'\u2018\u201c])  # "A review of sleep", but not of a quoted book
        | :\ review$
        """,
    ),
    ("Randomised trial", rf"\b{_RANDOMISED}"),
    (
        "Survey",
        r"""
          \b(?:online|internet|web(?:-based)?|postal|telephone|mail(?:ed)?|questionnaire|household)\ survey\b
        | \bsurvey(?=\ (?:of|among|in|on|to|with|from|about|for)\b|[.:]|$)  # "survey among"
        """,
    ),
    ("Qualitative study", r"\bqualitative\ (?:study|analysis|interview\w*)\b"),
    ("Ethnography", r"\bethnograph(?:y|ic)\b"),
    ("Cohort study", r"\bcohort\ study\b"),
    ("Case-control study", r"\bcase[ -]control\ study\b"),
    ("Open-label trial", rf"\bopen[ -]label\b(?:\ [\w-]+){{0,3}}\ {_TRIAL}"),
    ("Pilot study", r"\bpilot\ (?:study|trial)\b"),
    (
        "In vitro",
        r"""
        ^(?!.*\b(?:in\ vivo|clinical|patients?|volunteers|in\ (?:rats|mice|man|humans|animals))\b)  # nothing in vivo
        .*?\bin\ vitro\b
        (?![ -](?: fertili|matur|propagat|regenerat|diagnos  # not "in vitro fertilization"
          |plant|culture|micropropag|shoot|flower))          # nor "in vitro plant"
        """,
    ),
    (
        "Chemistry",
        rf"""
          ^(?:the\ |a\ |an\ )?                                                   # "A new synthesis of"
          (?:(?:total|improved|facile|stereoselective|efficient|new|chemical)\ )?synthes[ie]s\ of\b
          (?=[^:.]*\b{_CHEMICAL})                                                # a substance
          (?!.*\b(?:in|by|during|from|evidence|literature|data|proteins?)\b)     # but not in the body, nor of evidence
        | \bcrystal\ structure\ of\b(?=[^:]*\b{_CHEMICAL})                       # "Crystal structure of a newtamine"
          (?!.*\b(?: domain|proteins?|receptors?|enzyme|complex\w*|\w+ase|virus  # but not of a protein
            |subunit|bound|channel|transporter)\b)
        | \b(?:by|using)                                                         # "by gas chromatography"
          \ (?:gas|liquid|thin[ -]layer|high[ -]performance\ liquid)\ chromatograph
        """,
    ),
)
"""Kinds, the most specific first, and how a title states them."""

_THIS = r"\b(?:this|the\ present|the\ current|our|present)"
_OWN = rf"""(?:
      {_THIS}
    | \bwe\ (?:\w+\ )?  # "we here report", "we conducted a"
      (?:conducted|performed|carried\ out|did|undertook|report|describe|present)(?:\ \w+)?
)"""
_ANIMALS = r"(?:rats|mice|guinea[ -]pigs|rabbits|hamsters|gerbils|cats|dogs|monkeys|baboons|pigeons|sheep)\b"
IN_ABSTRACT = (
    ("Meta-analysis", rf"{_OWN}\b(?:\ [\w-]+){{0,5}}\ meta-?analysis\b"),
    ("Systematic review", rf"{_OWN}\b(?:\ [\w-]+){{0,4}}\ systematic(?:\ literature)?\ review\b(?!,?\ and\ (?!meta))"),
    (
        "Case report",
        rf"""
          {_THIS}\b(?:\ [\w-]+){{0,2}}\ case\ report\b  # "this short case report"
        | \bwe\ (?:report|describe|present)\ (?:the\ case|a\ case|here\ a\ case|one\ case)\ of\b
          (?=.{{0,80}}?\b{_ILL})                        # "we report the case of a fatal"
        """,
    ),
    (
        "Review",
        r"""
          \b(?:this|the\ present)\ (?:\w+\ )?review\ (?:article\ |paper\ )?      # "this review article focuses"
          (?:will|summari|discuss|focus|cover|describ|present|examin|highlight|provid|explor|aim|consider)
        | \b(?:this|the\ present)\ (?:article|paper|chapter)\ reviews\b
        | \bin\ (?:this|the\ present)\ (?:\w+\ )?review,?\ (?:article,?\ )?we\b  # "in this review, we"
        """,
    ),
    (
        "Randomised trial",
        rf"""
          \bin\ (?:a|this|the\ present|our)\b(?:\ [\w,-]+){{0,6}}?[\ -]{_RANDOMISED}  # "in a small randomised trial"
        | {_OWN}\b(?:\ [\w,-]+){{0,5}}[\ -]{_RANDOMISED}                              # "we conducted a randomised trial"
        | ^(?:an?\ )?(?:[\w-]+,?\ ){{0,5}}{_RANDOMISED}                               # "A small, randomised trial was"
          (?=\ (?:was|of|in|with|comparing|conducted|involving|design|at)\b|\.?$)
        | \b(?:patients|volunteers|participants|subjects|women|men|children)\b[^.;]{{0,60}}
          \bwere\ (?:randomi[sz]ed|randomly\ (?:assigned|allocated))\b                # "subjects were randomly assigned"
        """,
    ),
    (
        "Double-blind study",
        rf"""
        \bin\ (?:a|this|the\ present)\b(?:\ [\w,-]+){{0,4}}?[\ -]?double[ -]blind\b  # "in a crossover, double-blind"
        (?:[\ ,-]+[\w-]+){{0,5}}?[\ -]+{_TRIAL}                                      # ", placebo-controlled study"
        """,
    ),
    (
        "Survey",
        rf"""
        \b(?: we\ (?:\w+\ )?(?:surveyed|conducted\ (?:a|an)(?:\ \w+){{0,3}}\ survey)  # "we conducted a postal survey"
            | survey\ (?:was|of\ \d[\d,]*\ \w+\ was)\ (?:conducted|carried\ out) )\b  # "survey of 20 students was conducted"
        (?=.{{0,100}}?\b{ASKED})
        """,
    ),
    ("Cohort study", rf"(?:{_OWN}|\bin\ (?:a|this))\b(?:\ [\w-]+){{0,5}}\ cohort\ study\b"),
    ("Case-control study", rf"(?:{_OWN}|\bin\ (?:a|this))\b(?:\ [\w-]+){{0,5}}\ case[ -]control\ study\b"),
    (
        "Ethnography",
        rf"""
          \bethnographic\ (?:fieldwork|field\ work|interviews|observation)\b
        | {_OWN}\b(?:\ [\w-]+){{0,2}}\ ethnograph  # "this short ethnography"
        """,
    ),
    (
        "Open-label trial",
        rf"""
        (?:{_OWN}|\bin\ (?:a|this|an)|^an?)\b(?:\ [\w-]+,?){{0,4}}\ open[ -]label\b  # "in a small, open-label"
        (?:[\ ,-]+[\w-]+){{0,4}}?\ {_TRIAL}                                          # " pilot study"
        """,
    ),
    (
        "Animal study",
        rf"""
          \b{_ANIMALS}(?:\ \([^)]*\))?                                                         # "rats (n = 6)"
          \ (?:were|was|had\ been|received)(?:\ \w+){{0,2}}                                    # " were then"
          \ (?: injected|given|administered|infused|fed|treated|pretreated|exposed             # " injected"
            |implanted|trained|tested|ana?esthetized|killed)\b
        | \bin\ (?:conscious|freely[ -]moving|awake|an(?:a)?esthetized|unrestrained|behaving)  # "in awake male rats"
          \ (?:\w+\ )?{_ANIMALS}
        """,
    ),
)
"""Kinds, and how a sentence of an abstract states them of its own study."""
