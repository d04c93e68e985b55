"""Pages that refuse a client instead of giving what it asked for: Erowid's own, and checks for bots. Most have status 200.

The words of such a page count in its `<title>`, and in the text of a short page that is not a record. Forms do not count: a
form for comments may ask for a captcha. Of scripts only that of a challenge counts: Cloudflare puts others on every page.
"""

import re

_TITLE = re.compile(
    rb"""
    <title[^>]{0,200}>\s*(?:
        [^<]{0,200}\b403\s*-\s*blocked                                                 # the site's own
        | (?:
            just\ a\ moment | attention\ required                                      # Cloudflare
            | please\ wait | one\ moment,?\ please
            | ddos-guard | vercel\ security\ checkpoint
            | making\ sure\ you[^a-z<]{0,6}re\ not\ a\ bot                             # `you're`, `you&#39;re`
            | pardon\ our\ interruption | request\ rejected
            | access\ (?:to\ this\ page\ has\ been\ )?denied                           # `Access denied`
            | (?:human|bot|robot|security|browser)\ (?:verification|check)             # `Human Verification`
            | are\ you\ (?:a\ )?(?:robot|human)
            | (?:checking|verifying)\ (?:your\ browser|you\ are\ human)
            | 403\ forbidden | (?:429\ )?too\ many\ requests                           # statuses
            | sucuri\ website\ firewall
            | (?:client\ )?challenge(?:\ validation)? | (?:solve\ (?:the\ )?)?captcha  # `Client Challenge`, `Captcha`
            | (?:access\ |ip\ |request\ )?blocked                                      # `IP blocked`
        )
        [^\w<:]*(?:<|(?<=[|.-])\s)                                                     # and no more, or the service's name
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TEXT = re.compile(
    rb"""
    (?:checking|verifying|review)\ (?:
        if\ the\ site\ connection\ is\ secure | your\ browser | (?:that\ )?you\ are\ (?:a\ )?human  # `Checking your browser`
    )
    | review\ the\ security\ of\ your\ connection
    | (?:verify|confirm|prove|make\ sure)\ (?:that\ )?you[^a-z<]{0,6}(?:a?re)\ (?:a\ )?
      (?:not\ a\ (?:ro)?bot|human)                                                    # `Verify that you're not a robot`
    | enable\ javascript\ and\ cookies\ to\ continue
    | performance\ (?:&amp;|&|and)\ security\ by\ cloudflare | ddos\ protection\ by   # who refuses
    | you\ (?:have\ been|are\ being)\ (?:blocked|rate[\ -]?limited)                   # `You have been blocked`
    | incapsula\ incident\ id
    | your\ (?:ip|request|access|connection)\b[^<]{0,40}\ (?:has\ been|was|is)\ blocked  # `Your IP address was blocked`
    | javascript\ is\ disabled\ in\ your\ browser
    | press\ (?:&amp;|&|and)\ hold\ to\ confirm
    | unusual\ (?:traffic|activity)\ from
    | (?:complete|solve)\ (?:the|this)\ (?:captcha|security\ check)                   # `Solve this captcha`
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CHALLENGE = re.compile(
    rb"""
    _cf_chl_opt                                      # the script's settings
    | /challenge-platform/[^'\"\s]{0,40}orchestrate  # its address
    | cf-browser-verification                        # the name of its box
    """,
    re.VERBOSE,
)
"""The scripts of Cloudflare's challenge, a page whose text may be in any language."""
_UNSEEN = re.compile(rb"<(script|style)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(rb"<[^<>]{0,2000}>")
_RECORD = re.compile(rb"erowid references? database|comments? (?:and|&amp;|&) responses?|cite html", re.IGNORECASE)
_HEAD = 65_536
_LONGEST = 3000
"""The most bytes of visible text on a page that does nothing but refuse."""


def is_refusal(body: bytes) -> bool:
    """Whether a page refuses this client, whatever the status of the answer is."""
    head = body[:_HEAD]
    if _TITLE.search(head, 0, 8192):
        return True
    if len(body) > _HEAD or _RECORD.search(head):
        return False
    if _CHALLENGE.search(head):
        return True
    if not _TEXT.search(head):
        return False
    text = b" ".join(_TAG.sub(b" ", _UNSEEN.sub(b" ", head)).split())
    return len(text) <= _LONGEST and _TEXT.search(text) is not None
