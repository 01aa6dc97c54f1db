"""The words that somebody wrote in a mail: without the mails quoted in it and without the signature."""

from __future__ import annotations

import re

LEAST_SIGNS = 4
"""Fewer signs of one's own say nothing: whoever forwards a mail means the mail."""
SIGNED_WITHIN = 8
"""Lines: a signature is no longer than this."""
_QUOTED = re.compile(r"^\s*[>＞|｜]")
_BEGINS = re.compile(
    r"^\s*(?:[>＞]\s*)?(?:"
    r"-{2,}\s*(?:original message|forwarded message"
    r"|原始郵件|原始邮件|原郵件|轉寄的郵件|轉寄郵件|轉寄訊息|轉發的訊息|原始訊息)\s*-{2,}"
    r"|_{10,}\s*$"
    r"|on\b.{6,120}\bwrote\s*[:：]\s*$"
    r"|(?:在|於)?.{0,80}(?:\d{4}|[上下]午).{0,100}(?:寫道|写道|來信|撰寫)\s*[:：]\s*$"
    r"|.{0,60}[<＜][^<>]*@[^<>]*[>＞].{0,60}(?:寫道|写道|來信)\s*[:：]?\s*$"
    r")",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\s*[*]*(?:from|寄件者|寄件人|发件人|發件人)[*]*\s*[:：]", re.IGNORECASE)
_HEADED = re.compile(
    r"^\s*[*]*(?:sent|date|to|cc|subject|寄件日期|傳送日期|日期|收件者|收件人|副本|主旨|主題|主题|發送時間|传送时间)[*]*\s*[:：]",
    re.IGNORECASE,
)
_SUBJECT_MARK = re.compile(
    r"^\s*(?:(?:re|fw|fwd|aw|回覆|回复|回信|轉寄|轉發|转发|答覆|答复)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.IGNORECASE
)
_SIGNATURE = re.compile(r"^--\s*$|^[-_=—─*＊]{5,}\s*$")
_DEVICE = re.compile(
    r"^\s*(?:從我的.{1,20}傳送|寄自(?:我的)?.{1,30}|傳送自.{1,30}|取得\s*(?:ios|android)版\s*outlook.*"
    r"|sent from (?:my )?.{1,40}|get outlook for .{1,20})\s*$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^\s*.{0,14}(?:敬上|敬啟|敬啓|謹上|謹啟|拜上|敬具|鞠躬|敬筆|敬託|best regards|kind regards|regards|sincerely)"
    r"\s*[，,。.]?\s*$",
    re.IGNORECASE,
)


def own_words(body: str) -> str:
    """The text without quoted mails and signature; all of it where hardly anything would be left."""
    lines = [line.rstrip() for line in body.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    own = _unsigned(_unquoted(lines))
    text = "\n".join(own).strip()
    if _signs(text) >= LEAST_SIGNS:
        return text
    forwarded = [_QUOTED.sub("", line).strip() for line in lines if not _BEGINS.match(line)]
    kept = [line for line in forwarded if not _FROM.match(line) and not _HEADED.match(line)]
    return "\n".join(_unsigned(kept)).strip() or text


def bare_subject(subject: str) -> str:
    """The subject without Re:, Fw: and their like."""
    return _SUBJECT_MARK.sub("", subject).strip()


def _unquoted(lines: list[str]) -> list[str]:
    kept: list[str] = []
    for at, line in enumerate(lines):
        # Gmail breaks a long "On …, … wrote:" into two lines.
        pair = f"{line} {lines[at + 1]}" if at + 1 < len(lines) and line.strip() else line
        header = _FROM.match(line) and any(_HEADED.match(one) for one in lines[at + 1 : at + 4])
        if header or _BEGINS.match(line) or (not _QUOTED.match(line) and _BEGINS.match(pair) and "@" in pair):
            break
        if not _QUOTED.match(line):
            kept.append(line)
    return kept


def _unsigned(lines: list[str]) -> list[str]:
    """Without what follows a signature mark or a closing near the end."""
    kept = [line for line in lines if not _DEVICE.match(line)]
    while kept and not kept[-1].strip():
        kept.pop()
    for at in range(max(1, len(kept) - SIGNED_WITHIN), len(kept)):
        if _SIGNATURE.match(kept[at]) or _CLOSING.match(kept[at]):
            return kept[:at]
    return kept


def _signs(text: str) -> int:
    return sum(sign.isalnum() for sign in text)
