"""Telegram: the world and all that acts on it, in one place that a call can be given."""

from playground.calls import Calls
from playground.chats import Chat
from playground.drafts import Drafts
from playground.files import Files
from playground.flood import FloodControl
from playground.options import Knobs, Options
from playground.posting import Posting
from playground.profile import Profile
from playground.queries import Queries
from playground.records import Record
from playground.webhook import Webhook
from playground.world import World


class Telegram:
    """One simulated Telegram, made for one bot."""

    def __init__(self, options: Options, knobs: Knobs) -> None:
        self.world = World(options, knobs)
        self.drafts = Drafts(self.world)
        self.files = Files()
        self.calls = Calls()
        self.profile = Profile()
        self.queries = Queries()
        self.webhook = Webhook(self.world.updates)
        self.flood = FloodControl(knobs.flood)
        self.posting = Posting(self.world, self.drafts)
        self.turn(knobs)

    def turn(self, knobs: Knobs) -> None:
        """Change what can be changed while all is running."""
        if knobs.flood != self.world.knobs.flood:
            self.flood = FloodControl(knobs.flood)
        self.world.knobs = knobs
        self.webhook.first_pause = knobs.webhook_delay

    def shut(self, chat: Chat, user: Record, *, blocked: bool) -> None:
        """Let a person block the bot, or unblock it, and tell both sides."""
        if chat.blocked == blocked:
            return
        chat.blocked, world = blocked, self.world
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        told = {"chat": chat.brief, "from": user, "date": world.now()}
        told |= {"old_chat_member": _standing(world.bot, before)}
        told |= {"new_chat_member": _standing(world.bot, after)}
        world.updates.put("my_chat_member", told, chat.id)
        world.events.publish("blocked", chat.id, user_id=user["id"], blocked=blocked)

    def close(self) -> None:
        """Stop all clocks and let all who wait go."""
        self.drafts.close()
        self.world.events.close()
        self.world.updates.close()


def _standing(bot: Record, status: str) -> Record:
    kept_out = {"until_date": 0} if status == "kicked" else {}
    return {"status": status, "user": bot, **kept_out}
