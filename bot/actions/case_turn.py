"""What one turn of a case form says and does; bot/cases/form_flow.py decides what a message means to it."""

from __future__ import annotations

import logging
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.exc import SQLAlchemyError

from bot.actions.case_draft import channel_of, draft_of, known_of, ready_text, summary_lines
from bot.actions.talked_about import diagnosis_of, matter_of
from bot.cases import form_flow as flow
from bot.cases.form_flow import State
from bot.cases.help_desk import HelpDesk
from bot.cases.records import HUMAN, PLATFORM, REACHABLE, UNFINISHED, Case
from bot.cases.routing import Route, form_for, route
from bot.cases.rules import CONTACT, FILES, KNOWN, CaseForm, Rules
from bot.knowledge.models import Knowledge
from bot.settings import Settings

logger = logging.getLogger(__name__)
ADDED = "added"
HINTS = {
    flow.UNCLEAR: "case_unclear",
    flow.TOO_SHORT: "case_too_short",
    flow.TOO_LONG: "case_too_long",
    flow.NO_CONTACT: "case_no_contact",
    flow.NO_FILES: "case_no_files",
    ADDED: "case_added",
}


class CaseTurn:
    """Says screens of the form and opens the case; a state is bot.cases.form_flow's, with what the matter is."""

    def __init__(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        knowledge: Knowledge,
        rules: Rules,
        desk: HelpDesk,
    ) -> None:
        self._dispatcher = dispatcher
        self._tracker = tracker
        self._knowledge = knowledge
        self._rules = rules
        self._desk = desk
        self._sender = str(tracker.sender_id)
        self._channel = channel_of(tracker)

    def begin(self, kind: str) -> State | None:
        """Say who takes the matter over, and ask the first thing or whether a case is wanted."""
        found = route(matter_of(self._tracker, kind, self._knowledge), self._rules, self._knowledge)
        form = form_for(found, self._rules)
        earlier = [one for one in self._desk.cases.of_conversation(self._sender) if one.state in UNFINISHED]
        offer = kind == HUMAN and found.desk != PLATFORM
        self._say_desk(kind, found, form, [earlier[0].number, earlier[0].subject] if earlier else None)
        diagnosis = diagnosis_of(self._tracker)
        known = known_of(self._tracker, kind, diagnosis, self._knowledge)
        files = self._desk.count_files(self._sender)
        state = flow.begun(form, known, files, self._channel in REACHABLE, offer)
        state |= {"kind": kind, "desk": found.desk, "topic": found.topic, "diagnosis": diagnosis}
        return self.ask(state)

    def refuse_here(self, kind: str | None) -> None:
        """Ask for nothing where others read along: whom to turn to, and where a case can be opened."""
        if kind == HUMAN:
            found = route(matter_of(self._tracker, kind, self._knowledge), self._rules, self._knowledge)
            self._say_desk(kind, found, form_for(found, self._rules), None)
        self._dispatcher.utter_message(text=self._knowledge.phrases["case_in_private"])

    def kind_of(self, state: State) -> str | None:
        """The kind of the field that is being asked; None where it is none."""
        field = self._form(state).field(state["at"])
        return None if field is None else field.kind

    def is_command(self, text: str) -> bool:
        """Whether a message moves the form, whatever intent it resembles."""
        return self._rules.means(text, *self._rules.words) is not None

    def ask(self, state: State, outcome: str | None = None) -> State:
        """Ask what the form is at, after a hint of what was wrong with the last message."""
        form = self._form(state)
        common = {"form": form.id, "at": state["at"], "desk": state["desk"]}
        titles = self._rules.titles
        hints = [HINTS[outcome]] if outcome in HINTS else []
        if state["at"] == flow.OFFER:
            self._dispatcher.utter_message(response="utter_case_offer", titles=[titles["yes"], titles["no"]], **common)
        elif state["at"] == flow.CONFIRM:
            chosen = [titles[one] for one in ("send", "change", "cancel")]
            lines = summary_lines(state, form)
            self._dispatcher.utter_message(
                response="utter_case_summary",
                titles=chosen,
                lines=lines,
                hints=hints + state.get("hints", []),
                diagnosis=bool(state.get("diagnosis")),
                **common,
            )
        elif state["at"] == flow.CHANGE:
            labels = [field.label for field in flow.changeable(form)]
            self._dispatcher.utter_message(
                response="utter_case_question",
                hints=[*hints, "case_which"],
                titles=[*labels, titles["cancel"]],
                **common,
            )
        else:
            self._ask_field(state, form, hints, common)
        return {key: value for key, value in state.items() if key != "hints"}

    def take(self, state: State, text: str) -> tuple[State | None, bool]:
        """The state after a message, None where the form is over, and whether it was understood."""
        files = self._desk.count_files(self._sender)
        step = flow.take(state, text, files, self._form(state), self._rules)
        if step.outcome in (flow.CANCELLED, flow.DECLINED):
            self._desk.contacts.forget(self._sender)
            phrase = "case_cancelled" if step.outcome == flow.CANCELLED else "case_declined"
            self._dispatcher.utter_message(text=self._knowledge.phrases[phrase])
            return None, True
        if step.outcome == flow.CONFIRMED:
            return self._open(step.state), True
        if step.outcome == flow.ASKED:
            if self.kind_of(state) in (CONTACT, FILES) and step.state["at"] != state["at"]:
                self._desk.contacts.stop_asking(self._sender)
            return self.ask(step.state), True
        return {**step.state, "outcome": step.outcome}, False

    def unclear(self, state: State) -> State:
        """Ask the same once more, with what was wrong."""
        outcome = state.get("outcome")
        return self.ask({key: value for key, value in state.items() if key != "outcome"}, outcome)

    def add(self, state: State, text: str) -> State | None:
        """Take the message as more words on the matter, and ask the same again; None where the form takes none."""
        after = flow.added(state, text, self._form(state))
        return None if after is None else self.ask(after, ADDED)

    def _say_desk(self, kind: str, found: Route, form: CaseForm, earlier: list[str] | None) -> None:
        self._dispatcher.utter_message(
            response="utter_case_desk",
            kind=kind,
            desk=found.desk,
            topic=found.topic,
            reason=found.reason,
            bring=list(found.bring),
            intro=form.intro,
            earlier=earlier,
        )

    def _ask_field(self, state: State, form: CaseForm, hints: list[str], common: dict[str, Any]) -> None:
        field = form.field(state["at"])
        assert field is not None
        asked = [one for one in form.fields if one.kind != KNOWN and one.id not in self._out_of_reach(state, form)]
        titles = self._rules.titles
        count = sum(state["files"].values())
        if field.kind == CONTACT:
            self._desk.contacts.ask(self._sender)
        if field.kind == FILES:
            self._desk.contacts.ask_for_files(self._sender)
        if count and field.kind == FILES and not hints:
            hints = ["case_files_here"]
        self._dispatcher.utter_message(
            response="utter_case_question",
            hints=hints,
            hint_values={"least": field.least, "most": field.most, "count": count},
            asks=field.ask,
            step=asked.index(field) + 1 if field in asked else len(asked),
            of=len(asked),
            tail=[*(["case_optional"] if field.optional else []), "case_cancel_hint"],
            titles=[
                *([titles["done"]] if field.kind == FILES else []),
                *([titles["skip"]] if field.optional else []),
                titles["cancel"],
            ],
            **common,
        )

    def _open(self, state: State) -> State | None:
        cases = self._desk.cases
        try:
            case = cases.by_key(state["key"])
            if case is None:
                contact = self._desk.contacts.open(self._sender, state["contact"]) if state["contact"] else None
                if state["contact"] and contact is None:
                    gone = next(one for one in self._form(state).fields if one.kind == CONTACT)
                    self._dispatcher.utter_message(text=self._knowledge.phrases["case_contact_gone"])
                    return self.ask(flow.asked_again(state, gone))
                case = cases.open(draft_of(state, contact, self._tracker, self._knowledge, self._desk))
        except SQLAlchemyError as error:
            # Nobody is told that it was sent, and nothing that was filled in is lost.
            logger.error("a case could not be kept: %s", type(error).__name__)
            self._dispatcher.utter_message(text=self._knowledge.phrases["case_failed"])
            return state
        self._say_opened(case)
        return None

    def _say_opened(self, case: Case) -> None:
        self._dispatcher.utter_message(
            response="utter_case_opened",
            case_id=case.number,
            desk=case.desk,
            status=case.state,
            refer_to=case.refer_to,
            mailed=case.desk != PLATFORM,
            really=Settings.from_env().mail_to_desks,
            reachable=case.channel in REACHABLE,
            ready_text=ready_text(case, self._rules),
        )

    def _out_of_reach(self, state: State, form: CaseForm) -> set[str]:
        """The fields for files, where the channel takes none."""
        return set() if self._channel in REACHABLE else {field.id for field in form.fields if field.kind == FILES}

    def _form(self, state: State) -> CaseForm:
        forms = self._rules.forms
        return forms.get(state["form"]) or list(forms.values())[-1]
