"""Reading the titles of the course list without ever being in the way."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import delete, insert

from bot.learners.course_titles import REFRESH_SECONDS, CourseTitles, shared_titles
from bot.learners.database import migrate, open_database
from bot.learners.tables import CourseRow


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def write(url: str, *titles: str) -> None:
    engine = open_database(url)
    migrate(engine)
    table = CourseRow.__table__
    with engine.begin() as connection:
        connection.execute(delete(table))
        connection.execute(insert(table), [{"code": f"C{at}", "title": title} for at, title in enumerate(titles)])
    engine.dispose()


def test_each_title_is_given_once_and_short_ones_are_left_out(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'epark.db'}"
    write(url, "環境變遷概論", "公文寫作要領", "環境變遷概論", "課")

    assert sorted(CourseTitles(url).get()) == sorted(["環境變遷概論", "公文寫作要領"])


def test_a_missing_database_means_no_titles_and_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "none" / "epark.db"

    assert CourseTitles(f"sqlite:///{path}").get() == ()
    assert not path.parent.exists()


def test_a_database_without_the_table_or_that_is_none_means_no_titles(tmp_path: Path) -> None:
    (tmp_path / "empty.db").write_bytes(b"")
    (tmp_path / "text.db").write_text("no database" * 100, encoding="utf-8")

    assert CourseTitles(f"sqlite:///{tmp_path / 'empty.db'}").get() == ()
    assert CourseTitles(f"sqlite:///{tmp_path / 'text.db'}").get() == ()
    assert CourseTitles("no url at all").get() == ()
    assert CourseTitles("sqlite://").get() == ()


def test_new_titles_are_read_after_a_while_and_not_before(tmp_path: Path) -> None:
    url, clock = f"sqlite:///{tmp_path / 'epark.db'}", Clock()
    titles = CourseTitles(url, clock)
    assert titles.get() == ()
    write(url, "環境變遷概論")

    clock.now += REFRESH_SECONDS - 1
    before = titles.get()
    clock.now += 1

    assert before == ()
    assert titles.get() == ("環境變遷概論",)


def test_unchanged_titles_are_the_very_same_object_so_that_no_index_is_made_again(tmp_path: Path) -> None:
    url, clock = f"sqlite:///{tmp_path / 'epark.db'}", Clock()
    write(url, "環境變遷概論")
    titles = CourseTitles(url, clock)
    first = titles.get()

    clock.now += REFRESH_SECONDS

    assert titles.get() is first


def test_where_the_database_goes_away_the_titles_read_before_stay(tmp_path: Path) -> None:
    url, clock = f"sqlite:///{tmp_path / 'epark.db'}", Clock()
    write(url, "環境變遷概論")
    titles = CourseTitles(url, clock)
    titles.get()
    (tmp_path / "epark.db").write_text("broken" * 100, encoding="utf-8")

    clock.now += REFRESH_SECONDS

    assert titles.get() == ("環境變遷概論",)


def test_reading_writes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'epark.db'}"
    write(url, "環境變遷概論")
    before = (tmp_path / "epark.db").read_bytes()

    CourseTitles(url).get()

    assert (tmp_path / "epark.db").read_bytes() == before


def test_components_of_one_process_share_the_titles() -> None:
    assert shared_titles("sqlite:///one.db") is shared_titles("sqlite:///one.db")
