"""Follow-ups: messages that mean something only in the light of the question answered before them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.dialogue.clauses import signs
from bot.dialogue.context import TurnContext
from bot.guides.numerals import number_in

SHORT = 12
"""A follow-up has few signs beside the term that it turns on."""
_FILLERS = re.compile(
    r"那麼|那|呢|嗎|啊|ㄚ|喔|哦|欸|耶|吧|的話|怎麼辦|怎麼弄|怎麼做|也是|也|一樣|要是|如果|假如|換成|改成|改用|我是|我們是|我用的是|我用|是用|用|以|從"
    r"|登入|登錄|登進來|進去|進來|帳號|身分|身份|的|是|咧|勒|我|可以|可|行|嘛|換|改|查|看|在|到|上|處理"
)
_STEP = re.compile(
    r"第([一二三四五六七八九十\d]{1,3})(?:個)?(?:步驟|步|點(?!五)|項|部(?=在|是|怎|呢|找|看不|$))|步驟([一二三四五六七八九十\d]{1,3})"
)
"""第二部 is what an input method makes of 第二步."""
_STUCK = re.compile(
    r"^(?:可是|但是?|我|他|它|這邊|這裡|畫面上?|裡面|網頁|手機|電腦|根本|都|就|還是|一直|怎麼)*"
    r"(?:沒有?(?:看到|出現|找到)?(?:那|這|哪|你說的|您說的|妳說的)?(?:一?個|顆|一項|種)?(?:按鈕|按鍵|選項|欄位?|畫面|連結|東西|頁面|功能|字|圖示|鈕)"
    r"|沒有?(?:看到|出現|找到)|(?:找|看)不到(?:那|這|哪)?(?:一?個|顆|一項)?(?:按鈕|按鍵|選項|欄位?|畫面|連結|頁面|功能|東西|圖示|鈕)?"
    r"|(?:按|點|按了|點了|點下去|按下去)(?:都|也)?(?:沒有?反應|沒有?用|沒動靜|不動|不了)|不行|沒有?用|還是不行|一樣不行|卡住了?|失敗了?|做不到|看不懂|不會(?:用|弄|操作)?)"
    r"(?:啊|啦|欸|耶|喔|捏|勒|咧|ㄟ|哦|了|哪|呢|嗎|怎麼辦)*$"
)
_NEXT = re.compile(
    r"^(?:好了?|ok|嗯+|可以了?|做好了|點了|按了|看到了|找到了|登入了|完成了)?"
    r"(?:然[後后]|接下來(?:要做什麼|怎麼做)?|再來|下一步(?:是什麼)?|之[後后]|接著)(?:呢|勒|咧|捏|哩)?$",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    r"^(?:請|麻煩|可以|可不可以|能不能|能)?(?:你|您)?(?:再)?(?:說一(?:次|遍)|講一(?:次|遍)|貼一(?:次|遍)|重複一(?:次|遍)|說清楚(?:一?點)?|說簡單(?:一?點)?|說詳細(?:一?點)?|詳細(?:一?點)|步驟(?:呢|是什麼)?)(?:嗎|好嗎|謝謝)?$"
)
_CONTACT = re.compile(
    r"^(?:那|請問|有沒有|有|給我|他們?的?|它的|這個?的?|你們的?|貴單位|要打|客服|窗口|的|是|該|單位|聯絡|要|找誰|寄到?|寄去)*"
    r"(?:電話|專線|號碼|分機|e?信箱|e?mail|電郵|地址|傳真|服務時間|上班時間|幾點(?:上班|開始|下班|到幾點)?|客服)"
    r"(?:號碼|是|幾號|多少|哪個|哪一?支|哪裡|有嗎|呢|嗎|啊|給我|可以打|幾點|到幾點|給一下|什麼|幾|咧)*$",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"^(?:不是(?:啦|的|這個|那個|這樣|啊|喔)*|不對(?:啦|喔|吧)*|錯了?"
    r"|你(?:誤會|搞錯|弄錯|會錯意)了?|答非所問|沒有啦|非也|no|No)[，,。!！ \n~]+(?=.{3,})"
)
_LOOSE = re.compile(r"[\W_]+")
_OF_ITS_OWN = re.compile(r"^(?!那|要是|如果|換).*(?:可以|能|可不可以|能不能)(?:上|用|看|進|登|註冊|申請|參加|報名)")
"""「一般民眾可以上嗎」 asks something by itself; 「那一般民眾可以嗎」 does not."""


class Found(Protocol):
    """A term found in a message."""

    @property
    def entity(self) -> str:
        """Its kind."""
        ...

    @property
    def value(self) -> str:
        """What it stands for."""
        ...

    @property
    def start(self) -> int:
        """Where it begins."""
        ...

    @property
    def end(self) -> int:
        """Where it ends."""
        ...


FindTerms = Callable[[str], Sequence[Found]]
FACETS = ("provider", "portal", "identity", "course_kind")


@dataclass(frozen=True)
class FollowUp:
    """How a message goes on from the question before it."""

    kind: str
    """step, next, stuck and again are about the answer given; contact asks for its desk; facet asks the same of
    something else; correction says that something else was meant."""
    text: str = ""
    """For facet and correction: the question made whole."""
    number: int = 0
    """For step: which."""


def follow_up(text: str, context: TurnContext | None, find: FindTerms) -> FollowUp | None:
    """What a message means after an answer; None where it stands on its own or nothing was answered."""
    if context is None or context.topic is None:
        return None
    text = text.strip()
    correction = _CORRECTION.match(text)
    if correction:
        return FollowUp("correction", text[correction.end() :].strip())
    # 「第 2 步」, 「那 email 呢」, 「嗯，然後呢？！」: spaces, marks and emoji come and go.
    joined = _LOOSE.sub("", text)
    step = _STEP.search(joined)
    if step and signs(_STEP.sub("", joined)) <= SHORT:
        return FollowUp("step", number=_number(step.group(1) or step.group(2)))
    for kind, pattern in (("next", _NEXT), ("again", _AGAIN), ("stuck", _STUCK), ("contact", _CONTACT)):
        if pattern.match(joined):
            return FollowUp(kind)
    return _facet(text, context, find)


def _facet(text: str, context: TurnContext, find: FindTerms) -> FollowUp | None:
    named = [term for term in find(text) if term.entity in FACETS]
    if not named or _OF_ITS_OWN.match(text) or signs(_bare(text, named)) > 2:
        return None
    whole = context.question
    replaced = False
    for term in named:
        word = text[term.start : term.end]
        for old in sorted((one for one in find(whole) if one.entity == term.entity), key=lambda one: -one.start):
            whole = whole[: old.start] + word + whole[old.end :]
            replaced = True
    return FollowUp("facet", whole if replaced else f"{text.rstrip('呢?？啊嗎。 ')}，{whole}")


def _number(text: str) -> int:
    """The number of a step; 0, which no answer has, where digits and numerals are mixed (第1一步)."""
    try:
        return number_in(text)
    except (KeyError, ValueError):
        return 0


def _bare(text: str, terms: Iterable[Found]) -> str:
    """The text without its terms and without words that only carry them."""
    for term in sorted(terms, key=lambda one: -one.start):
        text = text[: term.start] + text[term.end :]
    return _FILLERS.sub("", text)
