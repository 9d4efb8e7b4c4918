"""What the bot remembers, in one SQLite file: the inbox, buttons, turns, people, feedback, admins' jobs."""

from bot.memory.inbox import Inbox, Sending
from bot.memory.memory import Memory, MemoryUnusable
from bot.memory.shown import Shown
from bot.memory.turns import Turn

__all__ = ["Inbox", "Memory", "MemoryUnusable", "Sending", "Shown", "Turn"]
