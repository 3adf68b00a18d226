"""Telegram: the world and all that acts on it, in one place that a call can be given."""

from playground.calls import Calls
from playground.drafts import Drafts
from playground.files import Files
from playground.flood import FloodControl
from playground.options import Knobs, Options
from playground.posting import Posting
from playground.world import World


class Telegram:
    """One simulated Telegram, made for one bot."""

    def __init__(self, options: Options, knobs: Knobs) -> None:
        self.world = World(options, knobs)
        self.drafts = Drafts(self.world)
        self.files = Files()
        self.calls = Calls()
        self.flood = FloodControl(knobs.flood)
        self.posting = Posting(self.world, self.drafts)

    def turn(self, knobs: Knobs) -> None:
        """Change what can be changed while all is running."""
        if knobs.flood != self.world.knobs.flood:
            self.files = Files()
        self.calls = Calls()
        self.flood = FloodControl(knobs.flood)
        self.world.knobs = knobs

    def close(self) -> None:
        """Stop all clocks."""
        self.drafts.close()
