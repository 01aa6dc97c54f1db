"""Taking a message apart: its clauses, what it says that it does not mean, and where a second question begins."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_SPLITS = 6
LEAST_SIGNS = 4
"""A part with fewer signs is no question of its own."""
_ENDS = re.compile(r"((?:[，,、；;。!！?？~～…\n]|\.(?![0-9A-Za-z]))+)")
"""A full stop inside a number or an address (2.5, gov.tw) ends nothing."""
_STRONG = re.compile(r"[。!！?？\n；;]")
_SIGNS = re.compile(r"[\W_]+")
_ASKS = re.compile(
    r"嗎|呢|怎麼|怎樣|如何|哪|什麼|甚麼|啥|咋|多久|多少|幾(?!乎)|為何|為什麼|[能會是要有]不[能會是要]|有沒有|可不可以|可否|是否"
)
_ASKED_BACK = re.compile(r"(?<![好行])(?<!可以)嗎$|是不是|有沒有|是否|會不會")
"""What a clause asks itself is never set aside: 不是說三天嗎, 這樣有沒有問題."""

_TELL = (
    r"(?:跟|教(?![師育材學職])|說|講(?![師義座])|提(?![供出交醒早])|貼|回[答覆應]?|解釋|告訴|叫|問|給我(?![寄發傳]))"
)
_NOT_THIS = re.compile(
    r"^(?:我|這次|現在|可是|但是?|請|拜託|麻煩|敬啟者|您好|你好)*(?:也|又|可|並|都|真的|根本)?"
    r"(?:不是|(?:還|也)?沒有?(?:要|想)|也不(?:用|要|必)|(?:不(?:用|必|需要?|要)|別|先別|先不)再?"
    + _TELL
    + r"|免(?:說|談)"
    r"|先(?:不|別)(?:管|談)|不(?:問|談|提(?![供出交醒早])|管(?!.*(?:都|也|還是|一樣)))|撇開|除了|略過|省略)"
)
_NOT_WHO = re.compile(
    r"不是(?!要|在|問|想|講|指)[^，,]{0,6}?(?:公務|公職|民眾|老師|教師|教育|職員|正式|編制|學生|會員|本人|員工|約[聘僱雇]|軍|志工|人員|身[分份])"
)
"""Who one is not matters for the answer, unless one goes on to say who one is."""
_SAID = re.compile(r"(?<!我)不是(?!要|在|問|想|講|指|來|因為|卡在)")
_WONDERS = re.compile(r"^(?:怎|為什麼|為何|卻|可是)")
"""「不是說三天，怎麼還沒有」 sets nothing aside: it reproaches."""
_CONTRAST = re.compile(r"^(?:我)?(?:而是|是(?!不是|否)|要的是|要問|想問|想知道|只是?|只想|就|剩)")
_KNOWN = re.compile(
    r"(?:我(?:都|已經?|早就?)?(?:知道|懂|會|清楚|了解|看過|試過|做過|查過)了?|知道了|懂了|搞懂了|都沒問題|沒問題|沒有問題"
    r"|(?:已經?|都)(?:解決|處理|弄|搞|設|裝|申請|轉|改|查|做)?好了|已解決|都正常|是另(?:外)?一回事|不急|不用理|不用再.{1,3}|先不管|以後再說|下次再說)$"
)
_INLINE = re.compile(
    r"(?<!是)(?:不是|並非)(?:要|在|問|說|想)?[^，,。；;!！?？]{2,18}?"
    r"(?=(?:而是|我?是要(?![怎如用哪什甚多跟找去])|是想|是問|要的是))"
)
_TAIL = re.compile(
    r"[，,。\s]?而?(?:(?<!是)(?:不是|並非)(?:要|在|問|說|想)?|(?:(?<!要)不要|(?<!用)不用|別)再?(?=" + _TELL + r"))"
    r"[^，,。；;!！?？]{2,24}$"
)
_WANTS = re.compile(_ASKS.pattern + r"|[要想請找查]|給我")
_CUT_OFF = re.compile(
    r"為什麼|為何|(?:怎麼|還是|或是?|跟|和|可以|能|會|顯示|出現|寫|說|變成|我|他|的|卻|都|又|也|是|要)$"
)
"""Words before a negation that belong to it: 系統顯示我不是公務員, 為什麼登入不是用身分證."""
_SECOND = re.compile(
    r"^(?:還有(?!哪|幾|多少|沒|[什甚]麼(?!時候)|差|缺|其他|別的)(?:一個|一件|就是|另外)?|另外(?![兩二三幾\d])|此外|以及|順便|再來|接著|然後(?:還有|再|想)|對了|其次"
    r"|(?:第二|二|2)(?:個問題)?(?=，|是)|又(?=，|請|想|如何|該|怎麼)|再(?:請|問|者)|再一個|同時(?=，|也|想|請|要問|麻煩)|也(?=想|要|請|麻煩))"
)
_SECOND_INSIDE = re.compile(
    r"(?<=[^，,。；;!！?？\n]{3})(還有(?!哪|幾|多少|沒|[什甚]麼(?!時候)|差|缺|其他|別的)"
    r"|(?<![要用得該會能])另外(?!註冊|加|申請|一|辦|再|那|開|的|要|[兩二三幾\d])|順便|以及|然後還|(?<!後)再來)(?=[^，,。；;!！?？\n]{4})"
)
_CONDITION = re.compile(r"(?:後|時|時候|的話|之前|以前)$")
"""「完成課程後，再來要做什麼」 is one question."""
_SETTLED = re.compile(
    r"已(?:經|自行)?.{0,12}(?:成功|解決|處理|收到|完成|下載|好了)|致謝$|^(?:謝謝|感謝|麻煩|不好意思|辛苦)"
)


@dataclass(frozen=True)
class Clause:
    """A stretch of a message up to a comma or stop."""

    text: str
    strong: bool
    """Whether a stop, a question mark or a line break ends it."""
    asks: bool
    """Whether it is a question by its words or its mark."""


def clauses(text: str) -> list[Clause]:
    """The clauses of a message, in order, without their punctuation."""
    pieces = _ENDS.split(text)
    found = []
    for at in range(0, len(pieces), 2):
        words = pieces[at].strip()
        if words:
            end = pieces[at + 1] if at + 1 < len(pieces) else "\n"
            found.append(Clause(words, bool(_STRONG.search(end)), bool(re.search("[?？]", end) or _ASKS.search(words))))
    return found


def signs(text: str) -> int:
    """How many letters, digits and ideographs a text has."""
    return len(_SIGNS.sub("", text))


def meant(text: str) -> str | None:
    """The message without what it says that it does not mean or has settled; None where nothing of it goes.

    「我不是要退選，是要重看」 leaves 「是要重看」. Whole clauses go, and only where enough is left to ask something.
    """
    parts = clauses(_INLINE.sub("", text))
    kept = [part.text for at, part in enumerate(parts) if not _set_aside(part, parts[at + 1 :])]
    if len(parts) == len(kept) == 1:
        kept = [_without_tail(kept[0])]
    left = "，".join(kept)
    return left if LEAST_SIGNS <= signs(left) < signs(text) else None


def _set_aside(clause: Clause, rest: list[Clause]) -> bool:
    text = clause.text
    if _ASKED_BACK.search(text):
        return False
    if _KNOWN.search(text):
        return True
    if not _NOT_THIS.match(text):
        return False
    if not rest:
        return text.startswith(("別", "不用", "不必"))
    goes_on = rest[0].text
    if _SAID.search(text) and _WONDERS.match(goes_on):
        return False
    return not _NOT_WHO.search(text) or _CONTRAST.match(goes_on) is not None


def _without_tail(text: str) -> str:
    """「我要印證書不是要退選」 without its end; a negation that is the point itself stays."""
    found = _TAIL.search(text)
    if found is None or _ASKS.search(found.group()):
        return text
    left = text[: found.start()]
    return left if _WANTS.search(left) and not _CUT_OFF.search(left) else text


def halves(text: str) -> list[tuple[str, str]]:
    """Ways to read a message as two questions, first and second part, where its words or stops allow it.

    A word such as 另外 opens a second question; a stop alone does so between two parts that both ask.
    """
    parts = clauses(_SECOND_INSIDE.sub(r"，\1", text))
    found = []
    for at in range(1, len(parts)):
        first = "，".join(part.text for part in parts[:at])
        second = "，".join(part.text for part in parts[at:])
        opened = _SECOND.match(second)
        both_ask = parts[at - 1].strong and parts[at - 1].asks and any(part.asks for part in parts[at:])
        if not both_ask and (not opened or _CONDITION.search(parts[at - 1].text)):
            continue
        second = _SECOND.sub("", second).lstrip("，")
        if min(signs(first), signs(second)) >= LEAST_SIGNS and not _SETTLED.search(second):
            found.append((first, second))
            if len(found) == MOST_SPLITS:
                break
    return found
