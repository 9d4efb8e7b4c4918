"""One story as wires and newspapers tell it again: cut, under another headline, gone on with, put right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from toys import article

if TYPE_CHECKING:
    from collections.abc import Mapping

    from index import Article

_EN = """The river Orrin rose 3.2 metres above its usual level at Dunmarrow on Monday, and 140 families left their \
homes.

Engineers from the Calder Valley Water Board opened both gates of the Hartwell weir shortly after midnight, said its \
director, Ines Okafor. By 6 a.m. the water stood 40 centimetres below the crown of the Mill Lane dyke, she said.

The railway between Dunmarrow and Port Ellery is closed, and 18 buses are running from the market square instead. The \
operator, Ellery Lines, expects to repair the embankment near Linden within 10 days and will give back the price of \
tickets.

"We have not seen water like this since 1987," said Tomas Brandt, who keeps the chandlery on Quay Street. In that year \
the Orrin broke through the dyke in 3 places, and Bexley was cut off from the county for a week.

The county has opened the Linden school hall for those who cannot go home, and asks for blankets and dry clothes. Some \
60 people spent the night there, among them the residents of the Ashdown home.

Insurers put the damage at 4.5 million crowns so far. The county council meets on Thursday to decide on a fund for \
repairs, \
and Governor Marit Hale said that the Calder Guard would stay in the valley with 75 soldiers and 12 boats as long \
as needed.
"""
_RU = """Уровень реки Орши у города Залесска в понедельник поднялся на 3,2 метра выше обычного, 140 семей покинули дома.

Инженеры Верхнереченского водного управления открыли оба затвора Каменской плотины вскоре после полуночи, сообщила \
директор управления Инна Орлова. К 6 часам утра вода стояла на 40 сантиметров ниже гребня дамбы на Мельничной улице.

Железная дорога между Залесском и Приморьем закрыта, вместо поездов от рыночной площади ходят 18 автобусов. Компания \
«Приморские линии» рассчитывает починить насыпь у Дубравы за 10 дней и обещает вернуть пассажирам деньги за билеты.

«Такой воды мы не видели с 1987 года», — сказал Тимофей Белов, хозяин лавки на Причальной улице. Тогда Орша прорвала \
дамбу в 3 местах, и Ольховка на неделю оказалась отрезана от остального района.

Район открыл для тех, кто не может вернуться домой, зал Дубравской школы и просит принести одеяла и сухую одежду. Ночь \
там провели около 60 человек, среди них жильцы дома престарелых имени Громова.

Страховщики оценивают ущерб в 4,5 миллиона крон. Совет района соберётся в четверг, чтобы решить, создавать ли фонд на \
восстановление, а губернатор Мария Седова сказала, что 75 солдат и 12 лодок останутся в долине, пока это будет нужно.
"""
_ES = """El río Orrín subió el lunes 3,2 metros por encima de su nivel habitual en Valdeoro, y 140 familias dejaron \
sus casas.

Los ingenieros de la Junta de Aguas de Riofrío abrieron las dos compuertas de la presa de Monteclaro poco después de \
medianoche, dijo su directora, Inés Quiroga. A las 6 de la mañana el agua quedó 40 centímetros por debajo del dique.

El ferrocarril entre Valdeoro y Puertoalto está cerrado, y 18 autobuses salen en su lugar de la plaza del mercado. La \
empresa Líneas del Norte espera reparar el terraplén cerca de Sotoluz en 10 días y devolverá el precio de los billetes.

«No habíamos visto tanta agua desde 1987», dijo Tomás Beltrán, dueño de la tienda de la calle del Muelle. Aquel año el \
Orrín rompió el dique en 3 puntos, y Olmedal quedó aislada del resto de la comarca durante una semana.

La comarca ha abierto la escuela de Sotoluz para quienes no pueden volver a casa, y pide mantas y ropa seca. Unas 60 \
personas pasaron allí la noche, entre ellas los residentes del hogar Arriaga.

Las aseguradoras calculan los daños en 4,5 millones de coronas. El consejo se reúne el jueves para decidir sobre un \
fondo, \
y la gobernadora María Salcedo dijo que 75 soldados y 12 barcas seguirán en el valle mientras haga falta.
"""
_ZH = """星期一，青河在白山段的水位比平时高出3.2米，140户居民离开了家园。

