"""What the store promises whoever writes: all or nothing, alone or in company, and durable."""

import asyncio
import importlib
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from comity.foundation.errors import ComityError, MisuseError, PeerError, UnavailableError
from comity.storage import log_rows, migrations, node_rows, queue_rows
from comity.storage.engine import describe, driver, make_engine, translate
from comity.storage.session import Statement, data, whole, words
from comity.storage.store import READERS, Store
from comity.storage.tables import METADATA
from comity.storage.tx import Tx
from comity.storage.writer import UNITS_PER_COMMIT_MAX
from support.stores import ToldClock, append, entry


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "comity.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path, clock=ToldClock()) as opened:
        yield opened


def fact(store: Store, name: str) -> str | None:
    return store.read_sync(lambda tx: tx.meta.get(name))


def connect(path: Path) -> sqlite3.Connection:
    """Connect by the same library: two in one process would not see each other's locks."""
    made: sqlite3.Connection = driver().module.connect(path, isolation_level=None)
    return made


def fail(tx: Tx) -> None:
    tx.meta.put("half", "done")
    raise PeerError("test.bad", "a unit that fails half way")


def keep(name: str) -> Callable[[Tx], str]:
    def work(tx: Tx) -> str:
        tx.meta.put(name, "kept")
        return name

    return work


def test_what_was_acknowledged_is_there_after_reopening(path: Path) -> None:
    with Store.open(path, clock=ToldClock()) as store:
        assert store.write_sync(keep("a")) == "a"
    with Store.open(path, clock=ToldClock(), create=False) as store:
        assert fact(store, "a") == "kept"


def test_a_failing_unit_takes_nobody_with_it(store: Store) -> None:
    """The units wait behind one that holds the writer, so that they share a commit."""

    async def run() -> list[object]:
        entered, leave = threading.Event(), threading.Event()

        def hold(_tx: Tx) -> None:
            entered.set()
            leave.wait(10)

        first = asyncio.ensure_future(store.write(hold))
        await asyncio.to_thread(entered.wait, 10)
        rest = [
            asyncio.ensure_future(store.write(fail if n % 3 == 1 else keep(str(n))))
            for n in range(UNITS_PER_COMMIT_MAX + 6)
        ]
        await asyncio.sleep(0)
        leave.set()
        await first
        return list(await asyncio.gather(*rest, return_exceptions=True))

    for n, result in enumerate(asyncio.run(run())):
        if n % 3 == 1:
            assert isinstance(result, PeerError)
            assert fact(store, str(n)) is None
        else:
            assert result == str(n)
            assert fact(store, str(n)) == "kept"
    assert fact(store, "half") is None


def test_a_callback_runs_after_the_commit_and_only_then(store: Store) -> None:
    seen: list[str | None] = []

    def work(tx: Tx) -> None:
        tx.meta.put("a", "kept")
        tx.on_commit(lambda: seen.append(fact(store, "a")))
        seen.append(fact(store, "a"))

    def failing(tx: Tx) -> None:
        tx.on_commit(lambda: seen.append("never"))
        fail(tx)

    store.write_sync(work)
    with pytest.raises(PeerError):
        store.write_sync(failing)
    assert seen == [None, "kept"]


