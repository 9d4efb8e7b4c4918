"""Phrases that give away full sentences which are not the article's, bylines and credits. Data for ``lines``.

One phrase between bars, ``*`` stands for the rest of a word; the languages are those of ``furniture``.
"""

from __future__ import annotations

SENTENCES = """
we use cookies | uses cookies | essential cookies | additional cookies | cookie policy | privacy policy |
privacy notice | terms of use | terms and conditions | terms of service |
all rights reserved | may not be reproduced | reproduced without | republish* | our newsletter | newsletter |
newsletters | subscribe to | subscribe now | subscribers only | sign up for | sign up here | signing up |
unsubscribe |
delivered to your inbox | in your inbox | follow us | join us on | download our app | download the app |
our journalists | our journalism | our reporters | our newsroom | independent journalism | support our | support us |
donate |
become a member | make a contribution | opens in new | opens in a new | scroll to continue |
story continues below | article continues below | continue reading | click here | learn more | read our |
read more here | report this ad |
purchase licensing | licensing rights | all quotes delayed | provides all the news | is a news agency |
provider of news | provider of multimedia | first published | this article was | this story was | this page |
contact the author | press office | media contact |
please credit | spotted a mistake | have you got a story | send your | get in touch | has reported from |
covers politics | is a reporter | is a correspondent | is a freelance | before joining | join the conversation |
your browser | javascript |
usamos cookies | utilizamos cookies | política de privacidad* | aviso de privacidad | condiciones de uso |
todos los derechos reservados | derechos reservados | prohibida la reproducción | puedes republicar | boletín |
boletines | suscríbete | suscribirte | regístrate |
síguenos | únete a | descarga la app | nuestra app | apoya el periodismo | hazte soci* | dona | haz clic |
pulsa aquí | lee más | contenido exclusivo | este reportaje se | este artículo se | después de la publicidad |
esta nota fue | viste un error | escríbenos | ya lo reciben | tu correo |
el canal de whatsapp | nuestro canal | nuestros lectores | información adicional de | redacción de |
política de privacidade | termos de uso | todos os direitos reservados | direitos reservados | proibida a reprodução |
é proibida | assine | assinantes | cadastre-se | inscreva-se | siga o | siga a | siga-nos | receba as | receba no |
baixe o app | nosso canal | nossa newsletter |
clique aqui | apoie o jornalismo | este texto foi | depois da publicidade | após a publicidade | esta reportagem |
nous utilisons | des cookies | politique de confidentialité | conditions générales | tous droits réservés |
reproduction interdite | toute reproduction | newsletter | infolettre | abonnez-vous | abonnés | abonné |
inscrivez-vous | recevez | votre boîte mail |
après cette publicité | après la publicité | votre adresse | suivez-nous | rejoignez | téléchargez | soutenez |
faites un don | cliquez ici | article réservé | réservé aux | cet article a été | signalez | vous avez repéré |
désabonner | désinscrire | notre chaîne |
utilizziamo i cookie | utilizza cookie | informativa sulla privacy | tutti i diritti riservati | diritti riservati |
riproduzione riservata | vietata la riproduzione | iscriviti | abbonati | abbonamento | ricevi ogni | seguici |
scarica l'app | sostieni | fai una donazione |
clicca qui | il nostro canale | nostra redazione | questo articolo è | dopo la pubblicità | contenuto riservato |
wir verwenden cookies | verwendet cookies | cookies | datenschutzerklärung | nutzungsbedingungen |
alle rechte vorbehalten | nachdruck | vervielfältigung | newsletter | abonnieren sie | jetzt abonnieren | abonnent* |
melden sie sich | anmelden | folgen sie uns |
jederzeit abbestellen | in ihr postfach | in ihrem postfach | nach der werbung | ihr postfach | laden sie |
unsere app | unterstützen sie | spenden sie | klicken sie | hier klicken | dieser artikel wurde | dieser artikel ist |
dieser text | dieser beitrag | unsere redaktion | haben sie einen fehler | schreiben sie uns | kostenlos testen |
używamy plików | plików cookie | pliki cookie | polityka prywatności | polityką prywatności | regulamin* |
wszelkie prawa zastrzeżone | prawa zastrzeżone | kopiowanie | zapisz się | newsletter* | zasubskrybuj | subskrybuj |
obserwuj nas | dołącz do nas | pobierz aplikację | wesprzyj |
wspieraj | kliknij | zaloguj się | artykuł dostępny | dostęp do | naszego portalu | nasz portal | napisz do nas |
zauważyłeś | wykup | pod reklamą |
cookie | файлы cookie | политик* конфиденциальности | пользовательск* соглашени* | все права защищены |
права защищены | перепечатка | использовании материалов | использование материалов | материалов сайта | гиперссылк* |
зарегистрирован* надзорным | свидетельство о регистрации | рекомендательные технологии |
подписывайтесь | подпишитесь | подписаться | рассылк* | наш телеграм | наш канал | нашем канале | нашем телеграм |
следите за нами | присоединяйтесь | скачайте | поддержите | пожертвован* | оформите | нажмите | выделите |
мнение редакции | мнение автора | читайте нас | пишите нам | присылайте | понравился материал | деньги читателей |
файли cookie | політик* конфіденційності | усі права | всі права захищен* | передрук | використанн* матеріалів |
гіперпосилання | підписуйтесь | підпишіться | розсилк* | наш телеграм | наш канал | нашому каналі | стежте за |
долучайтеся | приєднуйтесь | завантажте | підтримайте | пожертв* | натисніть | виділіть | думка редакції |
пишіть нам | надсилайте |
"""
"""Inside a line of any length, they tell that it speaks of the site, not of the news."""

