# Textos de las páginas públicas.

## On every page

skip = Ir al texto
nav-label = Páginas
nav-start = Inicio
nav-scope = Qué denunciar
nav-reward = Recompensas
nav-safety = Protegerse
nav-keys = Claves
nav-books = Cuentas abiertas
nav-help = Cómo informar
nav-languages = Idiomas
footer = Este sitio no usa cookies, no carga nada de otros sitios y no guarda registro de quién lo visita.
footer-charter = Carta, versión { $version }
knows-title = Qué puede saber el programa y qué no
yes = sí
no = no

## Start

landing-title = Informar de una infracción con confianza
landing-what =
    Aquí puede informar a este programa de una infracción de las normas sobre inteligencia artificial. No da su nombre.
    Podrá volver más tarde a leer las respuestas y recibir una recompensa sin decir quién es.
landing-warning =
    No abra este sitio desde un equipo o una red de su empresa. Use el navegador Tor en su propio dispositivo.
landing-notice-title = Su situación jurídica
landing-notice-by = En palabras del propio programa, firmadas en su carta:
landing-notice-none =
    El programa aún no ha publicado su carta. Aquí figurará la información sobre su situación jurídica. Espere hasta
    entonces para informar.
landing-who-title = Quién le escucha
landing-who =
    Solo las personas con la indicación «recibe informes» pueden abrir lo que usted envía. Este servidor no puede.
landing-who-none = Nadie todavía: falta la carta.
role-intake = recibe informes
role-triager = los clasifica
role-investigator = investiga
role-adjudicator = decide
role-administrator = administra las recompensas y no lee ningún informe
landing-ways-title = Lo que puede hacer aquí
landing-way-tip = Presentar un informe
landing-way-return = Volver con sus doce palabras
landing-way-help = Todas las formas de informar, también sin scripts
landing-way-safety = Lea primero cómo protegerse
landing-knows-server =
    Todo lo que envía se sella en su dispositivo. Este servidor no puede leerlo y no sabe quién lo envió. Sí ve que
    alguien está aquí ahora y cuánto se envía; y puede reconocer que las visitas con las mismas doce palabras van
    juntas.
landing-knows-account = No hay cuenta. Doce palabras son su única llave. Nadie puede recuperarlas por usted.
landing-knows-officers =
    Las personas encargadas leen lo que usted escribe y ven sus archivos. Si el texto o los archivos muestran quién es
    usted, lo saben.
landing-knows-reward =
    Una recompensa se paga con fichas ciegas: quien paga no puede ver a qué informe corresponden. Eso sí, una cuenta
    bancaria tiene un nombre.

## What to report

scope-intro =
    Estos son los ámbitos de los que se ocupa este programa, tal como los fija su carta. Elija el más cercano; si duda,
    dígalo en su informe.
scope-none = La carta aún no nombra ningún ámbito. Vuelva cuando el programa la haya publicado.
scope-classes = Qué se considera infracción
scope-evidence = Qué ayuda
scope-thresholds = Umbrales
scope-value = Valor
scope-published = Publicado
scope-effective = En vigor desde
scope-source = Fuente
scope-verified = Cotejado con la fuente
scope-no-retroaction = Un umbral nunca se aplica a días anteriores a su entrada en vigor.
scope-pack = Reglas { $id }, versión { $version }. Huella del archivo:
scope-knows = Esta página es igual para todos: leerla no revela al servidor qué ámbito le interesa.
scope-check =
    Una comprobación automática compara las cifras de un informe con estas reglas. Responde «coherente», «incoherente» o
    «indeterminado», nunca «probado». Deciden las personas.

## Rewards

reward-intro =
    Una recompensa la deciden dos personas cuando se ha comprobado que un informe es cierto. Estas son las fórmulas a
    las que están obligadas.
reward-none = La carta aún no nombra ninguna política de recompensas, así que aquí no se puede prometer nada.
reward-policy = Política { $id }, versión { $version }
reward-policy-titled = { $title }, versión { $version } ({ $id })
policy-eu-pilot = Piloto europeo
policy-sec-like = Según las reglas de la SEC (Estados Unidos)
policy-irs-like = Según las reglas del IRS (Estados Unidos)
policy-hmrc-like = Según las reglas de HMRC (Reino Unido)
reward-sanction =
    Parte de una multa: { $base } de lo recaudado, si supera { $above }. Cada motivo para subirla o bajarla la mueve
    { $step }; se mantiene entre { $floor } y { $ceiling }. La parte causada por usted no cuenta.