def test_a_callback_that_fails_does_not_stop_the_store(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    def work(tx: Tx) -> str:
        tx.on_commit(lambda: 1 // 0)  # type: ignore[arg-type]  # it never returns
        return keep("a")(tx)

    assert store.write_sync(work) == "a"
    assert fact(store, "a") == "kept"
    assert "the commit stands" in caplog.text


def test_a_reader_sees_one_moment(store: Store) -> None:
    def work(tx: Tx) -> tuple[str | None, str | None]:
        before = tx.meta.get("a")
        store.write_sync(keep("a"))
        return before, tx.meta.get("a")

    assert store.read_sync(work) == (None, None)
    assert fact(store, "a") == "kept"


def test_a_read_changes_nothing(store: Store) -> None:
    with pytest.raises(MisuseError) as caught:
        store.read_sync(keep("a"))
    assert caught.value.code == "storage.read_only"
    assert fact(store, "a") is None


def test_readers_and_writers_on_the_loop(store: Store) -> None:
    async def run() -> list[str | None]:
        await asyncio.gather(*(store.write(keep(str(n))) for n in range(20)))
        return list(
            await asyncio.gather(*(store.read(lambda tx: tx.meta.get("7")) for _ in range(20)))
        )

    assert asyncio.run(run()) == ["kept"] * 20


def test_whoever_gives_up_waiting_disturbs_nobody(store: Store) -> None:
    async def run() -> str:
        waiting = asyncio.ensure_future(store.write(keep("given up")))
        await asyncio.sleep(0)
        waiting.cancel()
        return await store.write(keep("next"))

    assert asyncio.run(run()) == "next"


def test_a_unit_may_not_wait_for_another(store: Store) -> None:
    with pytest.raises(MisuseError) as caught:
        store.write_sync(lambda _tx: store.write_sync(keep("inner")))
    assert caught.value.code == "storage.write_inside_write"


def test_stopping_an_iterator_does_not_hang_whoever_waits(store: Store) -> None:
    def work(_tx: Tx) -> object:
        return next(iter(()))

    async def run() -> None:
        await store.write(work)

    with pytest.raises(RuntimeError):
        asyncio.run(run())


def test_a_closed_store_says_so(path: Path) -> None:
    store = Store.open(path, clock=ToldClock())
    store.write_sync(keep("a"))
    fact(store, "a")
    store.close()
    store.close()
    calls: list[Callable[[], object]] = [
        lambda: store.write_sync(keep("b")),
        lambda: fact(store, "a"),
        lambda: asyncio.run(store.read(lambda tx: tx.meta.get("a"))),
    ]
    for call in calls:
        with pytest.raises(UnavailableError) as caught:
            call()
        assert caught.value.code == "storage.closed"
    assert not path.with_name("comity.db-wal").exists(), "closing moves everything into the file"


@pytest.mark.parametrize("table", ["entries", "checkpoints", "evidence"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_past_cannot_be_changed_by_other_means(
    store: Store, path: Path, table: str, verb: str
) -> None:
    def work(tx: Tx) -> None:
        tx.logs.create("x", rel_id=None, role="house")
        append(tx, "x", [entry(0)])
        tx.checkpoints.put("x", 1, time=ToldClock().now(), note=b"note")
        tx.evidence.add("ab", "fork", b"heads", at=ToldClock().now())

    store.write_sync(work)
    column = {"entries": "envelope", "checkpoints": "note", "evidence": "data"}[table]
    raw = connect(path)
    try:
        with pytest.raises(driver().errors, match="never change"):
            raw.execute(verb.format(table, column, column))
    finally:
        raw.close()


def test_the_database_is_its_owners_alone(store: Store, path: Path) -> None:
    store.write_sync(keep("a"))
    for file in path.parent.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file


def test_commits_reach_the_disk_and_old_sqlite_bugs_are_out_of_reach(
    store: Store, path: Path
) -> None:
    assert "without the WAL-reset bug" in store.note
    engine = make_engine(path, using=driver(), writes=True)
    with engine.connect() as connection:
        got = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in (
                "journal_mode",
                "synchronous",
                "foreign_keys",
                "trusted_schema",
                "cell_size_check",
            )
        }
    assert got == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
    }


def test_without_pysqlite3_the_standard_library_serves(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = importlib.import_module

    def refuse(name: str) -> object:
        if name.startswith("pysqlite3"):
            raise ImportError(name)
        return load(name)

    monkeypatch.setattr("comity.storage.engine.importlib.import_module", refuse)
    with Store.open(path, clock=ToldClock()) as store:
        store.write_sync(keep("a"))
        assert fact(store, "a") == "kept"
        assert sqlite3.sqlite_version in store.note
        with pytest.raises(MisuseError):
            store.read_sync(keep("a"))


def test_an_old_sqlite_is_called_safe_only_by_the_rule() -> None:
    assert "single-writer rule" in describe(sqlite3).note or sqlite3.sqlite_version_info >= (
        3,
        51,
        3,
    )


def test_opening_loads_the_database_library_and_not_alembic(store: Store, path: Path) -> None:
    store.write_sync(keep("a"))
    store.close()
    code = (
        "import sys; from pathlib import Path; from comity.storage.store import Store;"
        "from comity.storage import files, folder, highwater, keyfiles;"
        "assert 'sqlalchemy' not in sys.modules;"
        "from support.stores import ToldClock;"
        f"Store.open(Path({str(path)!r}), clock=ToldClock()).close();"
        "assert 'alembic' not in sys.modules"
    )
    root = Path(__file__).parents[3]
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        env={"PYTHONPATH": f"{root / 'src'}:{root / 'tests'}"},
    )


def schema(path: Path) -> dict[str, str]:
    raw = connect(path)
    try:
        rows = raw.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    finally:
        raw.close()
    skipped = {"alembic_version", "sqlite_sequence"}
    return {name: " ".join(sql.split()) for name, sql in rows if name not in skipped}


def test_the_migrations_make_exactly_the_tables(tmp_path: Path) -> None:
    Store.open(tmp_path / "migrated.db", clock=ToldClock()).close()
    engine = make_engine(tmp_path / "declared.db", using=driver(), writes=True)
    METADATA.create_all(engine)
    assert schema(tmp_path / "migrated.db") == schema(tmp_path / "declared.db")


def test_the_list_of_revisions_is_that_of_the_scripts() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    found = tuple(script.revision for script in scripts.walk_revisions())
    assert tuple(reversed(found)) == migrations.REVISIONS


def set_revision(path: Path, revision: str) -> None:
    raw = connect(path)
    raw.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    raw.close()


def test_a_newer_database_is_left_untouched(path: Path) -> None:
    Store.open(path, clock=ToldClock()).close()
    set_revision(path, "9999")
    before = path.read_bytes()
    with pytest.raises(MisuseError) as caught:
        Store.open(path, clock=ToldClock())
    assert caught.value.code == "storage.newer_database"
    assert path.read_bytes() == before


def test_a_newer_database_left_by_a_crash_is_left_untouched(path: Path, tmp_path: Path) -> None:
    store = Store.open(path, clock=ToldClock())
    set_revision(path, "9999")
    for file in list(tmp_path.iterdir()):
        shutil.copy(file, tmp_path / f"copy{file.name[6:]}")
    before = {path: path.read_bytes() for path in (tmp_path / "copy.db", tmp_path / "copy.db-wal")}
    with pytest.raises(MisuseError) as caught:
        Store.open(tmp_path / "copy.db", clock=ToldClock())
    assert caught.value.code == "storage.newer_database"
    assert {path: path.read_bytes() for path in before} == before
    store.close()


def test_a_migration_that_was_cut_off_is_done_again(path: Path) -> None:
    """An empty file is what a crash before the first commit leaves."""
    path.touch()
    with Store.open(path, clock=ToldClock()) as store:
        store.write_sync(keep("a"))
        assert fact(store, "a") == "kept"


def other_application(path: Path) -> None:
    raw = connect(path)
    raw.execute("CREATE TABLE photos (id)")
    raw.close()


@pytest.mark.parametrize(
    "make", [other_application, lambda path: path.write_bytes(b"holiday" * 1000)]
)
def test_a_file_that_is_not_ours_is_left_untouched(
    path: Path, make: Callable[[Path], object]
) -> None:
    make(path)
    before = path.read_bytes()
    with pytest.raises(MisuseError) as caught:
        Store.open(path, clock=ToldClock())
    assert caught.value.code == "storage.foreign_database"
    assert path.read_bytes() == before


def test_a_missing_database_is_not_quietly_replaced(path: Path) -> None:
    with pytest.raises(MisuseError) as caught:
        Store.open(path, clock=ToldClock(), create=False)
    assert caught.value.code == "storage.no_database"
    assert not path.exists()


def test_a_folder_that_is_not_there_is_named(path: Path) -> None:
    with pytest.raises(UnavailableError) as caught:
        Store.open(path / "comity.db", clock=ToldClock())
    assert caught.value.code == "storage.cannot_make"


def test_a_database_that_cannot_be_opened_is_said(path: Path) -> None:
    (path / "inside").mkdir(parents=True)
    with pytest.raises(UnavailableError) as caught:
        Store.open(path, clock=ToldClock())
    assert caught.value.code == "storage.cannot_open"


def test_a_database_that_somebody_else_holds_is_said(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comity.storage.engine._WRITER_SETTINGS", ("PRAGMA busy_timeout = 1",))
    with Store.open(path, clock=ToldClock()) as store:
        raw = connect(path)
        raw.execute("BEGIN IMMEDIATE")
        with pytest.raises(UnavailableError) as caught:
            store.write_sync(keep("a"))
        assert caught.value.code == "storage.locked"
        raw.close()
        assert store.write_sync(keep("b")) == "b"


def test_a_database_that_somebody_else_is_making_is_said(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comity.storage.engine._WRITER_SETTINGS", ("PRAGMA busy_timeout = 1",))
    path.touch()
    raw = connect(path)
    raw.execute("BEGIN IMMEDIATE")
    with pytest.raises(UnavailableError) as caught:
        Store.open(path, clock=ToldClock())
    assert caught.value.code == "storage.locked"
    raw.close()
    Store.open(path, clock=ToldClock()).close()


def test_a_reader_that_cannot_connect_is_said_and_tried_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write_sync(keep("a"))
    with monkeypatch.context() as patch:
        patch.setattr("comity.storage.engine._READER_SETTINGS", ("SELECT nothing",))
        for _ in range(READERS + 1):
            with pytest.raises(UnavailableError) as caught:
                fact(store, "a")
            assert caught.value.code == "storage.failed"
    assert fact(store, "a") == "kept"


def test_a_database_without_tables_is_a_new_one(path: Path) -> None:
    raw = connect(path)
    raw.execute("PRAGMA user_version = 1")
    raw.close()
    Store.open(path, clock=ToldClock()).close()


class CodedError(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(f"code {code}")
        self.sqlite_errorcode = code


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (5, "storage.locked"),
        (8, "storage.read_only"),
        (10 | 4 << 8, "storage.disk"),
        (11, "storage.damaged"),
        (13, "storage.full"),
        (19, "storage.constraint"),
        (1, "storage.failed"),
    ],
)
def test_each_failure_of_the_database_says_who_must_act(number: int, code: str) -> None:
    error = translate(CodedError(number))
    assert error.code == code
    assert f"code {number}" in error.message


@pytest.mark.parametrize(
    ("reader", "value"), [(whole, "1"), (words, b"x"), (data, "x"), (whole, None)]
)
def test_a_database_changed_by_other_means_is_noticed(
    reader: Callable[[int | str | bytes | None], object], value: str | bytes | None
) -> None:
    with pytest.raises(ComityError) as caught:
        reader(value)
    assert caught.value.code == "storage.wrong_type"


def test_dialects_other_than_sqlite_get_sql_too() -> None:
    """The statements compile for PostgreSQL, which the next backend will run them on."""
    dialect = sa.URL.create("postgresql+psycopg").get_dialect()()
    for module in (log_rows, node_rows, queue_rows):
        for value in vars(module).values():
            if isinstance(value, Statement):
                sql, names, _ = value.compiled(dialect)
                assert all(f"%({name})s" in sql or f"%({name})s::" in sql for name in names), sql
