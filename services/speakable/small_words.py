"""The letters and the small words by which one language is told from its neighbours."""

from __future__ import annotations

CYRILLIC_LETTERS = {"ru": "ыэё", "uk": "іїєґ"}
DECISIVE = {"be": "ў", "sr": "ђћџљњј", "kk": "қғәөұүһң"}
"""Letters that only this language has, among those with letters of its neighbours."""

LATIN_LETTERS = {
    "de": "ß",
    "es": "ñ",
    "pl": "łążźśćń",
    "pt": "ãõ",
    "tr": "ğışİ",
    "cs": "ěřů",
    "fr": "œêù",
    "sv": "å",
}

CYRILLIC_WORDS = {
    "ru": "и что не это как они она он его её их мы вы если когда только или чтобы для есть был"
    " была было были был будет можно нужно надо очень так тоже где кто чем при из со ещё уже все"
    " всё вас нас меня тебя мне привет спасибо пожалуйста да нет хорошо здравствуйте после перед"
    " может который которая которые которое также сейчас конечно",
    "uk": "що не це як вони вона він його її їх ми ви якщо коли тільки або щоб для є був була"
    " було були буде можна треба потрібно дуже так теж де хто чим при із ще вже всі все вас нас"
    " мене тебе мені привіт дякую прошу ні добре після перед може який яка які яке також зараз"
    " звичайно й чи бо але від ти цей ця це",
    "bg": "е се това ще са като няма много аз ти ние вие но със във",
}
LATIN_WORDS = {
    "en": "the a an and of to in is are was were be it this that you we they he she not for with"
    " on at by from as but or if have has had do does can will would your my his her their our"
    " what when how why who there here yes no hello hi thanks please sure let's don't i'm it's i"
    " me us all some more than then so just about into which",
    "de": "der die das und ist nicht ein eine ich du wir sie es mit auf für von zu den dem im auch"
    " wie aber oder wenn dass sind war haben kann ja nein danke bitte hallo",
    "fr": "le la les et est un une des je tu nous vous il elle ils pas pour avec dans sur que qui"
    " ce cette au aux du mais ou où bonjour merci oui non c'est",
    "es": "el la los las y es un una de en que no por con para se lo como pero más su sí hola"
    " gracias está son muy",
    "it": "il lo la gli e è un una di in che non per con si come ma più sono sì ciao grazie della"
    " del questo",
    "pt": "o a os as e é um uma de em que não por com para se como mas mais são sim olá obrigado"
    " está muito do da",
    "pl": "i w na z że się nie to jest do jak ale czy dla tak cześć dziękuję są po co",
    "nl": "de het een en is van ik je niet dat op te in voor met zijn ook maar hallo dank",
    "tr": "ve bir bu için ile da de ne çok var değil merhaba evet hayır ben sen",
    "cs": "a je na se že to v s není ale jak pro ano ne ahoj děkuji jsem",
    "sv": "och är att det en ett som på för med inte jag du vi hej tack av",
}