reward-full = Si la parte más alta no pasa de { $limit } y nada la reduce, se paga la parte más alta.
reward-compute =
    Por un entrenamiento oculto: { $base } justo por encima del umbral, con crecimiento lento según su tamaño, como
    máximo { $factor } veces esa cantidad. La estimación cuenta un { $tolerance } menos, por si es errónea.
reward-harm =
    Por un daño: { $h1 } si es leve, { $h2 } si es serio, { $h3 } si es grave, { $h4 } si es catastrófico; el { $near }
    de eso si estuvo a punto de ocurrir, el { $latent } si pudo haber ocurrido.
reward-larger = Se paga la parte de la multa, o bien el entrenamiento y el daño juntos, lo que sea más.
reward-cap = Ningún caso recibe más del { $cap } del presupuesto de { $budget }, ni más de lo que quede de él.
reward-ceiling = Ningún caso recibe más de { $ceiling }.
reward-source = Origen de las cifras: { $source }
reward-unverified = Nadie ha cotejado aún estas cifras con su fuente.
reward-examples = Ejemplos calculados
reward-example-fine = Se cobró una multa de { $fine } y nada sube ni baja la parte:
reward-example-lowered = La misma multa con un motivo para bajar la parte:
reward-example-run = Un entrenamiento oculto de { $flop } operaciones sobre un umbral de { $threshold }:
reward-example-harm = Un daño serio que estuvo a punto de ocurrir:
reward-calculator = Calculadora
reward-calculator-warning =
    El formulario envía estas cifras a este servidor, que calcula, responde y las olvida: no se anota nada. Quien
    controlara el servidor en secreto podría leerlas mientras calcula. Si las cifras exactas pueden señalarle a usted,
    use cifras redondas o haga la cuenta en papel. Todas las respuestas tienen el mismo tamaño.
calc-policy = Política
calc-collected = Multa cobrada
calc-own = Parte causada por usted
calc-up = Motivos para subir la parte (0 a 9)
calc-down = Motivos para bajar la parte (0 a 9)
calc-flop = Operaciones de un entrenamiento oculto, por ejemplo 3e25
calc-threshold = Umbral entonces en vigor, por ejemplo 1e25
calc-harm = Daño
calc-harm-none = ninguno
calc-harm-h1 = leve
calc-harm-h2 = serio
calc-harm-h3 = grave
calc-harm-h4 = catastrófico
calc-happened = Hasta dónde llegó
calc-happened-realised = ocurrió
calc-happened-near-miss = estuvo a punto de ocurrir
calc-happened-latent = pudo haber ocurrido
calc-go = Calcular
calc-result = Resultado
calc-amount = Según { $id }, resultan { $amount }.
calc-parts = Parte de la multa { $a1 }; entrenamiento oculto { $a2 }; daño { $a3 }.
calc-caution = Se supone que todo el presupuesto sigue disponible. Es un cálculo, no una promesa.
calc-read = Leído así: multa { $collected }, parte causada por usted { $own }.
calc-misread = { $field }: { $why } No se ha guardado nada.
calc-error =
    Estas cifras no sirven: escriba números enteros, y las operaciones como 3e25. Su propia parte no puede superar la
    multa. No se ha guardado nada.
reward-knows =
    El importe de cada recompensa es público, bajo un nombre aleatorio (véase «Cuentas abiertas»). A quién se pagó no lo
    es. Si pocas personas saben cuánto valía un caso, pueden adivinar qué recompensa le corresponde.

## Staying safe

safe-intro =
    El software oculta su dirección y sus palabras. No puede ocultar lo que solo usted podía saber. Esto es lo que ha
    delatado a otras personas.
safe-where-title = Desde dónde informa
safe-where-device =
    Nunca un dispositivo de su empresa, ni el suyo si la empresa le ha instalado software: puede grabar la pantalla y
    cada tecla.
