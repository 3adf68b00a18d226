"""The mouth that comes with the bot: Piper, and espeak-ng for languages without a voice of it."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from pathlib import Path

from domain.errors import BackendRejected, BackendUnavailable, ModelMissing
from domain.speech import Timbre
from services.cores import half_of_the_cores
from services.embedded_voices import Basic, Piper, library, offers, own, voices
from services.errands import Errands
from services.piper_voices import suggested
from services.skills import Ready

INSTALL = "make install"
"""What brings the engines and an English voice."""

PATIENCE = 60.0
"""Seconds that a word may take on a busy machine."""

SLOWEST_CHARACTER = 0.1
"""Seconds that each further character may take."""

LONGEST = 2000
"""Characters that are spoken at a time: about two minutes, which fit into one line of the child."""

SLOW, FAST = 0.5, 3.0


@dataclass(frozen=True, slots=True)
class EmbeddedPiperSynthesizer:
    """Piper and espeak-ng inside the bot; voices of Piper in `data_dir/models/piper` come first.

    Each of the `slots` is a process, about 250 MB once it has spoken. `threads` 0 means half as
    many as there are cores.
    """

    data_dir: Path = Path("data")
    slots: int = 1
    threads: int = 0
    label: str = "embedded Piper"
    _errands: Errands = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        errands = Errands(self.label, "services.piper_child", self.slots)
        object.__setattr__(self, "_errands", errands)

    @property
    def pids(self) -> tuple[int, ...]:
        """The process ids of the engines that wait for something to say."""
        return self._errands.pids

    async def aclose(self) -> None:
        """Stop the engines."""
        await self._errands.aclose()

    async def warm(self, timbre: Timbre) -> None:
        """Load the voice before there is something to say."""
        if not self.pids:
            await self.speak("1", timbre)

    async def speak(self, text: str, timbre: Timbre) -> bytes:
        """Return a WAV file; it holds no sample where there was nothing to pronounce."""
        if len(text) > LONGEST:
            raise BackendRejected(self.label, f"speaks {LONGEST} characters at a time")
        voice = self._chosen(timbre)
        errand = {"text": _plain(text), "speed": min(max(timbre.speed, SLOW), FAST)}
        settings = {"threads": self.threads or half_of_the_cores()}
        within = PATIENCE + SLOWEST_CHARACTER * len(text)
        said = await self._errands.run(settings, errand | _engine(voice), within)
        return base64.b64decode(said["wav"])

    async def ready(self) -> Ready:
        """Tell which voices there are, without starting an engine for it."""
        known = self._voices()
        names = tuple(one.name for one in known if isinstance(one, Piper))
        models = (*names, *(["espeak-ng"] if len(names) < len(known) else []))
        return Ready(models, models if self.pids else (), voices=offers(known))

    def _voices(self) -> list[Piper | Basic]:
        known = voices(self.data_dir)
        if not known:
            reason = f"neither Piper nor espeak-ng is installed; run: {INSTALL}"
            raise BackendUnavailable(self.label, reason, down=True)
        return known

    def _chosen(self, timbre: Timbre) -> Piper | Basic:
        """The chosen voice, if it speaks the language, else the best that does."""
        fitting = [one for one in self._voices() if one.language == timbre.language]
        if not fitting:
            get = f"python -m piper.download_voices --download-dir {own(self.data_dir)}"
            cure = f"{get} {suggested(timbre.language)}".rstrip()
            raise ModelMissing(self.label, f"a voice for {timbre.language}", cure)
        return next((one for one in fitting if one.name == timbre.name), fitting[0])


def _engine(voice: Piper | Basic) -> dict[str, str]:
    if isinstance(voice, Piper):
        return {"model": str(voice.model.resolve())}
    return {"home": str(library()), "tongue": voice.tongue}


def _plain(text: str) -> str:
    """Without what is no text to a library written in C."""
    return text.encode("utf-8", "replace").decode().replace("\0", " ")
