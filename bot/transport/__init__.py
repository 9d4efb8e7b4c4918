"""The wire to Telegram: what comes in is kept before Telegram is told, what goes out is sent until it has arrived."""

from bot.transport.delivery import Delivering, Ending, current
from bot.transport.order import ChatOrder
from bot.transport.polling import Polling
from bot.transport.running import run_until

__all__ = ["ChatOrder", "Delivering", "Ending", "Polling", "current", "run_until"]
