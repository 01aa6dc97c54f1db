"""The help desk's console: pages made on the server for the platform's own staff, in a process of its own.

How to add a page: a module `bot/console/<page>.py` with `add_<page>(pages, house)`, its templates in
`bot/console/templates/`, and one line in `bot/console/app.py`.

    def add_figures(pages: Pages, house: House) -> None:
        @pages.get("/figures", right="figures")
        async def figures(visit: Visit) -> HTTPResponse:
            rows = await in_thread(read_them, house.engine, visit.query("from"))
            return visit.page("figures.html", rows=rows)

        @pages.post("/figures/forget", right="figures")
        async def forget(visit: Visit) -> HTTPResponse:
            await visit.record("figures_forgotten", subject=visit.field("what"))   # the audit trail
            return visit.see_other("/figures?said=saved")

- `right` is one of bot.staff.roles (None: whoever is signed in). Whoever lacks it gets 403, and the trail says so.
- Every POST carries `<input type="hidden" name="csrf" value="{{ csrf }}">` or the header X-CSRF; `pages.post`
  checks it.
- Refuse with `raise Refused(404)`; the words of each status are in templates/error.html.
- Templates extend `base.html` (blocks title, main); words that several share are in `words.html`; an entry of the
  navigation appears once its page is there (`NAVIGATION` in pages.py, `places` in base.html). Jinja escapes everything.
- No inline script or style passes the content security policy: JavaScript is a module in `bot/console/static/`,
  named in the block `scripts`.
- `?said=CODE` after a redirect shows the sentence of that code in `words.html` (`said`).
- Blocking work (database, files) goes through `bot.console.threads.in_thread`.
"""
