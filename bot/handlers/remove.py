"""/remove: an admin takes an article out of the archive for good, after having seen which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.add_messages import buttons, remove_message, shortened
from bot.adding import NotDone
from bot.handlers.admin_command import admin_command, note
from bot.handlers.drafting import DraftButton, show
from bot.handlers.sending import Context, Place, send, typing
from bot.markup import Message
from bot.memory.drafts import REMOVE
from bot.report_json import file_of

if TYPE_CHECKING:
    import telegram
    from telegram import Update

    from bot.handlers.services import Handler, Services
    from bot.memory.drafts import Draft
    from bot.memory.shown import Shown

_WHAT = 2000
_REASON = 300
_SAID = 3000


def handlers(services: Services) -> list[Handler]:
    """Take /remove, and its buttons."""

    async def remove(update: Update, context: Context, place: Place) -> None:
        async with typing(context.bot, place):
            message = await _draft(services, update, context)
        await send(context, place, [message])

    async def press(update: Update, context: Context, place: Place, draft: Draft, yes: bool) -> None:  # noqa: FBT001
        if yes:
            await _remove(services, update, context, place, draft)
            return
        services.memory.drafts.drop(draft.key)
        note(services, draft.person, REMOVE, draft.what, "kept")
        texts = services.texts(services.speaker(update))
        await show(update, context, place, Message(html=texts.html("remove_kept", title=draft.title)))

    return [admin_command(services, "remove", remove), DraftButton(services, REMOVE, press)]


async def _draft(services: Services, update: Update, context: Context) -> Message:
    """What the removal would take, or why there is nothing to remove."""
    speaker = services.speaker(update)
    texts = services.texts(speaker)
    what = " ".join(context.args or ())[:_WHAT] or await _replied_to(services, update.message)
    if not what:
        return Message(html=texts.html("remove_what"))
    try:
        preview = await services.adding.named(what)
    except NotDone as error:
        return Message(html=texts.html("remove_failed", reason=shortened(str(error), _REASON)))
    if not preview.count:
        return Message(html=texts.html("remove_none", what=shortened(what, _REASON)))
    draft = services.memory.drafts.keep(speaker.person, speaker.chat, REMOVE, what, preview.articles[0].title)
    return remove_message(preview, draft.key, texts)


async def _remove(services: Services, update: Update, context: Context, place: Place, draft: Draft) -> None:
    """Remove what was shown; a file of the archive's own that held nothing else goes with it."""
    adding, texts = services.adding, services.texts(services.speaker(update))
    await show(update, context, place, Message(html=texts.html("remove_begun", title=draft.title)))
    try:
        seen = await adding.named(draft.what)
        said = await adding.remove(draft.what) if seen.count else ""
    except NotDone as error:
        note(services, draft.person, REMOVE, draft.what, f"failed: {error}")
        html = texts.html("remove_failed", reason=shortened(str(error), _REASON))
        await show(update, context, place, Message(html=html, buttons=buttons(REMOVE, draft.key, texts)))
        return
    services.memory.drafts.drop(draft.key)
    await adding.tidy(seen.files)
    note(services, draft.person, REMOVE, draft.what, said.partition("\n")[0])
    if not seen.count:  # it was removed meanwhile, or before a restart
        html = texts.html("remove_none", what=shortened(draft.what, _REASON))
    else:
        html = texts.html("remove_done", title=draft.title, said=shortened(said, _SAID))
    await show(update, context, place, Message(html=html))


async def _replied_to(services: Services, message: telegram.Message | None) -> str:
    """The address, else the file, of the article in an answer that a message replies to; empty where there is none."""
    answer = message.reply_to_message if message else None
    rows = answer.reply_markup.inline_keyboard if answer and answer.reply_markup else ()
    keys = [
        parts[1]
        for row in rows
        for button in row
        if isinstance(button.callback_data, str) and len(parts := button.callback_data.split(":")) > 1
    ]
    for key in keys:
        shown = services.memory.shown.recall(message.chat_id, key) if message else None
        if shown is not None:
            return await _article(services, shown)
    return ""


async def _article(services: Services, shown: Shown) -> str:
    """The article of an answer, else of the first passage that was shown."""
    if shown.answer is not None:
        return shown.answer.address
    first = next(iter(await services.desk.passages(shown.passages[:1])), None)
    return (first.article.url or file_of(first.article)) if first else ""
