"""The container and its neighbours: what they name is there, and they fit the program."""

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.config import OVERRIDES, load
from bot.settings import Telegram
from tests.plain_yaml import parse

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "handlers", "services", "storage", "domain", "playground")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")


def compose() -> Any:
    """The compose file as it is read."""
    return parse((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def copied() -> list[str]:
    """What the image takes from the folder."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, flags=re.MULTILINE)
    return [source for line in lines for source in line.split()[:-1]]


def test_everything_that_the_image_copies_is_there_and_reaches_the_builder() -> None:
    """A COPY of nothing, or of what .dockerignore holds back, would break the build."""
    let_in = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert copied()
    for source in copied():
        path = ROOT / source
        assert path.is_file() or any(path.iterdir()), source
        assert f"!{source}" in let_in


def test_the_image_holds_every_package_of_the_program() -> None:
    """A package that is missing would be found by the first person who needs it."""
    assert {f"{name}/" for name in PACKAGES} <= set(copied())


def test_the_image_does_not_run_as_root() -> None:
    """The last USER is the one that runs."""
    assert re.findall(r"^USER (.+)$", DOCKERFILE, flags=re.MULTILINE) == ["hearthbot"]


def test_the_image_asks_the_program_for_what_it_can_do() -> None:
    """Entry point, command and health check are commands that the program has."""
    words = re.findall(r"^\s*(?:CMD|HEALTHCHECK.*CMD) (\[.*\])$", DOCKERFILE, flags=re.MULTILINE)
    said = [ast.literal_eval(line) for line in words]
    assert [["python", "-m", "bot", "doctor", "--quick"], ["run"]] == said
    for command in (said[0][3:], said[1]):
        subprocess.run(
            [sys.executable, "-m", "bot", *command, "--help"],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )


def test_the_parts_of_compose_fit_together() -> None:
    """Services, volumes and files that are named are there."""
    file = compose()
    assert {"bot", "ollama", "model"} == set(file["services"])
    for service in file["services"].values():
        assert set(service.get("depends_on", {})) <= set(file["services"])
        for volume in service.get("volumes", []):
            assert volume.partition(":")[0] in file["volumes"]
        for one in service.get("configs", []):
            assert one["source"] in file["configs"]
    assert file["services"]["bot"]["depends_on"]["ollama"]["condition"] == "service_healthy"
    assert "healthcheck" in file["services"]["ollama"]


def test_compose_sets_variables_that_the_program_reads() -> None:
    """A variable with a spelling mistake would be set for nobody."""
    said = set(compose()["services"]["bot"]["environment"])
    assert said <= {*OVERRIDES, "TELEGRAM_TOKEN", "HEARTHBOT_CONFIG"}
    assert "TELEGRAM_TOKEN" in said


def test_the_configuration_in_compose_can_be_used(tmp_path: Path) -> None:
    """It is read by the program's own reader, and asks the Ollama beside the bot."""
    file = tmp_path / "config.toml"
    file.write_text(compose()["configs"]["hearthbot"]["content"], encoding="utf-8")
    config = load(file, {})
    assert config.chat[0].url == "http://ollama:11434"
    assert config.chat[0].model in compose()["services"]["model"]["entrypoint"]
    bot = compose()["services"]["bot"]
    assert bot["environment"]["HEARTHBOT_CONFIG"] == bot["configs"][0]["target"]


def test_compose_waits_longer_than_the_program_takes_to_stop() -> None:
    """Else work would be cut off that was about to end."""
    assert (
        int(compose()["services"]["bot"]["stop_grace_period"].rstrip("s")) > Telegram().stop_seconds
    )


@pytest.mark.parametrize("broken", ["a: 1\na: 2", "a: &x 1", "- a\nb: 1", "a:\n  b: 1\n c: 2", "?"])
def test_yaml_that_is_not_plain_is_refused(broken: str) -> None:
    """The reader of these tests never guesses."""
    with pytest.raises(ValueError, match="cannot read"):
        parse(broken)
