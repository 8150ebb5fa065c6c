# Textos de las páginas públicas. Un mensaje por línea; las líneas sangradas lo continúan.
skip = Ir al texto
nav-label = Páginas
nav-start = Inicio
nav-help = Ayuda
nav-languages = Idiomas
footer = Este sitio no usa cookies, no carga nada de otros sitios y no guarda registro de quién lo visita.
footer-charter = Carta, versión { $version }

landing-title = Informar de una infracción con confianza
landing-what = Aquí puede informar a este programa de una infracción de las normas sobre inteligencia artificial. No da su
    nombre. Podrá volver más tarde a leer las respuestas y recibir una recompensa sin decir quién es.
landing-warning = No abra este sitio desde un equipo o una red de su empresa. Use el navegador Tor en su propio
    dispositivo.
landing-promise-title = Con qué puede contar
landing-promise-server = Todo lo que envía se sella en su dispositivo. Este servidor no puede leerlo y no sabe quién lo envió.
landing-promise-account = No hay cuenta. Doce palabras son su única llave. Nadie puede recuperarlas por usted.
landing-promise-reward = Si se concede una recompensa, se paga con fichas ciegas: quien paga no puede ver a qué informe corresponden.
landing-submit-title = Cómo informar
landing-submit = Se informa con un pequeño programa en su propio dispositivo.
landing-submit-link = Lea cómo se hace
landing-notice-title = Su situación jurídica
landing-notice-none = El programa aún no ha publicado su carta. Aquí figurará la información sobre su situación jurídica. Espere hasta entonces para informar.
landing-keys-title = Claves para comparar
landing-keys = Compare estas claves con las que el programa ha publicado en otro lugar, por ejemplo en papel. Si la clave raíz es distinta, no use este sitio.
landing-key-root = Clave raíz, que firma la carta
landing-key-log = Clave del registro público

help-title = Ayuda
help-before-title = Antes de empezar
help-before-place = Elija un lugar y un dispositivo que su empresa no controle.
help-before-tor = Conéctese a través de Tor. Sin él, la red ve que usted habla con este servidor.
help-before-files = Los archivos pueden contener nombres, marcas de impresora y lugares. Envíe solo lo necesario y piense quién más tenía el mismo archivo.
help-submit-title = Presentar un informe
help-submit-get = Obtenga el programa de las publicaciones del propio canal y compruebe su firma.
help-submit-compare = Compare la clave raíz que muestra con la que encontró en otro lugar.
help-submit-new = Empiece un informe:
help-submit-words = Anote las doce palabras que muestra y guárdelas donde nadie las encuentre. No se mostrarán de nuevo.
help-return-title = Volver
help-return = Lea las respuestas, desde cualquier dispositivo, solo con sus doce palabras:
help-return-burn = En cuanto confirme que ha leído una respuesta, se destruye y no podrá abrirse nunca más, ni siquiera con sus palabras.
help-limits-title = Lo que esto no puede hacer
help-limits-words = Si pierde las doce palabras, nadie podrá devolverle su informe ni su recompensa.
help-limits-content = No puede ocultar quién es usted si el texto o los archivos lo muestran.
help-limits-machine = No puede proteger un dispositivo que controla otra persona.
