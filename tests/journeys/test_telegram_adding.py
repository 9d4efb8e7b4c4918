"""/add and /remove over HTTP, before a real archive: what is shown, what comes of a yes, and who may say it."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from journeys.telegram_person import Person
from journeys.telegram_running import ADMIN, answering, configured, refusal

from bot import adding
from bot.app import MEMORY
from bot.handlers import fetching
from bot.handlers.press import DOUBLE_TAP
from bot.memory import Memory
from bot.memory.drafts import ADD
from bot.shelf import DRAFTS, Shelf
from index import Archive
from index.store.lock import writing

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from journeys.telegram_emulator import Call, TelegramEmulator

LAMP = (
    "---\ntitle: New lamp for the <Fennick> lighthouse\ndate: 2025-03-04\nsource: Fennick Gazette\n---\n"
    "The keeper Odalys Brunn lit the new lamp of the Fennick lighthouse on Tuesday. It has 400 watts.\n\n"
    "The old lamp had served for 61 years.\n"
)
QUESTION = "Who lit the new lamp of the Fennick lighthouse?"
ANSWER = "The keeper Odalys Brunn lit the new lamp"
OTHER = (
    "---\ntitle: Weir mended\ndate: 2025-02-01\n---\nThe weir at Sallow was mended by Ivo Kern. It took three weeks.\n"
)


@pytest.fixture
def folder(tmp_path: Path, newsdesk_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive with two articles; its children are the real ones."""
    monkeypatch.setenv("NEWSDESK_CACHE", str(newsdesk_cache))
    sources = tmp_path / "articles"
    sources.mkdir()
    (sources / "weir.md").write_text(OTHER, "utf-8")
    (sources / "oak.md").write_text(OTHER.replace("weir", "oak").replace("Weir", "Oak").replace("mended", "felled"))
    (sources / "elm.md").write_text(OTHER.replace("weir", "elm").replace("Weir", "Elm").replace("Kern", "Lund"))
    with Archive.open(tmp_path / "archive", cache=newsdesk_cache, create=True) as archive:
        archive.sync([sources])
    return tmp_path / "archive"


@pytest.fixture
async def boss(telegram: TelegramEmulator, folder: Path, newsdesk_cache: Path) -> AsyncIterator[Person]:
    """An admin of a bot before that archive."""
    async with answering(configured(telegram, folder, cache=newsdesk_cache), telegram):
        yield Person(telegram, id=ADMIN)


def document(telegram: TelegramEmulator, content: bytes | str, name: str = "../../etc/lamp.md") -> dict[str, Any]:
    """The fields of a message with a document; Telegram gives the file to who asks for it."""
    data = content.encode() if isinstance(content, str) else content
    number = f"file-{len(telegram.assets)}"
    telegram.assets[number] = {"data": data, "size": len(data)}
    known = {"file_id": number, "file_unique_id": number, "file_name": name, "file_size": len(data)}
    return {"document": known}


async def adds(person: Person, content: bytes | str, name: str = "../../etc/lamp.md", caption: str = "/add") -> Call:
    """What is said to a document with a caption."""
    entities = [{"type": "bot_command", "offset": 0, "length": len(caption.split(maxsplit=1)[0])}]
    await person.sends(caption=caption, caption_entities=entities, **document(person.emulator, content, name))
    return await person.hears()


async def end_of(person: Person, begun: str) -> Call:
    """What stands in the end where it said that something was begun."""
    first = await person.hears()
    assert first.text.startswith(begun)
    end = await person.hears()
    assert end.fields["message_id"] == first.fields["message_id"]
    return end


async def asked(person: Person, question: str = QUESTION) -> str:
    """What is answered."""
    await person.says(question)
    return (await person.hears()).text


def added(folder: Path) -> list[Path]:
    """The files that syncs read."""
    return sorted((folder / "added").iterdir()) if (folder / "added").is_dir() else []


def waiting(folder: Path) -> list[Path]:
    """The files that wait for a yes."""
    return sorted((folder / DRAFTS).iterdir()) if (folder / DRAFTS).is_dir() else []


def shown_before(call: Call) -> dict[str, Any]:
    """A message of the bot, as a reply to it carries it."""
    return {
        "message_id": call.message_id,
        "date": 1_700_000_000,
        "chat": {"id": ADMIN, "type": "private", "first_name": "R"},
        "text": call.text,
        "reply_markup": call.fields.get("reply_markup", {"inline_keyboard": []}),
    }