青河流域水务局局长陈静说，工程师在午夜过后不久打开了石门水闸的两道闸门。到早上6点，水面离磨坊街堤顶还有40厘米。

白山到临海的铁路已经关闭，18辆公共汽车从集市广场发车代替火车。运营方海岸铁路公司预计10天之内修好南岭附近的路基，并承诺退还乘客的票款。

码头街杂货店老板张伟说：“自从1987年以来，我们没有见过这么大的水。”那一年青河冲开了3处堤坝，云溪有整整一个星期与外界断绝了联系。

县里为无法回家的人开放了南岭小学的礼堂，并请大家捐赠毛毯和干衣服。大约60人在那里过夜，其中包括金沙养老院的老人。

保险公司估计到目前为止的损失为450万元。县议会将在星期四开会，决定是否设立重建基金。县长刘洋说，只要有需要，75名士兵和12艘船会一直留在山谷里。

气象台预计雨势从星期三开始减弱，但上游的西城和北原还会有20毫米左右的降水。水务局每隔2小时公布一次水位，并请岸边的居民留意广播。
"""
_HEADS = {
    "en": ("Families leave Dunmarrow as the Orrin floods", "River at its highest in a generation"),
    "ru": ("Семьи покидают Залесск из-за паводка", "Вода в реке поднялась выше дамбы"),
    "es": ("Familias dejan Valdeoro por la crecida", "El río, en su nivel más alto en décadas"),
    "zh": ("青河水位上涨，140户居民撤离", "白山遭遇几十年来最大洪水"),
}
_BODIES = {"en": _EN, "ru": _RU, "es": _ES, "zh": _ZH}
_UPDATES = {
    "en": (
        "On Tuesday the water fell by half a metre, and the first 30 families went back to Mill Lane. The Guard "
        "said so."
    ),
    "ru": "Во вторник вода спала на полметра, и первые 30 семей вернулись на Мельничную улицу. Об этом сообщил район.",
    "es": "El martes el agua bajó medio metro, y las primeras 30 familias volvieron a sus casas, según la comarca.",
    "zh": "星期二，水位下降了半米，最早的30户居民回到了磨坊街，县里说其余的人很快也能回家。",
}
_FRAMES = {
    "en": ("By Jon Pell, Coast News Agency", "Read more about the Orrin in our dossier. (c) Coast News Agency"),
    "ru": ("Пётр Ушаков, агентство «Берег»", "Читайте также наше досье. © Агентство «Берег»"),
    "es": ("Por Juan Espino, Agencia Costera", "Lea más en nuestro archivo. © Agencia Costera"),
    "zh": ("海岸通讯社记者吴勇报道", "更多内容请看本报专题。版权归海岸通讯社所有"),
}
_NOTES = {
    "en": "Correction: An earlier version of this article gave wrong numbers of families and of soldiers.",
    "ru": "Исправление: в предыдущей версии статьи было неверно указано число семей и солдат.",
    "es": "Corrección: una versión anterior de esta noticia daba cifras equivocadas de familias y de soldados.",
    "zh": "更正：本文早前版本中的户数和士兵人数有误。",
}
LANGUAGES = tuple(_BODIES)
DAY = date(2019, 11, 4)


def original(language: str) -> Article:
    """The story as it was told first."""
    return article(
        _BODIES[language], title=_HEADS[language][0], path=f"{language}/original", published=DAY, language=language
    )


def variants(language: str) -> Mapping[str, Article]:
    """The same story told again, by what was done to it."""
    first = original(language)
    paragraphs = first.body.split("\n\n")
    opening, closing = _FRAMES[language]
    put_right = first.body.replace("140", "104").replace("75", "57")
    bodies = {
        "lead cut": "\n\n".join(paragraphs[1:]),
        "updated": f"{first.body}\n{_UPDATES[language]}\n",
        "updated in front": f"{_UPDATES[language]}\n\n{first.body}",
        "byline": f"{opening}\n\n{first.body}\n{closing}\n",
        "truncated": "\n\n".join(paragraphs[:3]),
        "two numbers": put_right,
        "corrected": f"{put_right}\n{_NOTES[language]}\n",
    }
    return {
        name: replace(
            first,
            key=replace(first.key, path=f"{language}/{name}"),
            title=_HEADS[language][at % 2],
            body=body,
            published=DAY + timedelta(days=at % 3),
        )
        for at, (name, body) in enumerate(bodies.items(), 1)
    }