safe-where-crowd =
    Tor oculta lo que hace, no que lo usa. En 2013 localizaron a un estudiante de Harvard porque era una de las
    poquísimas personas que usaban Tor en la red de la universidad en ese momento. Use una red grande que no tenga que
    ver con su trabajo, en un momento que no apunte a usted.
safe-where-time = No durante una reunión sobre el asunto ni justo después de abrir los documentos.
safe-where-system = Lo mejor es un ordenador que arranque con un sistema «live» como Tails y lo olvide todo al apagarse.
safe-words-title = Sus palabras
safe-words-style =
    Personas y programas reconocen a un autor por su estilo. En un estudio, los modelos de lenguaje encontraron a dos de
    cada tres autores y acertaron nueve de cada diez veces (arXiv 2602.16800). Escriba frases cortas y sencillas. Evite
    palabras favoritas, bromas y anécdotas. Prefiera las preguntas estructuradas al texto libre.
safe-words-circle =
    Antes de mencionar un hecho, cuente quién lo sabía. Cuanto menor es el círculo, más cercana es la búsqueda.
safe-files-title = Sus archivos
safe-files-copies =
    Pregúntese primero: ¿cuántas personas recibieron exactamente esta versión? Algunas organizaciones dan a cada lector
    una copia con otras palabras, espacios o comas. Nada puede quitarlo. Con menos de diez lectores, no envíe el
    documento: cuente los hechos con sus propias palabras, sencillas.
safe-files-print =
    El papel de una impresora en color puede llevar puntos diminutos que identifican la impresora y la hora. Un escaneo
    o una foto los conserva.
safe-files-meta =
    Una foto puede contener el lugar, la hora y el número de la cámara (EXIF); los archivos de oficina y los PDF, el
    nombre del autor. Los archivos se envían tal cual para que sirvan de prueba: mire antes sus propiedades.
safe-after-title = Después
safe-after-words =
    Guarde las doce palabras donde su empresa no pueda mirar, mejor en la memoria. Quien las encuentre puede leer lo no
    leído, responder en su lugar y quedarse con la recompensa.
safe-after-talk = No se lo cuente a nadie y no busque noticias sobre su propio informe.
safe-after-law = Si puede, hable antes con un abogado o un sindicato, desde otro dispositivo.
safe-knows = Este servidor sabe que alguien lee estas páginas, pero no quién. Son iguales para todos.

## Keys

keys-intro =
    Todo lo que envía se sella para personas que el programa nombra en su carta, y la carta está firmada con la clave
    raíz. Si alguien le pusiera delante un servidor falso, su clave raíz sería otra.
keys-how-title = Cómo comparar
keys-how-elsewhere =
    Busque la clave raíz en un lugar que este servidor no controle: impresa, en un sindicato, en un periódico, en otro
    sitio.
keys-how-all = Compare todos los grupos, no solo el primero y el último.
keys-how-differ = Si alguno difiere, no use este sitio y avise al programa por otra vía.
keys-root = Clave raíz, que firma la carta
keys-log = Clave del registro público
keys-people-title = Las claves de las personas
keys-charter-title = La carta
keys-charter = Léala tal como fue firmada:
keys-charter-none = Aún no se ha publicado ninguna carta.
keys-charter-check = El programa la comprueba por usted:
keys-policies = Archivos a los que se compromete la carta, con su SHA-256:
keys-web-title = El código de la propia página
keys-web =
    Una página ejecuta el código que el servidor envía ese día. La carta nombra la huella de una lista, «web-assets»,
    con la huella de cada script. Para comprobarlo: guarde la lista y los scripts, calcule su SHA-256 y compárelos. Una
    página falsa para una sola persona es difícil de notar desde la propia página; el programa no tiene esa debilidad.
keys-web-none =
    Esta carta no nombra ninguna lista así, por lo que los scripts de este sitio no pueden compararse con nada. Use
    mejor el programa.
keys-knows =
    Quien tenga la clave raíz podría nombrar a personas falsas. Cada carta queda para siempre en el registro público: no
    podría ocultarse, pero podría ocurrir.

## Open books

books-intro =
    Estas sumas se hacen con documentos públicos, cada uno firmado por tantos administradores como diga la carta.
    Cualquiera puede repetirlas sin preguntar a nadie.
