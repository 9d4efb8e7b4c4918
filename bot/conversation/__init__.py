"""What a person says in a chat and what comes back, without Telegram: the same in the terminal."""

from bot.conversation.conversation import LONGEST_QUESTION, Conversation, cleaned

__all__ = ["LONGEST_QUESTION", "Conversation", "cleaned"]
