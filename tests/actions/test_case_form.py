"""The form that opens a case, as Rasa calls it: begins, goes on, lets questions pass, keeps before it tells."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection
from sqlalchemy.exc import OperationalError

from bot.actions.case_form import FORM, STATE, CaseForm
from bot.actions.case_status import CaseStatus
from bot.actions.help_desk import help_desk
from bot.cases.records import CaseFilter
from bot.cases.store import Cases

ME, LEARNER_ID = "line-U1", "T5602110801"
ANSWER = {"type": "answer", "topic": "hours_not_uploaded_lifelong", "desk": "platform"}


class Talk:
    """A conversation as Rasa would carry it from turn to turn."""

    def __init__(self, sender: str = ME, channel: str = "line", learner_id: str | None = None) -> None:
        self.sender, self.channel, self.learner_id = sender, channel, learner_id
        self.events: list[dict[str, Any]] = []
        self.slots: dict[str, Any] = {}
        self.loop: dict[str, Any] = {}

    def told(self, custom: dict[str, Any], question: str = "時數沒進來怎麼辦") -> None:
        decision = {"outcome": "answer", "topics": [{"id": custom.get("topic") or "my_hours_status", "score": 1}]}
        self.events.append({"event": "user", "text": question, "parse_data": {"decision": decision}})
        self.events.append({"event": "bot", "text": "回答", "data": {"custom": custom}})

    async def say(
        self,
        text: str,
        intent: str = "fallback",
        last_action: str = "action_listen",
        action: Any = None,
        entities: list[dict[str, Any]] | None = None,
        group: bool = False,
    ) -> list[dict[str, Any]]:
        metadata: dict[str, Any] = {"learner_id": self.learner_id} if self.learner_id else {}
        if group:
            metadata = {"group": True}
        message = {"text": text, "intent": {"name": intent}, "entities": entities or [], "metadata": metadata}
        self.events.append({"event": "user", "text": text, "parse_data": {}, "input_channel": self.channel})
        events = [{"event": "session_started"}, *self.events]
        tracker = Tracker(self.sender, self.slots, message, events, False, None, self.loop, last_action)
        dispatcher = CollectingDispatcher()
        for event in await (action or CaseForm()).run(dispatcher, tracker, {}):
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            else:
                self.loop = {"name": event["name"]} if event["name"] else {}
        self.events += [{"event": "bot", "text": one.get("text") or "…"} for one in dispatcher.messages]
        return dispatcher.messages

    @property
    def at(self) -> str | None:
        return (self.slots.get(STATE) or {}).get("at")

    def contact(self, value: str = "0912-345-678") -> str:
        reference = help_desk().contacts.seal(self.sender, value)
        assert reference is not None
        return reference


@pytest.fixture
def cases(records: Any) -> Cases:
    return help_desk().cases


async def test_a_report_says_who_and_why_and_asks_for_the_first_thing(cases: Cases) -> None:
    talk = Talk()

    desk, question = await talk.say("我要反映問題", "report_problem")

    assert desk["response"] == "utter_case_desk" and desk["desk"] == "platform" and desk["reason"]
    assert question["response"] == "utter_case_question" and question["at"] == talk.at == "question"
    assert talk.loop == {"name": FORM}


async def test_what_was_talked_about_fills_the_form_and_the_case(cases: Cases, records: Any) -> None:
    course = records.finished("C1", "公務倫理")
    records.put(course)
    talk = Talk(learner_id=LEARNER_ID)
    diagnosis = {"type": "diagnosis", "learner_id": LEARNER_ID, "portal": "lifelong", "course": "C1"}
    talk.told({**diagnosis, "causes": ["overdue"], "desk": "platform"}, "幫我查時數")

    await talk.say("我要反映問題", "report_problem")
    await talk.say("略過")
    await talk.say("略過")
    summary = (await talk.say(talk.contact()))[-1]
    await talk.say("送出")

    assert [line[2] for line in summary["lines"]][:3] == ["幫我查時數", "公務倫理", "終身學習入口網"]
    (case,) = cases.find(CaseFilter())
    assert case.contact == "0912-345-678" and case.learner_id == LEARNER_ID and case.channel == "line"
    assert case.diagnosis is not None and case.diagnosis["causes"] == ["overdue"]
    assert case.transcript[0] == {"who": "person", "text": "幫我查時數"}
    assert "contact#" not in str(case.transcript) and case.fields["course_known"] == "公務倫理"


async def test_a_diagnosis_of_somebody_else_fills_nothing(cases: Cases) -> None:
    talk = Talk(learner_id=None)
    talk.told({"type": "diagnosis", "learner_id": "T1", "course": "C1", "causes": ["social_login"], "desk": "egov"})

    (desk, _question) = await talk.say("我要反映問題", "report_problem")

    assert desk["desk"] == "platform" and talk.slots[STATE]["diagnosis"] is None


async def test_another_question_is_let_pass_and_the_form_goes_on_after(cases: Cases) -> None:
    talk = Talk()
    await talk.say("我要反映問題", "report_problem")
    with pytest.raises(ActionExecutionRejection):
        await talk.say("怎麼退選？", "faq")

    (again,) = await talk.say("怎麼退選？", "faq", last_action="utter_answer")

    assert again["at"] == talk.at == "question"


async def test_a_description_is_no_question_whatever_topic_it_resembles(cases: Cases) -> None:
    talk = Talk()
    await talk.say("我要反映問題", "report_problem")

    await talk.say("我的時數八月就完成了到現在都沒有上傳", "faq")

    assert talk.at != "question" and "八月" in talk.slots[STATE]["values"]["question"]


async def test_who_asks_for_a_person_at_a_desk_outside_is_offered_a_case_once(cases: Cases) -> None:
    talk = Talk()

    _desk, offer = await talk.say("我要找真人", "talk_to_human", entities=[{"entity": "desk", "value": "egov"}])
    with pytest.raises(ActionExecutionRejection):
        await talk.say("怎麼退選", "faq")
    silent = await talk.say("怎麼退選", "faq", last_action="utter_answer")

    assert offer["response"] == "utter_case_offer" and silent == []
    assert talk.loop == {} and talk.slots[STATE] is None


async def confirming(talk: Talk) -> None:
    await talk.say("影片第五章完全沒有聲音，換瀏覽器也一樣", "report_problem")
    await talk.say("略過")
    await talk.say(talk.contact())
    assert talk.at == "confirm"


@pytest.mark.parametrize("intent", ["report_problem", "talk_to_human", "faq", "goodbye", "suggest"])
async def test_a_word_that_moves_the_form_does_so_whatever_intent_it_resembles(intent: str, cases: Cases) -> None:
    sent, cancelled = Talk("line-U2"), Talk("line-U3")
    await confirming(sent)
    await cancelled.say("我要反映問題", "report_problem")

    (told,) = await sent.say("送出", intent)
    await cancelled.say("取消", intent)

    assert told["response"] == "utter_case_opened"
    assert cancelled.loop == {} and cases.count(CaseFilter()) == 1


async def test_everything_is_kept_before_the_person_is_told(cases: Cases) -> None:
    talk = Talk()
    await confirming(talk)
    assert cases.find(CaseFilter()) == []

    (told,) = await talk.say("送出")

    (case,) = cases.find(CaseFilter())
    assert told["response"] == "utter_case_opened" and told["case_id"] == case.number
    assert talk.loop == {} and case.fields["question"] == "影片第五章完全沒有聲音，換瀏覽器也一樣"


async def test_a_confirmation_that_comes_twice_opens_one_case(cases: Cases) -> None:
    talk = Talk()
    await confirming(talk)
    state = talk.slots[STATE]
    (first,) = await talk.say("送出")
    # The answer was lost on its way: Rasa still has the form as it stood.
    talk.slots[STATE], talk.loop = state, {"name": FORM}

    (second,) = await talk.say("送出")

    assert first["case_id"] == second["case_id"] and cases.count(CaseFilter()) == 1


async def test_where_the_case_cannot_be_kept_nobody_is_told_that_it_was(
    cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = Talk()
    await confirming(talk)

    def away(*_arguments: object) -> None:
        raise OperationalError("INSERT", {}, Exception("away"))

    monkeypatch.setattr(Cases, "open", away)
    (sorry,) = await talk.say("送出")
    monkeypatch.undo()

    assert "存不進去" in sorry["text"] and talk.at == "confirm"


async def test_a_contact_that_took_too_long_is_asked_again(cases: Cases) -> None:
    talk = Talk()
    await confirming(talk)
    help_desk().contacts.forget(ME)

    gone, question = await talk.say("送出")

    assert "保留時間" in gone["text"] and question["at"] == talk.at == "contact"
    await talk.say(talk.contact("02-2700-1234"))
    await talk.say("送出")
    assert cases.find(CaseFilter())[0].contact == "02-2700-1234"


async def test_a_cancelled_form_forgets_the_contact(cases: Cases) -> None:
    talk = Talk()
    await confirming(talk)
    reference = talk.slots[STATE]["contact"]

    (left,) = await talk.say("取消", "stop")

    assert "沒有送出" in left["text"] and talk.loop == {}
    assert help_desk().contacts.open(ME, reference) is None and cases.find(CaseFilter()) == []


async def test_on_rest_no_files_are_asked_for(cases: Cases) -> None:
    talk = Talk("rest-1", "rest")
    talk.told(ANSWER)

    await talk.say("我要反映問題", "report_problem")

    assert talk.at == "contact"


async def status(talk: Talk, text: str = "我的案件呢") -> list[dict[str, Any]]:
    return await talk.say(text, "case_status", action=CaseStatus())


async def test_the_owner_hears_how_the_case_stands_and_nobody_else(cases: Cases) -> None:
    talk = Talk()
    await confirming(talk)
    number = (await talk.say("送出"))[0]["case_id"]
    cases.reply(cases.find(CaseFilter())[0].id, "lin", "查到了")

    (mine,) = await status(talk)
    (by_number,) = await status(talk, f"{number} 好了沒")
    (stranger,) = await status(Talk("line-U2"), f"{number} 好了沒")
    (nothing,) = await status(Talk("line-U2"))

    assert mine["status"] == "open" and mine["last_reply"][1] == "查到了"
    assert by_number["case_id"] == number
    assert "查不到" in stranger["text"] and number not in stranger["text"]
    assert nothing["response"] == "utter_case_status"


async def test_a_learner_hears_of_their_case_wherever_they_are_signed_in_and_only_then(cases: Cases) -> None:
    here = Talk("web-s1", "web", learner_id=LEARNER_ID)
    await confirming(here)
    await here.say("送出")

    (elsewhere,) = await status(Talk("line-U9", learner_id=LEARNER_ID))
    (signed_out,) = await status(Talk("web-s1", "web"))

    assert elsewhere["response"] == "utter_case_here"
    assert signed_out["response"] == "utter_case_status"


@pytest.mark.parametrize(("intent", "said"), [("report_problem", 1), ("talk_to_human", 2)])
async def test_in_a_group_nothing_is_asked_for(cases: Cases, intent: str, said: int) -> None:
    talk = Talk(sender="line-C1")

    heard = await talk.say("我要反映問題", intent, group=True)

    assert len(heard) == said and "群組" in heard[-1]["text"]
    assert talk.at is None and not talk.loop
