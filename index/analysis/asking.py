"""The words that make a question one, in scripts without spaces between words (pure).

Left in, each would be two or three pairs that stand in no article, and outweigh those that do.
"""

from __future__ import annotations

import re

PARTICLES = "은|는|이|가|을|를|의|에|도|로|와|과"
"""Of Korean, behind a word."""

_CHINESE = (
    "为什么 為什麼 什么时候 什麼時候 什么 什麼 甚麼 是谁 是誰 谁是 誰是 谁 誰 哪里 哪裡 哪个 哪個 哪些 哪"
    " 怎么样 怎麼樣 怎么 怎麼 怎样 怎樣"
    " 如何 何时 何時 何地 多少 多久 几个 幾個 是否 有没有 有沒有 吗 嗎 呢 的 了 是"
)
_JAPANESE = (
    "(?:で|ま)(?:すか|したか|しょうか) (?:で|ま)(?:した|しょう|す) だれ いつ どこ どの どう どれ どんな なぜ"
    " なに なん いくつ いくら 何人 何時 何"
    " には では とは から まで について による における (?<![ぁ-ん])[はがをにでとのへもやか](?![ぁ-ん])"
)
_KOREAN = (
    "누구[는를]? 누가 무엇[을이은]? 무슨 언제 어디(?:서|에서)? 어떤 어떻게 얼마나? 왜 몇"
    " (?:했|하였|였|이었)?(?:습니까|나요) 인가요? 입니까 합니까"
)
_THAI = "ใครคือ คือใคร ใคร คืออะไร อะไร ที่ไหน เมื่อไหร่ เมื่อไร เมื่อใด ทำไม อย่างไร เท่าไหร่ เท่าไร กี่ หรือไม่ ไหม คือ เป็น"

ASKING = re.compile("|".join(f"{_CHINESE} {_JAPANESE} {_KOREAN} {_THAI}".split()))
"""Where a question is cut, in NFKC."""
ENDING = re.compile(f"(?<=[\uac00-\ud7af])(?:에서|에게|으로|까지|부터|이라고|라고|{PARTICLES})$")
"""A particle at the end of a Korean word."""
