"""Words of the furniture around articles in nine languages: English, Spanish, Portuguese, French, Italian, German,
Polish, Russian and Ukrainian. Data for ``lines``: one phrase between bars, ``*`` stands for the rest of a word.
"""  # noqa: D205 - a list of nine languages is no summary line

from __future__ import annotations

LABELS = """
menu | home | homepage | search | log in | login | sign in | sign up | register | my account | latest | latest news |
live | breaking | most read | most popular | trending | subscribe | share | share this | copy link | link | print |
save | listen |
email | facebook | twitter | whatsapp | telegram | instagram | linkedin | youtube | tiktok | reddit | x | vk | tg |
viber | ok | pinterest | messenger | threads | bluesky | rss | advertisement | advertising | ad | sponsored |
promoted |
watch | watch video | play video | video | videos | photo | photos | gallery | image | images | caption | reply |
like | cookies |
accept | accept all | reject | reject all | decline | manage preferences | privacy | terms | contact | contact us |
about | about us |
careers | jobs | help | back to top | close | open | more | show more | load more | view all | see all | yes | no |
next | previous |
summary | companies | category | topics | follow | corrections | skip to content | skip to main content |
menú | inicio | portada | buscar | iniciar sesión | regístrate | suscríbete | suscribirse | compartir | comparte |
copiar enlace | imprimir | guardar | escuchar | publicidad | anuncio | patrocinado | ver vídeo | ver video | vídeo |
vídeos |
galería | responder | normas | aceptar | rechazar | aviso legal | privacidad | contacto | quiénes somos |
última hora |
lo último | lo más leído | más noticias | directo | en directo | en vivo | ver más | ver todos | apóyanos |
início | capa | pesquisar | entrar | assine | assinar | compartilhe | compartilhar | partilhar | copiar link | ouvir |
publicidade | continua após a publicidade | anúncio | ver mais | leia mais | aceitar | rejeitar | contato | contacto |
quem somos |
últimas | mais lidas | ao vivo |
accueil | rechercher | connexion | se connecter | s'identifier | s'inscrire | s'abonner | je m'abonne | abonnez-vous |
partager | copier le lien |
imprimer | enregistrer | écouter | publicité | annonce | voir la vidéo | vidéo | vidéos | répondre | accepter |
refuser |
tout accepter | continuer sans accepter | mentions légales | confidentialité | plan du site | nous contacter |
en direct |
les plus lus | lire plus | voir plus | lire la suite | newsletter | newsletters |
cerca | accedi | registrati | abbonati | condividi | copia link | stampa | salva | ascolta | pubblicità | annuncio |
guarda il video | rispondi | accetta | rifiuta | note legali | contatti | chi siamo | ultime notizie | ultim'ora |
i più letti |
più letti | in diretta | leggi tutto | mostra altro |
startseite | suche | suchen | anmelden | einloggen | registrieren | abo | abonnieren | abo abschließen | teilen |
link kopieren | drucken | merken | vorlesen |
anhören | anzeige | werbung | zum video | antworten | akzeptieren | alle akzeptieren | ablehnen | einstellungen |
impressum | datenschutz |
datenschutzerklärung | agb | kontakt | über uns | meistgelesen | neueste | eilmeldung | liveticker | mehr |
mehr anzeigen | e-mail | schließen |
strona główna | szukaj | wyszukaj | zaloguj | zaloguj się | zarejestruj | subskrybuj | prenumerata | udostępnij |
kopiuj link | drukuj | zapisz | posłuchaj |
reklama | zobacz wideo | wideo | odpowiedz | akceptuję | odrzuć | regulamin | polityka prywatności | kontakt | o nas |
najnowsze | najpopularniejsze | najczęściej czytane | na żywo | więcej | zobacz więcej |
меню | главная | главное | поиск | вход | войти | регистрация | подписаться | подписка | поделиться |
скопировать ссылку | печать |
распечатать | сохранить | слушать | реклама | видео | фото | смотреть видео | ответить | принять | отклонить |
контакты | о нас |
о проекте | редакция | вакансии | последние новости | срочно | лента новостей | самое читаемое | популярное |
прямой эфир |
ещё | еще | показать ещё | поддержать | вконтакте | одноклассники | дзен |
головна | пошук | увійти | вхід | реєстрація | підписатися | підписатись | підписка | поділитися | поділитись |
поширити | скопіювати посилання | друк |
зберегти | слухати | реклама | відео | фото | дивитися відео | відповісти | прийняти | відхилити | контакти |
про нас | про проєкт |
редакція | вакансії | останні новини | терміново | стрічка новин | найпопулярніше | популярне | наживо | ще | більше |
показати ще | підтримати |
"""
"""A line that is one of these and nothing else, or begins a line of links."""