async def notice(person: Person, text: str) -> None:
    """Wait until this was said beside the conversation."""

    def said() -> bool:
        return any(call.method == "answerCallbackQuery" and call.fields.get("text") == text for call in calls)

    calls = person.emulator.calls
    await person.emulator.wait(said)


async def test_a_document_becomes_an_article_after_a_yes(boss: Person, folder: Path) -> None:
    """Shown first; after the yes a reader is answered from it; a second tap, and the same again, do no more."""
    preview = await adds(boss, LAMP)
    assert preview.text.split("\n\n", 2) == [
        "Add this article?",
        "New lamp for the <Fennick> lighthouse\n4 March 2025 · Fennick Gazette · en",
        "The keeper Odalys Brunn lit the new lamp of the Fennick lighthouse on Tuesday. It has 400 watts.\n\n"
        "The old lamp had served for 61 years.\n\npassages: 1",
    ]
    assert [button["text"] for button in preview.buttons] == ["Add", "Discard"]
    assert added(folder) == []
    reader = Person(boss.emulator, id=5)
    assert not (await asked(reader)).startswith(ANSWER)
    await boss.presses(preview, "Add")
    end = await end_of(boss, "Adding New lamp for the <Fennick> lighthouse…")
    assert end.text.splitlines()[:2] == ["New lamp for the <Fennick> lighthouse is in the archive.", "added: 1"]
    assert end.fields["message_id"] == preview.message_id
    assert end.buttons == []
    assert (await asked(reader)).startswith(ANSWER)
    (file,) = added(folder)
    assert file.suffix == ".md"
    assert "lamp" not in file.name
    assert file.read_text() == LAMP
    assert waiting(folder) == []
    await boss.presses(preview, "Add")
    await notice(boss, "That is over. Please send the command again.")
    again = await adds(boss, LAMP)
    assert "The same text is in the archive already: New lamp for the <Fennick> lighthouse" in again.text
    await boss.presses(again, "Discard")
    assert (await boss.hears()).text == "New lamp for the <Fennick> lighthouse was discarded; nothing was added."
    assert added(folder) == [file]
    assert waiting(folder) == []
    with Memory.open(folder / MEMORY) as memory:
        noted = [(each.person, each.action, each.outcome.split(",")[0]) for each in memory.audit.recent(9)]
    assert noted == [(ADMIN, "add", "discarded"), (ADMIN, "add", "added 1")]


async def test_a_text_is_added_from_behind_the_command_or_from_what_it_replies_to(boss: Person, folder: Path) -> None:
    """Pasted text is a page; a channel's post brings its channel, day and address; a document is read by reply too."""
    await boss.says("/add The Fennick lamp\n\nThe keeper Odalys Brunn lit the lamp on Tuesday. It has 400 watts.")
    pasted = await boss.hears()
    assert "The Fennick lamp\nno date · no source · en" in pasted.text
    await boss.presses(pasted, "Discard")
    await boss.hears()
    chat = {"id": -100, "type": "channel", "title": "Fennick <Wire>", "username": "fennickwire"}
    origin = {"type": "channel", "date": 1_741_100_000, "chat": chat, "message_id": 7}
    text = "The Fennick lamp\nThe keeper Odalys Brunn lit the lamp on Tuesday. It has 400 watts."
    base = {"message_id": 1, "date": 1_741_200_000, "chat": {"id": ADMIN, "type": "private", "first_name": "R"}}
    await boss.says("/add", reply_to_message=base | {"text": text, "forward_origin": origin})
    post = await boss.hears()
    assert "The Fennick lamp\n4 March 2025 · Fennick <Wire> · en" in post.text
    (file,) = waiting(folder)
    assert json.loads(file.read_text())["url"] == "https://t.me/fennickwire/7"
    await boss.says("/add", reply_to_message=base | document(boss.emulator, LAMP))
    replied = await boss.hears()
    assert "Fennick Gazette" in replied.text


