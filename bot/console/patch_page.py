"""Learning patches: what waits for export, a trial training of it in the background, and the exported files."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from pathlib import Path

from sanic import response
from sanic.response import HTTPResponse

from bot.console.house import House
from bot.console.pages import Pages
from bot.console.threads import in_thread
from bot.console.tools import CannotExport, Tools, Workshop
from bot.console.visit import Refused, Visit
from bot.learning.patch import PATCHES
from bot.learning.trial_state import TrialBusy, TrialFolder
from bot.learning.verdicts import Verdicts

SHOWN = 20
"""Exported patches that are listed, and messages that a trial changed."""
_NAME = re.compile(r"\d{8}-\d{6}\Z")


def add_patch(pages: Pages, house: House, tools: Tools) -> None:
    """Add the page, its two steps, and the download."""
    verdicts = Verdicts(house.engine, house.clock)
    trials = TrialFolder(house.settings.var_dir)
    exported = house.settings.var_dir / PATCHES

    def workshop() -> Workshop:
        if tools.workshop is None:
            raise Refused(503)
        return tools.workshop

    @pages.get("/learning/patch", right="learning")
    async def patch(visit: Visit) -> HTTPResponse:
        waiting = await in_thread(workshop().waiting, verdicts)
        trial = await in_thread(trials.read)
        knowledge = house.knowledge.get()
        return visit.page(
            "patch.html",
            patch=waiting,
            trial=trial,
            same=trial is not None and set(trial.keys) == set(waiting.keys),
            patches=await in_thread(_listed, exported),
            titles={topic.id: topic.title for topic in knowledge.topics.values()},
            people={one.login: one.name for one in await in_thread(house.accounts.all)},
            most=SHOWN,
        )

    @pages.get("/learning/trial", right="learning", by_itself=True)
    async def state(visit: Visit) -> HTTPResponse:
        trial = await in_thread(trials.read)
        return response.json({"state": trial.state if trial else "", "step": trial.step if trial else 0})

    @pages.post("/learning/trial", right="learning")
    async def start(visit: Visit) -> HTTPResponse:
        waiting = await in_thread(workshop().waiting, verdicts)
        if not waiting.training:
            return visit.see_other("/learning/patch?said=nothing_to_try")
        try:
            await in_thread(workshop().start_trial, visit.staff.login, house.clock())
        except TrialBusy:
            return visit.see_other("/learning/patch?said=trial_busy")
        await visit.record("trial_started", "", {"questions": sum(map(len, waiting.training.values()))})
        return visit.see_other("/learning/patch?said=trial_started")

    @pages.post("/learning/export", right="learning")
    async def export(visit: Visit) -> HTTPResponse:
        try:
            name = await in_thread(workshop().export, verdicts, house.knowledge.get(fresh=True))
        except CannotExport as error:
            raise Refused(409, "export") from error
        if not name:
            return visit.see_other("/learning/patch?said=nothing_to_export")
        await visit.record("learning_exported", name)
        return visit.see_other("/learning/patch?said=exported")

    @pages.get("/learning/patches/<name:str>", right="learning")
    async def download(visit: Visit, name: str) -> HTTPResponse:
        if not _NAME.match(name) or not (exported / name).is_dir():
            raise Refused(404)
        content = await in_thread(_zipped, exported / name)
        await visit.record("learning_downloaded", name)
        headers = {"Content-Disposition": f'attachment; filename="epark-learning-{name}.zip"'}
        return response.raw(content, content_type="application/zip", headers=headers)


def _listed(folder: Path) -> list[tuple[str, datetime.datetime, list[str]]]:
    """The newest exported patches: name, moment and files."""
    names = sorted((one.name for one in folder.glob("*-*") if _NAME.match(one.name)), reverse=True)[:SHOWN]
    return [(name, datetime.datetime.strptime(name, "%Y%m%d-%H%M%S"), _files(folder / name)) for name in names]


def _files(folder: Path) -> list[str]:
    return sorted(one.relative_to(folder).as_posix() for one in folder.rglob("*.yml"))


def _zipped(folder: Path) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name in _files(folder):
            file.write(folder / name, name)
    return content.getvalue()