RELATED = """
read also | read more | read next | also read | see also | related | more on this | more on this story | more from |
more stories | more news | recommended | you may also like |
suggested topics | related topics | related news | related articles | related stories | top stories | most read |
most popular | don't miss | must read | partner content | sponsored content | explore more |
lee también | leer también | le puede interesar | te puede interesar | más información | relacionad* |
noticias relacionadas | sigue leyendo | también en |
artículos relacionados | te recomendamos | archivado en | más en | noticia relacionada | escuch* también |
mira también | mirá también | le* también | más leídas | lo más leído | lo más visto |
leia também | leia mais | veja também | saiba mais | relacionad* | notícias relacionadas | mais sobre |
continue lendo | recomendad* | mais lidas |
lire aussi | à lire aussi | à lire | voir aussi | sur le même sujet | sur le même thème | articles liés |
à découvrir | pour aller plus loin | nos articles | les autres articles | les plus lus | contenus sponsorisés |
leggi anche | vedi anche | leggi tutto | articoli correlati | correlati | potrebbe interessarti |
ti potrebbe interessare | altre notizie | per approfondire | approfondimenti | approfondimento |
sullo stesso argomento | i più letti | più letti |
lesen sie auch | mehr zum thema | mehr aus | mehr von | auch interessant | das könnte sie auch interessieren |
das könnte dich auch interessieren | zum thema | weitere artikel | weitere meldungen | passend dazu | empfohlen* |
verwandte themen | meistgelesen | meistgelesene | redaktionelle empfehlungen |
czytaj także | czytaj też | czytaj również | czytaj więcej | zobacz także | zobacz też | zobacz również | polecamy |
powiązane | podobne artykuły | przeczytaj także | przeczytaj też | więcej na ten temat | więcej o |
najczęściej czytane | najpopularniejsze |
читайте также | читать также | читать далее | смотрите также | ещё по теме | еще по теме | по теме |
материалы по теме | другие новости | ещё в | еще в | рекомендуем | похожие | новости по теме |
вам может быть интересно | связанные | самое читаемое | популярное | новости партнёров | новости партнеров |
читайте також | дивіться також | ще за темою | за темою | матеріали за темою | інші новини | читати далі |
рекомендуємо | схожі | новини за темою | вас може зацікавити | пов'язані | найпопулярніше | популярне |
новини партнерів |
"""
"""What leads to other articles: inside an article it is passed over, after it nothing of it follows."""

CLOSING = """
comments | join the conversation | view comments | leave a comment | tags | tagged | topics | filed under |
about the author | authors | about this article | notes to editors | editor's note |
share this page | share this article | was this page useful | site index | sections | follow us | report a problem |
report an error | copyright | all rights reserved |
reporting by | additional reporting by | edited by | editing by | our standards | contact us | get in touch |
sign up for email updates |
comentarios | deja un comentario | etiquetas | temas | sobre el autor | autores | sobre la autora | síguenos |
viste un error | con información de | clasificación general |
comentários | deixe seu comentário | tópicos | sobre o autor | sobre a autora | siga-nos | com informações de |
edição de |
commentaires | réagir | réagissez | mots-clés | thèmes | sujets | à propos de l'auteur | auteurs | suivez-nous |
signaler une erreur | avec afp | rédigé par |
commenti | lascia un commento | tag | argomenti | temi | sull'autore | autori | l'autore | seguici |
riproduzione riservata | segnala un errore |
kommentare | kommentar schreiben | schlagwörter | schlagworte | themen | über den autor | über die autorin |
zum autor | autoren | zur autorin | zur person | folgen sie uns | fehler gefunden | fehler melden | quelle* |
redaktion |
komentarze | dodaj komentarz | skomentuj | tagi | tematy | o autorze | o autorce | autor | autorzy | źródł* |
obserwuj nas | zgłoś błąd | oprac |
комментари* | обсуждение | обсудить | теги | метки | темы | тэги | об авторе | автор | авторы | источник* |
подписывайтесь | нашли ошибку | заметили ошибку | подготовил* |
коментар* | обговорення | теги | мітки | теми | про автора | про авторку | автор | автори | джерел* | підписуйтесь |
знайшли помилку | помітили помилку | підготував | підготувала |
"""
"""What begins a section that no part of the article follows, when the article has been before."""

THANKS = """
reporting by | contributed to this | contributed reporting | contributed to this report | editing by | writing by |
compiled by |
con información de | con informaciones de | com informações de | com agências | com informações da | avec afp |
avec agences |
avec reuters | con agenzie | mit material von | mit agenturmaterial | mit informationen von | na podstawie | źródło |
по материалам | при участии | с использованием материалов | за матеріалами | за участі
"""
"""Near the start of a short line, they thank those who helped: the article has ended."""
