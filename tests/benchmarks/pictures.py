"""Pictures of the bot as a reader sees it: run through the emulated Telegram, drawn from the messages really sent.

PYTHONPATH=tests python -m tests.benchmarks.pictures
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from index import Archive
from tests.benchmarks.data import REPOSITORY
from tests.benchmarks.picture_chat import Shown, chat
from tests.benchmarks.picture_text import SCALE

sys.path.insert(0, str(REPOSITORY / "tests"))

from journeys.telegram_emulator import TelegramEmulator, serving
from journeys.telegram_person import Person
from journeys.telegram_running import answering, configured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from journeys.telegram_emulator import Call

PICTURE = Path(__file__).with_name("telegram.png")

ARABIC = """---
title: افتتاح مكتبة عائمة في ميناء السلام
date: 2026-05-02
source: صحيفة الساحل
url: https://alsahel.example/2026/05/02/floating-library
language: ar
---

افتتحت الكاتبة سلمى الراوي يوم السبت مكتبة عائمة في ميناء السلام. تحمل السفينة اثني عشر ألف كتاب، وتزور كل أسبوع \
أربع قرى على الساحل.

قال مدير الميناء نبيل الحداد إن إصلاح السفينة استغرق ثلاثة أعوام. وستبقى المكتبة مفتوحة للزوار حتى المساء.
"""


@dataclass
class Reader(Person):
    """A person whose Telegram speaks a language; what they see is kept in ``chat_shown``."""

    language: str = "en"
    chat_shown: list[tuple[int, Shown]] = field(default_factory=list)

    async def asks(self, text: str) -> Call:
        """Write, and see the answer."""
        self.chat_shown.append((0, Shown(html=text, own=True)))
        await self.says(text)
        return await self.sees()

    async def sees(self) -> Call:
        """See the next message, or one that has changed."""
        call = await self.hears()
        shown = Shown(html=call.html, rows=_rows(call))
        ids = [number for number, _ in self.chat_shown]
        if call.message_id in ids:
            self.chat_shown[ids.index(call.message_id)] = (call.message_id, shown)
        else:
            self.chat_shown.append((call.message_id, shown))
        return call

    async def judges(self, answer: Call, label: str) -> None:
        """Press what changes the buttons, and see a notice."""
        await self.presses(answer, label)
        await self.emulator.until("editMessageReplyMarkup")
        changed = next(call for call in reversed(self.emulator.calls) if call.method == "editMessageReplyMarkup")
        told = next(call for call in reversed(self.emulator.calls) if call.method == "answerCallbackQuery")
        place = [number for number, _ in self.chat_shown].index(answer.message_id)
        shown = replace(self.chat_shown[place][1], rows=_rows(changed), notice=str(told.fields["text"]))
        self.chat_shown[place] = (answer.message_id, shown)

    def _user(self) -> dict[str, object]:
        return super()._user() | {"language_code": self.language}

    def _message(self, **content: object) -> dict[str, object]:
        return super()._message(**content) | {"date": int(time.time())}


def main() -> None:
    """Ask, press, and draw."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        sources = folder / "articles"
        shutil.copytree(str(files("index") / "sample"), sources)
        (sources / "library.md").write_text(ARABIC, "utf-8")
        wire = (sources / "2018-01-30-netanyahu-putin-moscow.md").read_text("utf-8")
        copy = wire.replace("Meridian Wire", "Harbour Courier").replace("meridianwire", "harbourcourier")
        (sources / "copy.md").write_text(copy, "utf-8")
        with Archive.open(folder / "archive", create=True) as archive:
            archive.sync([sources])
        chats = asyncio.run(_talk(folder / "archive"))
    image = _beside([chat("newsdesk", [shown for _, shown in each]) for each in chats])
    image.quantize(128).save(PICTURE, optimize=True)
    print(f"{PICTURE.name}: {image.width} x {image.height}, {PICTURE.stat().st_size // 1000} kB")


async def _talk(folder: Path) -> list[list[tuple[int, Shown]]]:
    """Three chats with a running bot."""
    async with serving(TelegramEmulator()) as emulator:
        readers = [Reader(emulator, id=place) for place in (1, 2, 3)]
        asking, pressing, abroad = readers
        async with answering(configured(emulator, folder), emulator):
            await asking.asks("who accompanied Netanyahu?")
            await asking.asks("And what exhibition did they open?")
            answer = await pressing.asks("How much did the Port Ellery tram cost?")
            await pressing.judges(answer, "👎 Wrong")
            await pressing.presses(answer, "More passages")
            page = await pressing.sees()
            await pressing.presses(page, "Next →")
            await pressing.sees()
            abroad.language = "ru"
            await abroad.asks("Сколько человек эвакуировали из-за паводка в Залесске?")
            abroad.language = "ar"
            await abroad.asks("من افتتح المكتبة العائمة؟")
        if emulator.problems:
            raise RuntimeError(f"Telegram would not take this: {emulator.problems}")
    return [reader.chat_shown for reader in readers]


def _rows(call: Call) -> list[list[tuple[str, bool]]]:
    """The labels of a message's buttons, each with whether it opens an address."""
    keyboard = call.fields.get("reply_markup", {}).get("inline_keyboard", [])
    return [[(button["text"], "url" in button) for button in row] for row in keyboard]


def _beside(images: Sequence[Image.Image]) -> Image.Image:
    """Pictures side by side on the ground of a chat."""
    gap = 12 * SCALE
    wide = sum(image.width for image in images) + gap * (len(images) - 1)
    whole = Image.new("RGB", (wide, max(image.height for image in images)), "#ffffff")
    left = 0
    for image in images:
        whole.paste(image.getpixel((0, image.height - 1)), (left, 0, left + image.width, whole.height))
        whole.paste(image, (left, 0))
        left += image.width + gap
    return whole


if __name__ == "__main__":
    main()