CREDITS = """
photo by | photo | photograph* | file photo | image | image credit | picture | pictured | credit | courtesy of |
getty images | video by | illustration | graphic | reporting by | additional reporting | editing by | edited by |
writing by |
foto | fotos | fotografía* | imagen | ilustración | archivo | gráfico | crédito | con información de | imagem |
divulgação | reprodução | crédito da foto | photographie* | crédit | image d'illustration | photo d'illustration |
avec afp | fotografie* | immagine | bild | symbolbild | symbolfoto | archivbild | quelle | grafik | zdjęcie | fot |
źródło | rys | ilustracja | zdjęcie ilustracyjne | фото | фотограф* | фотография | иллюстрация | снимок | автор фото |
источник | изображение |
світлина | світлини | ілюстрація | джерело | зображення | автор фото |
"""
"""Before a colon or at the start of a short line, they name who made a picture or helped."""

BYLINES = """
by | written by | words by | text by | from | por | texto | texto de | par | propos recueillis par | di | a cura di |
von | text | ein bericht von | tekst | autor | autorka | opracował | opracowała | автор | авторы | текст | автори |
автора | записал | записала | підготував | підготувала |
"""
"""Before the names of authors."""

UPDATES = """
published | date published | posted | updated | last updated | modified | publicado | actualizado | act | publié |
mis à jour | publicato | pubblicato | aggiornato | veröffentlicht | aktualisiert | stand | erstellt | opublikowano |
data publikacji | aktualizacja | atualizado | publicada |
опубликовано | обновлено | дата публикации | опубліковано | оновлено | min read | minute read | min de lectura |
lectura | min de lecture | temps de lecture | lecture | min lesezeit | lesezeit | czas czytania | tempo di lettura |
lettura | leitura | время чтения | час читання | comments | comentarios | commentaires | commenti | kommentare |
komentarze | комментари* |
"""
"""What stands with a date or a count under a headline."""

CAPTION_LABELS = """
image caption | caption | photo caption | pie de foto | legenda | légende | didascalia | bildunterschrift |
bildlegende | podpis | подпись к фото | підпис до фото |
"""
"""The line below one of these is a caption."""
