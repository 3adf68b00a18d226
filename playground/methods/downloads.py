"""The bot fetches files that people sent."""

from playground.errors import bad_request
from playground.methods.call import Method
from playground.params import Params
from playground.records import Record
from playground.telegram import Telegram


def get_file(telegram: Telegram, params: Params) -> Record:
    """Prepare a file for downloading and tell where it is."""
    if "file_id" not in params:
        raise bad_request("invalid file_id: file identifier is not specified")
    stored = telegram.files.find(params.text("file_id"))
    if stored is None:
        raise bad_request("invalid file_id")
    if len(stored.body) > telegram.world.knobs.max_download:
        raise bad_request("file is too big")
    return {
        "file_id": stored.id,
        "file_unique_id": stored.unique,
        "file_size": len(stored.body),
        "file_path": stored.path,
    }


METHODS: dict[str, Method] = {"getFile": get_file}