async def test_what_cannot_be_added_is_refused_in_one_sentence(
    boss: Person, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing, an unknown kind, a broken file, one too large, one that Telegram does not give, a full disk."""
    await boss.says("/add")
    assert (await boss.hears()).text.startswith("Send a document with the caption /add")
    assert (await adds(boss, "MZ", "virus <b>.exe")).text.startswith("I cannot read virus <b>.exe. I read .txt, .md,")
    broken = await adds(boss, b"%PDF-1.7 no", "a.pdf")
    assert broken.text.startswith("Nothing can be added from it: broken, or not what its name says")
    assert (await adds(boss, "", "empty.txt")).text == "Nothing can be added from it: empty"
    large = document(boss.emulator, LAMP)
    large["document"]["file_size"] = 21 * 1024 * 1024
    await boss.sends(caption="/add", **large)
    assert (await boss.hears()).text.startswith("That file has 21.0 MB, and Telegram gives me files of up to 20 MB.")
    boss.emulator.fail_next("getFile", 400, refusal(400, "Bad Request: file is too big"))
    assert (await adds(boss, LAMP)).text == "Telegram did not give me the file. Please send it again."

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Shelf, "keep", full)
    assert (await adds(boss, LAMP)).text.startswith("The file could not be kept: No space left on device.")
    assert waiting(folder) == added(folder) == []


async def test_a_caption_for_another_bot_is_left_alone(boss: Person, folder: Path) -> None:
    """In a group; one with this bot's name is not."""
    group = Person(boss.emulator, id=ADMIN, chat={"id": -5, "type": "group", "title": "Desk"})
    await group.sends(caption="/add@other_bot", **document(boss.emulator, LAMP))
    await group.sends(caption="/added", **document(boss.emulator, LAMP))
    assert await group.hears_nothing()
    assert "Add this article?" in (await adds(group, LAMP, caption="/add@Newsdesk_bot please")).text
    assert len(waiting(folder)) == 1


async def test_a_document_is_fetched_again_where_telegram_is_away(
    boss: Person, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a while; then the admin is asked to send it again."""
    monkeypatch.setattr(fetching, "_PAUSES", (0.0, 0.0))
    boss.emulator.fail_next("getFile", 502, "<html>Bad Gateway</html>")
    assert "Add this article?" in (await adds(boss, LAMP)).text
    boss.emulator.drop_next("getFile", acted=False)
    boss.emulator.drop_next("getFile", acted=True)
    assert (await adds(boss, LAMP)).text == "Telegram did not give me the file. Please send it again."
    assert len(waiting(folder)) == 1


async def test_a_draft_that_is_gone_adds_nothing(boss: Person, folder: Path) -> None:
    """Somebody cleared the folder up: that is said, anew where the preview cannot be edited."""
    preview = await adds(boss, LAMP)
    waiting(folder)[0].unlink()
    boss.emulator.fail_next("editMessageText", 400, refusal(400, "Bad Request: message to edit not found"))
    await boss.presses(preview, "Add")
    said = await boss.hears()
    assert said.method == "sendMessage"
    assert said.text == "Nothing was added: That is over. Please send the command again."
    assert added(folder) == []


async def test_an_outcome_that_cannot_be_edited_in_is_sent(boss: Person) -> None:
    """The admin hears of it even where the message was deleted meanwhile."""
    preview = await adds(boss, LAMP)
    await boss.presses(preview, "Add")
    assert (await boss.hears()).text.startswith("Adding")
    boss.emulator.fail_next("editMessageText", 400, refusal(400, "Bad Request: message to edit not found"))
    end = await boss.hears()
    assert end.method == "sendMessage"
    assert "is in the archive." in end.text


async def test_a_zip_that_unpacks_to_too_much_is_refused(
    boss: Person, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limits of the settings are those of a sync."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "a word and another. " * 200_000)
    monkeypatch.setenv("NEWSDESK_LIMIT_RATIO", "10")
    refused = await adds(boss, packed.getvalue(), "a.zip")
    assert refused.text.startswith("Nothing can be added from it: ")
    assert waiting(folder) == []


async def test_a_file_of_many_articles_is_shown_by_its_first(boss: Person, folder: Path) -> None:
    """How many there are, how many of them are known, and what of it is refused."""
    rows = [{"id": number, "title": f"Buoy {number}", "text": f"Buoy {number} was painted red."} for number in range(7)]
    rows += [{"id": 8, "title": "A weir", "text": "The weir at Sallow was mended by Ivo Kern. It took three weeks."}]
    lines = [json.dumps(row) for row in rows]
    preview = await adds(boss, "\n".join([*lines, "{broken"]), "buoys.jsonl.gz"[:-3])
    blocks = preview.text.split("\n\n")
    assert blocks[:2] == ["Add 8 articles?", "Buoy 0\nno date · no source · en"]
    assert blocks[3:7] == ["Buoy 1", "Buoy 2", "Buoy 3", "Buoy 4"]
    assert blocks[7].startswith("passages: 8\nin the archive already, word by word: 1\nNot taken in: ")
    await boss.presses(preview, "Add")
    end = await end_of(boss, "Adding Buoy 0…")
    assert "added: 8" in end.text
    assert len(added(folder)) == 1


async def test_only_the_admin_who_was_asked_says_yes(
    telegram: TelegramEmulator, folder: Path, newsdesk_cache: Path
) -> None:
    """Readers, other admins, other chats and forged keys add nothing, and discard nothing."""
    settings = configured(telegram, folder, cache=newsdesk_cache, admins=f"{ADMIN}, 78")
    group = {"id": -5, "type": "group", "title": "Desk"}
    async with answering(settings, telegram):
        boss = Person(telegram, id=ADMIN, chat=group)
        preview = await adds(boss, LAMP)
        data = preview.buttons[0]["callback_data"]
        reader, other = Person(telegram, id=5, chat=group), Person(telegram, id=78, chat=group)
        for forged in (data, data.replace("yes", "no")):
            await reader.presses_data(forged)
            await notice(reader, "That command is for admins of this bot.")
            await other.presses_data(forged)
            await notice(other, "Only the admin who sent the command can do that.")
            await Person(telegram, id=ADMIN).presses_data(forged)
        for forged in ("add:yes:", "add:yes:x", "add:maybe:x", "add:yes:x:y", "add", "remove:yes:x"):
            await Person(telegram, id=ADMIN).presses_data(forged)
        await notice(boss, "That is over. Please send the command again.")
        assert len(waiting(folder)) == 1
        assert added(folder) == []
        await boss.presses(preview, "Add")
        assert "is in the archive" in (await end_of(boss, "Adding")).text


async def test_a_yes_that_a_restart_cut_short_is_done_after_it(
    telegram: TelegramEmulator, folder: Path, newsdesk_cache: Path
) -> None:
    """The file lies where syncs read it: the next start takes it in, and says so; old drafts are cleared away."""
    settings = configured(telegram, folder, cache=newsdesk_cache)
    shelf = Shelf(archive=folder)
    with Memory.open(folder / MEMORY) as memory:
        name = shelf.keep(LAMP.encode(), ".md")
        memory.drafts.keep(ADMIN, ADMIN, ADD, name, "New lamp")
        shelf.accept(name)
        old = shelf.draft(shelf.keep(b"nobody can say yes to this", ".txt"))
        os.utime(old, (1_700_000_000, 1_700_000_000))
    boss = Person(telegram, id=ADMIN)
    async with answering(settings, telegram):
        end = await boss.hears()
        assert end.text.startswith("New lamp is in the archive.\nadded: 1")
        assert (await asked(boss)).startswith(ANSWER)
        await boss.says("/add A text. It says that the lamp is lit.")
        await boss.hears()
        assert len(waiting(folder)) == 1
    async with answering(settings, telegram):
        assert await boss.hears_nothing()


async def test_an_article_that_comes_while_the_archive_is_changed_waits(
    boss: Person, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process holds the archive: it is tried again, in the end the file is kept for later."""
    monkeypatch.setattr(adding, "_PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(adding, "_TRIES", 2)
    preview = await adds(boss, LAMP)
    with writing(folder):
        await boss.presses(preview, "Add")
        later = await end_of(boss, "Adding")
        assert later.text.startswith("The archive could not be changed: ")
        await boss.says("/remove weir.md")
        await boss.presses(await boss.hears(), "Remove")
        failed = await end_of(boss, "Removing Weir mended…")
        assert failed.text.startswith("It could not be done: ")
    await boss.presses(failed, "Remove")
    assert "removed 1 article" in (await end_of(boss, "Removing Weir mended…")).text
    assert len(added(folder)) == 1


async def test_an_article_is_removed_for_good_after_a_yes(boss: Person, folder: Path, tmp_path: Path) -> None:
    """By reply to an answer; the next question, and old buttons, know it no more; backups that hold it are named."""
    await boss.presses(await adds(boss, LAMP), "Add")
    await end_of(boss, "Adding")
    reader = Person(boss.emulator, id=5)
    await reader.says("Was the oak or the weir at Sallow mended, or the lamp of the lighthouse?")
    before = await reader.hears()
    await reader.presses(before, "More passages")
    page = await reader.hears()
    await reader.presses(page, "Next →")
    assert "Odalys Brunn" in (await reader.hears()).text
    with Archive.open(folder) as archive:
        archive.backup(tmp_path / "backup")
    await boss.says(QUESTION)
    answer = await boss.hears()
    assert answer.text.startswith(ANSWER)
    await boss.says("/remove", reply_to_message=shown_before(answer))
    shown = await boss.hears()
    assert shown.text == (
        "Remove this article for good? It stays out of later syncs.\n\n"
        "New lamp for the <Fennick> lighthouse\n4 March 2025 · Fennick Gazette · en"
    )
    await boss.presses(shown, "Remove")
    end = await end_of(boss, "Removing New lamp for the <Fennick> lighthouse…")
    assert end.text.startswith("New lamp for the <Fennick> lighthouse: removed 1 article\nstill in the backup of ")
    assert str(tmp_path / "backup") in end.text
    assert added(folder) == []
    assert not (await asked(boss)).startswith(ANSWER)
    await asyncio.sleep(DOUBLE_TAP)
    await reader.presses(before, "More passages")
    old = (await reader.hears()).text
    assert "(1/2)" in page.text
    assert "The elm at Sallow" in old
    assert "(1/" not in old
    assert "Odalys Brunn" not in old


async def test_what_was_removed_stays_out(boss: Person, folder: Path) -> None:
    """It is not removed twice, and not added again; what was kept is there; a list of passages names its first."""
    await boss.presses(await adds(boss, LAMP), "Add")
    await end_of(boss, "Adding")
    drafts = []
    for _ in range(3):
        await boss.says(f"/remove {added(folder)[0]}")
        drafts.append(await boss.hears())
    await boss.presses(drafts[0], "Keep")
    assert (await boss.hears()).text == "New lamp for the <Fennick> lighthouse was kept."
    assert (await asked(boss)).startswith(ANSWER)
    await boss.presses(drafts[1], "Remove")
    assert "removed 1 article" in (await end_of(boss, "Removing")).text
    await boss.presses(drafts[2], "Remove")
    assert (await end_of(boss, "Removing")).text.startswith("No article has the address, id or file /")
    await boss.presses(drafts[1], "Remove")
    await notice(boss, "That is over. Please send the command again.")
    await boss.presses(await adds(boss, LAMP), "Add")
    refused = await end_of(boss, "Adding")
    assert refused.text.startswith("Nothing was added: was removed with newsdesk remove and stays out")
    assert added(folder) == []
    await boss.says(QUESTION)
    closest = await boss.hears()
    assert not closest.text.startswith(ANSWER)
    await boss.says("/remove", reply_to_message=shown_before(closest))
    assert re.search(r"(Elm|Oak|Weir) (mended|felled)\n1 February 2025", (await boss.hears()).text)


async def test_what_is_not_there_cannot_be_removed(boss: Person) -> None:
    """Neither nothing, nor an unknown name, nor what looks like an option; nor by a reply to a message of no answer."""
    await boss.says("/remove")
    assert (await boss.hears()).text.startswith("Write the address, the id or the file")
    for name in ("https://a.example/<b>", "--undo", "-x"):
        await boss.says(f"/remove {name}")
        assert (await boss.hears()).text == f"No article has the address, id or file {name}."
    base = {"message_id": 1, "date": 1_741_200_000, "chat": {"id": ADMIN, "type": "private", "first_name": "R"}}
    markup = {"inline_keyboard": [[{"text": "More", "callback_data": "more:unknown:2"}]]}
    await boss.says("/remove", reply_to_message=base | {"text": "?", "reply_markup": markup})
    assert (await boss.hears()).text.startswith("Write the address, the id or the file")


async def test_what_was_added_is_synced_with_the_sources(
    telegram: TelegramEmulator, folder: Path, newsdesk_cache: Path, tmp_path: Path
) -> None:
    """/reindex leaves added articles in the archive, and goes well when there are none."""
    settings = configured(telegram, folder, cache=newsdesk_cache, sources=str(tmp_path / "articles"))
    async with answering(settings, telegram):
        boss = Person(telegram, id=ADMIN)
        await boss.presses(await adds(boss, LAMP), "Add")
        await end_of(boss, "Adding")
        for unchanged, command in ((4, None), (3, "/remove")):
            if command:
                await boss.says(f"/remove {added(folder)[0]}")
                await boss.presses(await boss.hears(), "Remove")
                await end_of(boss, "Removing")
            await boss.says("/reindex")
            while "up to date" not in (end := await boss.hears()).text:
                pass
            assert f"unchanged: {unchanged}\nremoved: 0" in end.text
    assert waiting(folder) == []