books-budget = Queda en el presupuesto
books-escrow = En depósito
books-issued = Emitido en fichas
books-redeemed = Canjeado
books-outstanding = En circulación
books-paid = Pagado y liquidado
books-findings =
    { $count ->
    [one] Hay algo en estos documentos que conviene mirar; «subrosa audit» dice qué.
   *[other] Hay { $count } cosas en estos documentos que conviene mirar; «subrosa audit» dice cuáles.
    }
books-clean = Las cuentas cuadran.
books-awards-title = Recompensas abiertas
books-awards =
    Cada una figura con un nombre aleatorio que no lleva a ningún caso. El dinero queda apartado hasta que se emitan sus
    fichas.
books-awards-none =
    Ahora no hay ninguna abierta. Es decir: ninguna recompensa espera sus fichas. No dice nada de los informes que se
    están investigando.
books-award-name = Nombre aleatorio
books-award-amount = Importe
books-log-title = El registro público
books-log-size = Entradas, con un relleno que oculta cuántas son reales:
books-log-none = El registro empieza cuando se cierra el primer periodo.
books-log-checkpoint = Último estado firmado
books-audit-title = Cómo comprobarlo
books-audit = No hace falta cuenta. Desde dos lugares que no tengan relación entre sí, ejecute:
books-knows =
    Estas cifras muestran lo pagado y nada sobre quién informó. Para esta página suma el servidor, y podría mostrar
    cifras falsas: el programa no se fía de él y comprueba cada firma.

## How to report

help-intro =
    Hay tres formas. Todas sellan lo que escribe antes de que salga de su dispositivo. Elija la primera que pueda usar.
help-program-title = 1. El programa
help-program = La forma más segura, porque su código no llega cada vez del servidor. Funciona sin scripts.
help-downloads = Desde este servidor:
help-downloads-none = Este servidor no ofrece el programa. Obténgalo donde lo publique el canal.
help-downloads-check = Compruebe la firma antes de ejecutarlo, con una clave encontrada en otro lugar:
help-downloads-unsigned =
    Estos archivos no llevan firma. Una suma de comprobación del mismo servidor protege de accidentes, no de un servidor
    falso.
help-downloads-sums = Después compare la suma de comprobación:
help-program-new = Empezar un informe:
help-program-words = Muestra doce palabras una sola vez. Anótelas y guárdelas donde nadie las encuentre.
help-program-return = Leer las respuestas más tarde, desde cualquier dispositivo, solo con las doce palabras:
help-program-burn =
    En cuanto confirme que ha leído una respuesta, se destruye y no podrá abrirse nunca más, ni siquiera con sus
    palabras.
help-page-title = 2. Este sitio en el navegador Tor
help-page =
    Funciona en los niveles Standard y Safer, porque necesita scripts. Usted confía en que el servidor le envía el
    código correcto.
help-page-none = Este servidor no lo ofrece.
help-age-title = 3. Sin scripts (Safest), con age
help-age =
    Cifre en su propio equipo con el pequeño programa age y luego pegue o suba el resultado. Recibe un código de recibo,
    pero por esta vía sola no hay conversación ni recompensa.
help-age-link = A la entrada sellada
help-limits-title = Lo que esto no puede hacer
help-limits-words = Si pierde las doce palabras, nadie podrá devolverle su informe ni su recompensa.
help-limits-content = No puede ocultar quién es usted si el texto o los archivos lo muestran.
help-limits-machine = No puede proteger un dispositivo que controla otra persona.

## The sealed intake

sealed-title = La entrada sellada
sealed-intro =
    Para quienes usan un navegador sin scripts. Usted cifra en su propio equipo; esta página recibe el resultado y no
    puede leerlo. Nunca escriba aquí su informe sin cifrar.
sealed-closed = Este servidor no tiene entrada sellada, o la carta no nombra destinatarios para ella. Use el programa.
sealed-recipients-title = 1. Obtenga los destinatarios
sealed-recipients-pq =
    Destinatarios para age 1.3 o posterior. Lo sellado para ellos permanece cerrado incluso ante un ordenador cuántico:
