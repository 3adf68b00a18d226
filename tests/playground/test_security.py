"""Only this machine is let in, and nothing leads out of the folder of the page."""

import pytest

from playground.guard import Guard
from playground.options import Options
from playground.server import Playground
from tests.playground.conftest import BotSide
from tests.telegram import Person, plain_client


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("127.0.0.1:8090", True),
        ("localhost", True),
        ("[::1]:8090", True),
        ("play.example", True),
        ("app.localhost:1", True),
        ("evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("10.0.0.1", False),
        ("", False),
    ],
)
def test_only_names_of_this_machine_are_known(host: str, known: bool) -> None:
    """A name that was rebound to this address is still a stranger's."""
    assert known == Guard("play.example").knows(host)


@pytest.mark.parametrize("path", ["/play/state", "/bot1000:playground/getMe", "/", "/page/app.js"])
async def test_a_strange_host_is_refused_everywhere(bot: BotSide, path: str) -> None:
    """The Host header is looked at before anything else."""
    answer = await bot.http.get(path, headers={"Host": "evil.example"})
    assert 403 == answer.status_code


@pytest.mark.parametrize("path", ["/bot1000:playground/getUpdates", "/play/state"])
@pytest.mark.parametrize(
    "header", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_a_foreign_page_cannot_play_the_bot(
    bot: BotSide, path: str, header: dict[str, str]
) -> None:
    """A page elsewhere may know the usual token and still reaches nothing."""
    assert 403 == (await bot.http.get(path, headers=header)).status_code


async def test_a_link_from_elsewhere_opens_the_page(bot: BotSide) -> None:
    """To look at the page one may come from anywhere."""
    answer = await bot.http.get("/", headers={"Sec-Fetch-Site": "cross-site"})
    assert 200 == answer.status_code


async def test_other_names_can_be_allowed() -> None:
    """In a network of containers the playground may be called by its name there."""
    options = Options(allowed_hosts=("playground",))
    async with Playground(options) as play, plain_client(play.url, timeout=10) as http:
        path = f"/bot{play.token}/getMe"
        known = await http.get(path, headers={"Host": "playground:8090"})
        unknown = await http.get(path, headers={"Host": "other"})
    assert (200, 403) == (known.status_code, unknown.status_code)


async def test_other_origins_may_not_act(bot: BotSide, ann: Person) -> None:
    """A page from elsewhere can neither post JSON nor a plain form."""
    body = {"user_id": 1, "text": "forged"}
    foreign = {"Origin": "http://evil.example"}
    own = {"Origin": str(bot.http.base_url).rstrip("/")}
    assert 403 == (await bot.http.post("/play/send", json=body, headers=foreign)).status_code
    assert 415 == (await bot.http.post("/play/send", data=body)).status_code
    assert 200 == (await bot.http.post("/play/send", json=body, headers=own)).status_code


@pytest.mark.parametrize(
    "path",
    ["/page/../server.py", "/page/..%2fserver.py", "/page/%2e%2e/server.py", "/page//etc/passwd"],
)
async def test_no_path_leads_out_of_the_page(bot: BotSide, path: str) -> None:
    """Only files of the folder are served."""
    assert 404 == (await bot.http.get(path)).status_code


@pytest.mark.parametrize("path", ["photos/../../x", "..%2f..%2fetc%2fpasswd", "photos/file_1.jpg"])
async def test_no_path_leads_to_other_files(bot: BotSide, path: str) -> None:
    """Files of the bot are found by what getFile said and by nothing else."""
    answer = await bot.http.get(f"/file/bot{bot.token}/{path}")
    assert 404 == answer.status_code


async def test_files_need_the_token(bot: BotSide, ann: Person) -> None:
    """Without the token no file is given to a bot."""
    sent = await ann.attach("document", b"secret", name="a.txt")
    path = (await bot.do("getFile", file_id=sent["document"]["file_id"]))["file_path"]
    assert 401 == (await bot.http.get(f"/file/bot1000:wrong/{path}")).status_code
    assert b"secret" == (await bot.http.get(f"/file/bot{bot.token}/{path}")).content


async def test_the_page_may_load_nothing_from_elsewhere(bot: BotSide) -> None:
    """Its policy names no other origin and allows no inline script."""
    policy = (await bot.http.get("/")).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
