"""The first script of the guide runs as it stands, and its lines are methods that exist."""

import ast
import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Final, cast

from comity.api.scopes import SCOPES
from comity.node.local_api import local_api
from comity.sdk import Comity
from comity.sdk.aio import AsyncComity
from comity.transport.gate import App
from comity.transport.serving import Door, bind
from support import framework
from support.loops import on_a_loop
from support.stages import at_stage
from support.wire import served
from tidy.house import ROOT

GUIDE: Final = (ROOT / "docs" / "guides" / "scripting.md").read_text(encoding="utf-8")
SCRIPT: Final = ROOT / "docs" / "examples" / "first_script.py"
BLOCKS: Final = re.findall(r"^```python\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def test_the_guide_shows_the_script_as_it_is() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert text == BLOCKS[0]
    assert len([line for line in text.splitlines() if line]) <= 10


def test_what_the_guide_calls_is_there() -> None:
    called = set()
    for block in BLOCKS:
        inside = "async def f():\n" + "\n".join("    " + line for line in block.splitlines())
        for node in ast.walk(ast.parse(inside)):
            of = node.value if isinstance(node, ast.Attribute) else None
            if isinstance(of, ast.Name) and of.id in {"node", "Comity", "AsyncComity"}:
                called.add(cast("ast.Attribute", node).attr)
    assert called
    assert {name for name in called if not hasattr(Comity, name)} == set()
    assert {name for name in called if not hasattr(AsyncComity, name)} == set()


def test_the_guide_tells_every_scope() -> None:
    assert re.findall(r"^\| `([a-z]+)` \|", GUIDE, re.MULTILINE) == list(SCOPES)


@on_a_loop
async def test_the_first_script_tells_what_waits(tmp_path: Path) -> None:
    pair = await at_stage("tabled", tmp_path)
    sock = bind("127.0.0.1", 0, what="the officials' site", option="--port")
    token = "the folder's token"
    folder = tmp_path / "folder"
    folder.mkdir()
    port = {"local_port": sock.getsockname()[1]}
    (folder / "comity.json").write_text(json.dumps(port), encoding="utf-8")
    (folder / "api-token").write_text(token, encoding="utf-8")
    app = cast("App", local_api(pair.b.node, token=token))
    async with served(Door(name="officials", app=app, sock=sock, tls=None)):
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, str(SCRIPT), str(folder)],
            capture_output=True,
            text=True,
            check=False,
            env={"PYTHONPATH": str(ROOT / "src")},
        )
    assert done.stderr == ""
    assert f"{framework.TITLE} is negotiating" in done.stdout
    assert "wait for us" in done.stdout
    await pair.close()
