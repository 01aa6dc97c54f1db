"""Cases as people open them, the staff work on them, and both read them."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from case_drafts import Said, draft
from clock import Clock
from sqlalchemy.engine import Engine

from bot.cases.records import CaseFilter, NewFile, NoSuchCase, TakenByOther, WrongState
from bot.cases.store import Cases
from bot.queues.outbox import Outbox

PICTURE = NewFile("紀錄.png", "image/png", b"\x89PNG picture", "attachment-1")


def test_a_case_keeps_everything_that_was_confirmed(cases: Cases) -> None:
    confirmed = draft(
        kind="human",
        topic="hours_not_uploaded_lifelong",
        learner_id="T5602110801",
        fields={"question": "時數沒有上傳", "record": ""},
        contact="王小明 0912-345-678",
        diagnosis={"type": "diagnosis", "causes": ["overdue"]},
        transcript=[{"who": "person", "text": "時數沒上傳"}],
        files=[PICTURE],
    )

    opened = cases.open(confirmed)

    assert cases.get(opened.id) == opened
    for name in ("kind", "desk", "topic", "learner_id", "fields", "contact", "diagnosis", "transcript", "subject"):
        assert getattr(opened, name) == getattr(confirmed, name), name
    assert (opened.state, opened.assignee, opened.refer_to, opened.with_agent) == ("new", None, None, False)
    (file,) = cases.files(opened.id)
    assert (file.name, file.size) == ("紀錄.png", len(PICTURE.content))
    assert cases.file(opened.id, file.id)[1] == PICTURE.content
    assert cases.sources("line-U1") == {"attachment-1"}
    assert [event.kind for event in cases.events(opened.id)] == ["opened"]


def test_numbers_count_within_the_month_and_are_never_used_twice(cases: Cases, clock: Clock) -> None:
    first, second = cases.open(draft()), cases.open(draft())
    cases.delete(second.id, "admin")
    third = cases.open(draft())
    clock.go_on(days=15)
    december = cases.open(draft())

    assert [one.number for one in (first, second, third, december)] == [
        "2611-0001",
        "2611-0002",
        "2611-0003",
        "2612-0001",
    ]


def test_cases_opened_at_the_same_time_get_numbers_of_their_own(cases: Cases) -> None:
    with ThreadPoolExecutor(8) as threads:
        opened = list(threads.map(lambda at: cases.open(draft(subject=f"第 {at} 件")), range(24)))

    assert sorted(one.number for one in opened) == [f"2611-{number:04d}" for number in range(1, 25)]


def test_the_same_draft_again_opens_no_second_case(cases: Cases) -> None:
    first = cases.open(draft(key="a"))

    assert cases.open(draft(key="a")) == first
    assert cases.count(CaseFilter()) == 1
    assert cases.open(draft(key="b")).number == "2611-0002"


@pytest.mark.parametrize("desk", ["egov", "ecpa", "env_edu"])
def test_a_desk_outside_gets_an_e_mail_with_the_case(desk: str, cases: Cases, outbox: Outbox) -> None:
    opened = cases.open(draft(desk=desk))

    assert (opened.desk, opened.refer_to) == (desk, None)
    (due,) = outbox.claim("email")
    assert due.data == {"case": opened.id, "desk": desk}
    assert [event.kind for event in cases.events(opened.id)] == ["opened", "mail"]


@pytest.mark.parametrize("desk", ["moica", "lifelong", "teacher", "agency_hr", "mooc"])
def test_a_desk_without_a_mailbox_gets_none_and_the_platform_keeps_the_case(
    desk: str, cases: Cases, outbox: Outbox
) -> None:
    opened = cases.open(draft(desk=desk))

    assert (opened.desk, opened.refer_to) == ("platform", desk)
    assert outbox.claim("email") == []


def test_the_platform_s_own_cases_are_not_mailed(cases: Cases, outbox: Outbox) -> None:
    cases.open(draft())

    assert outbox.claim("email") == []


def test_a_case_is_found_by_what_is_read_aloud(cases: Cases) -> None:
    opened = cases.open(draft())

    for said in ("2611-0001", " 2611-1 ", "2611 - 0001", "2611–0001"):
        assert cases.by_number(said) == opened
    for said in ("2611-0002", "", "-", "十一月的", "2611-x"):
        assert cases.by_number(said) is None


def test_cases_are_found_by_conversation_and_by_learner_newest_first(cases: Cases, clock: Clock) -> None:
    first = cases.open(draft(learner_id="T1"))
    clock.go_on(minutes=1)
    second = cases.open(draft(learner_id="T1", conversation="line-U2"))
    third = cases.open(draft())

    assert cases.of_conversation("line-U1") == [third, first]
    assert cases.of_learner("T1") == [second, first]
    assert cases.of_learner("T2") == []


def test_the_filter_lets_through_what_it_names(cases: Cases, clock: Clock) -> None:
    first = cases.open(draft(topic="mooc_hours", fields={"question": "時數 50% 不見"}))
    clock.go_on(days=1)
    second = cases.open(draft(desk="egov", channel="web", conversation="web-s1", subject="登入失敗"))
    cases.take(second.id, "lin")
    second = cases.get(second.id)

    def numbers(**wanted: object) -> list[int]:
        found = cases.find(CaseFilter(**wanted))  # type: ignore[arg-type]
        assert cases.count(CaseFilter(**wanted)) == len(found)  # type: ignore[arg-type]
        return [one.id for one in found]

    assert numbers() == [second.id, first.id]
    assert numbers(newest_first=False) == [first.id, second.id]
    assert numbers(desk="egov") == numbers(channel="web") == numbers(assignee="lin") == [second.id]
    assert numbers(assignee="") == numbers(topic="mooc_hours") == [first.id]
    assert numbers(state="new") == [first.id] and numbers(state=("new", "open")) == [second.id, first.id]
    assert numbers(opened_to=clock.now) == [first.id] and numbers(opened_from=clock.now) == [second.id]
    assert numbers(text="50%") == [first.id] and numbers(text="登入") == numbers(text="2611-0002") == [second.id]
    assert numbers(text="_") == []
    assert [one.id for one in cases.find(CaseFilter(limit=1, offset=1))] == [first.id]


def test_contacts_are_not_searched(cases: Cases) -> None:
    cases.open(draft(contact="0912-345-678"))

    assert cases.find(CaseFilter(text="0912")) == []


def test_taking_a_case_tells_the_person_once_and_silences_the_bot(cases: Cases, heard: Said) -> None:
    opened = cases.open(draft())
    assert cases.in_hand("line-U1") is None

    cases.take(opened.id, "lin")
    cases.take(opened.id, "lin")

    taken = cases.get(opened.id)
    assert (taken.state, taken.assignee, taken.with_agent) == ("open", "lin", True)
    assert cases.in_hand("line-U1") == taken and cases.in_hand("line-U2") is None
    (text,) = heard("line")
    assert opened.number in text and "回到小幫手" in text


def test_of_two_who_take_a_case_one_gets_it(cases: Cases) -> None:
    opened = cases.open(draft())
    cases.take(opened.id, "lin")

    with pytest.raises(TakenByOther) as refused:
        cases.take(opened.id, "chen")

    assert refused.value.staff == "lin"
    cases.take(opened.id, "chen", over=True)
    assert cases.get(opened.id).assignee == "chen"


def test_two_who_take_a_case_at_the_same_moment_do_not_both_get_it(cases: Cases) -> None:
    opened = cases.open(draft())

    def take(staff: str) -> bool:
        try:
            cases.take(opened.id, staff)
            return True
        except TakenByOther:
            return False

    with ThreadPoolExecutor(6) as threads:
        got = list(threads.map(take, [f"agent{number}" for number in range(6)]))

    assert sum(got) == 1


def test_a_reply_reaches_the_person_and_counts_as_the_first_answer(cases: Cases, outbox: Outbox, clock: Clock) -> None:
    opened = cases.open(draft())
    clock.go_on(minutes=5)

    event = cases.reply(opened.id, "lin", "我們查到了")
    replied_at = clock.now
    clock.go_on(minutes=5)
    cases.reply(opened.id, "lin", "已補傳")

    kept = cases.get(opened.id)
    assert (kept.state, kept.assignee, kept.first_reply_at) == ("open", "lin", replied_at)
    (due,) = outbox.claim("line")
    assert due.key == f"case:{opened.id}:{event}" and due.person == "U1"
    assert due.data["messages"] == [{"text": "我們查到了", "custom": {"type": "agent"}}]


def test_what_the_staff_write_holds_no_personal_data_but_the_desks_numbers(cases: Cases, heard: Said) -> None:
    opened = cases.open(draft())

    cases.reply(opened.id, "lin", "請撥 02-2192-7111，不是您的 0912-345-678")
    cases.note(opened.id, "lin", "身分證 A123456789")

    (text,) = heard("line")
    assert "02-2192-7111" in text and "0912" not in text
    assert "A123456789" not in str(cases.events(opened.id))


def test_a_note_is_never_said(cases: Cases, heard: Said) -> None:
    opened = cases.open(draft())

    cases.note(opened.id, "lin", "要問資訊組")

    assert heard("line") == []
    assert cases.events(opened.id)[-1].data == {"text": "要問資訊組"}
    assert cases.get(opened.id).state == "new"


@pytest.mark.parametrize("text", ["", "  ", "長" * 4001])
def test_nothing_and_too_much_are_refused(text: str, cases: Cases, heard: Said) -> None:
    opened = cases.open(draft())

    with pytest.raises(WrongState):
        cases.reply(opened.id, "lin", text)
    with pytest.raises(WrongState):
        cases.note(opened.id, "lin", text)

    assert heard("line") == [] and len(cases.events(opened.id)) == 1


def test_what_the_person_says_goes_to_the_case_and_the_first_words_are_told_apart(cases: Cases) -> None:
    opened = cases.open(draft())
    cases.take(opened.id, "lin")

    firsts = [cases.said(opened.id, "補充一下"), cases.said(opened.id, "還有這張圖", [PICTURE])]
    cases.leave(opened.id)
    cases.reply(opened.id, "lin", "收到")
    firsts.append(cases.said(opened.id, "謝謝"))

    assert firsts == [True, False, True]
    kinds = [event.kind for event in cases.events(opened.id)]
    assert kinds == ["opened", "taken", "said", "said", "left", "reply", "said"]
    assert [one.name for one in cases.files(opened.id)] == ["紀錄.png"]


def test_a_case_that_waits_is_open_again_when_the_person_writes(cases: Cases) -> None:
    opened = cases.open(draft())
    cases.take(opened.id, "lin")
    cases.wait(opened.id, "lin")
    assert cases.get(opened.id).state == "waiting" and cases.in_hand("line-U1")

    cases.said(opened.id, "截圖來了")

    assert cases.get(opened.id).state == "open"


def test_who_leaves_has_the_bot_back_until_the_agent_speaks_again(cases: Cases) -> None:
    opened = cases.open(draft())
    cases.take(opened.id, "lin")

    cases.leave(opened.id)
    assert cases.in_hand("line-U1") is None and cases.get(opened.id).state == "open"

    cases.reply(opened.id, "lin", "查好了")
    assert cases.in_hand("line-U1") is not None


def test_resolving_says_the_last_words_and_that_the_bot_is_back(cases: Cases, heard: Said, clock: Clock) -> None:
    opened = cases.open(draft())
    cases.take(opened.id, "lin")
    heard("line")

    cases.resolve(opened.id, "lin", "已補傳完成")

    settled = cases.get(opened.id)
    assert (settled.state, settled.resolved_at, settled.first_reply_at) == ("resolved", clock.now, clock.now)
    assert cases.in_hand("line-U1") is None
    last, back = heard("line")
    assert last == "已補傳完成" and "小幫手回來了" in back


def test_closing_tells_the_person_only_what_they_do_not_know(cases: Cases, heard: Said) -> None:
    first, second = cases.open(draft()), cases.open(draft())
    cases.resolve(first.id, "lin")
    heard("line")

    cases.close(first.id, "lin")
    assert heard("line") == []
    cases.close(second.id, "lin")
    assert len(heard("line")) == 1
    assert cases.get(second.id).resolved_at is not None


def test_a_settled_case_must_be_opened_again_before_it_is_worked_on(cases: Cases) -> None:
    opened = cases.open(draft())
    cases.resolve(opened.id, "lin")

    for step in (
        lambda: cases.take(opened.id, "lin"),
        lambda: cases.reply(opened.id, "lin", "再說一句"),
        lambda: cases.wait(opened.id, "lin"),
        lambda: cases.transfer(opened.id, "lin", "egov"),
        lambda: cases.resolve(opened.id, "lin"),
    ):
        with pytest.raises(WrongState):
            step()
    cases.reopen(opened.id, "lin")

    again = cases.get(opened.id)
    assert (again.state, again.resolved_at, again.assignee) == ("open", None, "lin")
    with pytest.raises(WrongState):
        cases.reopen(opened.id, "lin")


def test_a_transfer_gives_the_case_away_with_its_e_mail(cases: Cases, outbox: Outbox, heard: Said) -> None:
    opened = cases.open(draft())
    cases.take(opened.id, "lin")
    heard("line")

    cases.transfer(opened.id, "lin", "egov")

    given = cases.get(opened.id)
    assert (given.desk, given.state, given.assignee, given.with_agent) == ("egov", "new", None, False)
    assert "我的e政府客服" in heard("line")[0]
    (due,) = outbox.claim("email")
    assert due.data == {"case": opened.id, "desk": "egov"}
    cases.transfer(opened.id, "lin", "mooc")
    assert (cases.get(opened.id).desk, cases.get(opened.id).refer_to) == ("platform", "mooc")
    with pytest.raises(WrongState):
        cases.transfer(opened.id, "lin", "nobody")


def test_the_rest_channel_is_told_nothing_that_it_could_not_hear(cases: Cases, engine: Engine, outbox: Outbox) -> None:
    opened = cases.open(draft(channel="rest", conversation="rest-a"))

    cases.take(opened.id, "lin")
    cases.reply(opened.id, "lin", "查好了")

    assert outbox.claim("rest") == []


def test_a_deleted_case_is_gone_with_contact_events_and_files(cases: Cases, engine: Engine) -> None:
    opened = cases.open(draft(contact="0912-345-678", files=[PICTURE]))

    cases.delete(opened.id, "admin")

    with engine.connect() as connection:
        for table in ("help_case", "case_event", "case_file"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0
    for step in (lambda: cases.get(opened.id), lambda: cases.take(opened.id, "lin"), lambda: cases.said(1, "喂")):
        with pytest.raises(NoSuchCase):
            step()


def test_moments_come_back_in_taipei_time(cases: Cases, clock: Clock) -> None:
    opened = cases.open(draft())

    assert opened.opened_at == clock.now and opened.opened_at.utcoffset() == datetime.timedelta(hours=8)