sealed-recipients-classic =
    Destinatarios para versiones anteriores de age, como la 1.1 de Debian. Quien lo grabe hoy podría abrirlo con un
    futuro ordenador cuántico:
sealed-recipients-check =
    La carta se compromete con estos destinatarios bajo este SHA-256; compárelo con la carta que muestra el programa:
sealed-encrypt-title = 2. Cifre en su propio equipo
sealed-encrypt =
    Escriba en un archivo, sin su nombre, en un equipo que sea suyo. Si son varios archivos, reúnalos antes en uno
    comprimido. Después:
sealed-encrypt-old = o, con un age anterior:
sealed-send-title = 3. Envíe el resultado
sealed-paste = Pegue todo el texto, de BEGIN a END
sealed-upload = o elija el archivo cifrado ({ $size } MB como máximo)
sealed-go = Enviar
sealed-knows-server =
    El servidor ve cuándo llega algo, su longitud y para qué tipo de destinatario está sellado; no lo que dice ni quién
    es usted. Lo guarda, tal como usted lo selló, hasta que la entrada lo haya pasado; hasta entonces su disco puede
    mostrar la hora.
sealed-knows-recipient =
    El servidor no puede comprobar que usted usó los destinatarios correctos. Si eran otros, nadie aquí podrá abrirlo
    jamás.
sealed-knows-officer =
    Quien robe las claves y la contraseña de una persona encargada puede abrir todo lo que se haya enviado y grabado por
    esta vía. Las otras dos se cierran tras de sí.
sealed-knows-answer =
    No hay forma de responderle ni de pagarle. Si quiere alguna de las dos cosas, informe también con el programa y cite
    el código de recibo.
received-title = Recibido
received-text =
    Está guardado, sellado tal como lo envió. La entrada lo pasa a las personas encargadas y destruye la copia de este
    servidor.
received-code = Su código de recibo, que solo se muestra ahora:
received-use =
    No abre nada. Le permite demostrar más tarde que esto era suyo. Quien lo tenga puede afirmar lo mismo: guárdelo como
    guardaría las doce palabras, o no lo guarde.
received-classic = Usó un destinatario que un futuro ordenador cuántico podría romper.
failed-back = A la primera página
failed-missing-title = Aquí no hay nada
failed-missing =
    En esta dirección no hay nada, o ya no lo hay. Puede estar mal escrita. No se ha guardado nada.
failed-unfit-title = No ha funcionado
failed-unfit =
    Esta dirección no acepta lo que envió su navegador. No se ha guardado nada. Empiece de nuevo desde la primera
    página.
failed-busy-title = El servidor está ocupado
failed-busy =
    En este momento hay demasiado en curso. No se ha guardado nada. Inténtelo de nuevo dentro de un minuto.
failed-broken-title = El servidor tiene una avería
failed-broken =
    El servidor no puede guardar o leer esto ahora. Lo que se aceptó antes se conserva. Inténtelo más tarde.
refused-title = No recibido
refused-nothing = No se ha guardado nada.
refused-back = Volver al formulario
refused-empty = El formulario estaba vacío: pegue el texto o elija un archivo, no ambos.
refused-not-age =
    Esto no es un archivo age completo. Si lo pegó, tome todo desde la línea BEGIN hasta la línea END. Si era su informe
    sin cifrar: ha cruzado la red hasta este servidor. El servidor ha leído el principio, no ha guardado nada y ha
    borrado lo que ha podido; una parte puede quedar en su memoria hasta que esta vuelva a usarse. Cífrelo antes de
    enviarlo de nuevo.
refused-passphrase =
    Este archivo está bloqueado con una contraseña que las personas encargadas no tienen: cífrelo para los destinatarios
    indicados.
refused-other =
    Este archivo está sellado para otro tipo de clave, como una clave SSH. Cífrelo para los destinatarios de esta
    página.
refused-too-long = Es más largo de lo que acepta la entrada. Envíe menos o use el programa, que acepta archivos grandes.
refused-broken = La transferencia se interrumpió o no era un formulario. Inténtelo de nuevo.
refused-busy = Demasiadas personas envían en este momento. Inténtelo de nuevo en unos minutos.
refused-full = No hay espacio en este momento. Inténtelo más tarde o use el programa.
