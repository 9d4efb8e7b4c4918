"""Articles written from one template, each about another match, city or price: like words that answer differently."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

from toys import article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index import Article

_SLOTS = {
    "en": {
        "place": "Dunmarrow Wexcombe Ellerport Calderby Hartwell Linden Orrinford Mossgate Tarnfield Bexley".split(),
        "person": "Okafor Brandt Hale Lindqvist Marsh Duarte Novak Pell Ashdown Quist".split(),
        "day": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    },
    "ru": {
        "place": "Залесск Приморье Ольховка Верхнереченск Каменка Дубрава Светлогорск Никольск Тарасов Луговое".split(),
        "person": "Орлов Белов Громов Зимин Крылов Лавров Морозов Седов Титов Ушаков".split(),
        "day": "понедельник вторник среду четверг пятницу субботу воскресенье".split(),
    },
    "es": {
        "place": "Valdeoro Puertoalto Monteclaro Riofrío Campohondo Sotoluz Villalta Costamar Peñazul Olmedal".split(),
        "person": "Ibarra Quiroga Salcedo Montes Arriaga Beltrán Cisneros Duarte Espino Fuentes".split(),
        "day": "lunes martes miércoles jueves viernes sábado domingo".split(),
    },
    "zh": {
        "place": "青河 白山 临海 东港 南岭 西城 北原 云溪 金沙 石门".split(),
        "person": "王明 李强 张伟 刘洋 陈静 杨帆 赵磊 黄海 周平 吴勇".split(),
        "day": "星期一 星期二 星期三 星期四 星期五 星期六 星期日".split(),
    },
}
_HEADS = {
    "en": "{place} {a} {other} {b}|Forecast for {place}|Price of gold on {day}|Results",
    "ru": "{place} — {other}: {a}:{b}|Погода: {place}|Цена золота|Итоги матча",
    "es": "{place} {a}, {other} {b}|El tiempo en {place}|El precio del oro|Resultados",
    "zh": "{place}{a}比{b}{other}|{place}天气|黄金价格|比赛结果",
}
_SHORT = {
    "en": (
        "{place} beat {other} {a}-{b} on {day} in front of {n} people. {person} scored the first goal in minute "
        "{m}, and "
        "the home side never looked back after that. The coach said that his team had deserved every point of it.",
        "It will be dry in {place} on {day} with a high of {a} degrees and a low of {b}. The wind will come from "
        "the sea "
        "at {m} kilometres an hour. Take a coat if you are going out in the evening, because it will turn cold.",
        "Gold rose to {n} crowns an ounce on {day}, up {a}.{b} percent from the day before. Traders said that "
        "buyers were "
        "waiting for the figures on prices that the bank gives out at the end of the week, and would buy little "
        "until then.",
    ),
    "ru": (
        "В {day} клуб {place} обыграл клуб {other} со счётом {a}:{b}. Матч посетили {n} зрителей. Первый мяч на "
        "{m}-й минуте "
        "забил {person}, и после этого хозяева уже не отдавали преимущества. Тренер сказал, что победа была "
        "заслуженной.",
        "В городе {place} в {day} ожидается сухая погода, днём до {a} градусов, ночью до {b}. Ветер с моря, {m} "
        "километров "
        "в час. Вечером похолодает, поэтому тем, кто собирается гулять, синоптики советуют взять с собой тёплую "
        "одежду.",
        "Цена золота в {day} выросла до {n} крон за унцию, это на {a},{b} процента больше, чем накануне. Участники "
        "торгов "
        "говорят, что покупатели ждут данных о ценах, которые банк обещал опубликовать в конце этой недели.",
    ),
    "es": (
        "El {place} venció al {other} por {a}-{b} el {day} ante {n} espectadores. {person} marcó el primer gol en "
        "el minuto "
        "{m} y desde entonces el equipo local no dejó escapar la ventaja. El entrenador dijo que el triunfo fue "
        "merecido.",
        "En {place} el {day} será seco, con una máxima de {a} grados y una mínima de {b}. El viento soplará del mar "
        "a {m} "
        "kilómetros por hora. Conviene llevar abrigo por la noche, porque las temperaturas bajarán de golpe al "
        "anochecer.",
        "El oro subió el {day} hasta {n} coronas la onza, un {a},{b} por ciento más que la víspera. Los operadores "
        "dijeron "
        "que los compradores esperan los datos de precios que el banco publicará al final de esta semana.",
    ),
    "zh": (
        "{day}，{place}队以{a}比{b}战胜{other}队，现场有{n}名观众。{person}在第{m}分钟打进首球，此后主队再也没有让出优势。"
        "主教练赛后表示，球队的每一分都是靠拼搏得来的，他为队员们感到骄傲。",
        "{place}{day}天气晴朗干燥，最高气温{a}度，最低气温{b}度。海风风速每小时{m}公里。晚上气温会明显下降，"
        "气象部门提醒外出的市民注意添加衣物，早晚出行多加小心。",
        "{day}金价上涨至每盎司{n}元，比前一天上涨百分之{a}点{b}。交易员表示，买家正在等待银行在本周末公布的物价数据，"
        "在此之前成交量不会很大，市场情绪仍然十分谨慎。",
    ),
}
_BOILERPLATE = {
    "en": (
        "The league was founded by the harbour towns of the Calder coast and has twelve clubs. "
        "Every club plays every other twice, once at home and once away, and the first two go up. "
        "Tickets are sold at the gate from noon, and children go in free when they come with an adult. "
        "The Coastal Sports Union asks those who come by car to leave it at the market and to walk from there. "
        "A list of all the fixtures hangs in every town hall, and is read out on Radio Calder after the news at six. "
        "The union answers questions on weekdays between nine and four, and gives back money for matches called off."
    ),
    "ru": (
        "Союз объединяет двенадцать городов побережья и публикует такие сводки каждый день. "
        "Все данные собирают добровольцы, а проверяет их редакция, прежде чем они попадают на страницу. "
        "Если вы заметили ошибку, напишите нам, и мы исправим её в тот же день до вечернего выпуска. "
        "Полный список за прошлые недели хранится в городской библиотеке, и посмотреть его может каждый желающий. "
        "Радио побережья читает сводку после шестичасовых новостей, а по воскресеньям повторяет её утром. "
        "На вопросы читателей союз отвечает по будням с девяти до четырёх часов."
    ),
    "es": (
        "La unión reúne a doce ciudades de la costa y publica estos datos todos los días del año. "
        "Los voluntarios recogen las cifras y la redacción las comprueba antes de que salgan en esta página. "
        "Quien encuentre un error puede escribirnos y lo arreglaremos antes de la edición de la tarde. "
        "La lista completa de las semanas anteriores se guarda en la biblioteca y cualquiera puede consultarla. "
        "La radio de la costa la lee después de las noticias de las seis y la repite los domingos por la mañana. "
        "La unión responde a las preguntas los días laborables entre las nueve y las cuatro."
    ),
    "zh": (
        "联盟由沿海十二个城镇组成，每天都会公布这样的消息。所有数据由志愿者收集，编辑核对以后才会刊登在本版。"
        "读者如果发现错误，可以写信告诉我们，我们会在当天晚报付印之前更正。过去几周的完整名单保存在市图书馆，任何人都可以查阅。"
        "沿海广播在六点新闻之后宣读，星期天早上重播一次。工作日九点到四点，联盟会回答读者提出的问题。"
    ),
}
KINDS = 3
LANGUAGES = tuple(_SLOTS)


def article_from(kind: int, language: str, seed: int, *, long: bool = False) -> Article:
    """The article of a template: a result, the weather, a price. Two seeds differ in names, numbers and the day.

    Long ones end in the same six sentences; half of the headlines name what the article is about.
    """
    chance = random.Random(f"{kind} {language} {seed}")  # noqa: S311 - no secret
    slots = _SLOTS[language]
    place, other = chance.sample(slots["place"], 2)
    facts = {
        "place": place,
        "other": other,
        "person": chance.choice(slots["person"]),
        "day": chance.choice(slots["day"]),
        "a": chance.randint(1, 9),
        "b": chance.randint(0, 9),
        "m": chance.randint(11, 89),
        "n": chance.randint(1_000, 9_999),
    }
    heads = _HEADS[language].split("|")
    title = heads[kind if seed % 2 else 3].format(**facts)
    body = _SHORT[language][kind].format(**facts) + (f"\n\n{_BOILERPLATE[language]}" if long else "")
    published = date(2021, 3, 1) + timedelta(days=chance.randint(0, 5))
    path = f"{kind}-{language}-{seed}-{'long' if long else 'short'}.txt"
    return article(body, title=title, path=path, published=published, language=language)


def pairs(count: int) -> Iterator[tuple[Article, Article]]:
    """Pairs of articles of every template, ``count`` of each."""
    for language in LANGUAGES:
        for kind in range(KINDS):
            for long in (False, True):
                for seed in range(count):
                    one, other = (article_from(kind, language, 2 * seed + at, long=long) for at in (0, 1))
                    yield one, other
