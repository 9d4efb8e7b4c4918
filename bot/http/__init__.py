"""The bot's own server: the webhook, health, readiness and metrics, without Telegram's library."""

from bot.http.server import serve_http
from bot.http.webhook import webhook_secret

__all__ = ["serve_http", "webhook_secret"]
