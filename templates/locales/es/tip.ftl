# Las dos páginas que se ejecutan en el navegador: presentar una denuncia y volver a ella.
# Los mensajes que empiezan por app- son del programa de la página; este pone valores como { $done }.

nav-tip = Denunciar
nav-return = Volver
leave = Salir ya
leave-key = Para salir enseguida y borrar esta página: «Salir ya» arriba, o dos veces, rápido, la tecla Escape.
leave-title = Página vacía
leave-text = Aquí no hay nada. Puede cerrar esta pestaña.
noscript-title = Los scripts están desactivados
noscript-tip =
    Esta página cifra su denuncia en su propio dispositivo. Sin scripts no puede. Aun así puede denunciar sin scripts:
    con un programa en su propio equipo o con cifrado age. La página de ayuda explica cómo.
noscript-return =
    Esta página abre sus mensajes en su propio dispositivo. Sin scripts no puede. El programa subrosa hace lo mismo: la
    página de ayuda explica cómo.
noscript-link = Ayuda: denunciar sin scripts
not-installed =
    En este servidor no está instalado el programa de la página. Puede denunciar con el programa subrosa: la página de
    ayuda explica cómo.
loading = Preparando el cifrado en su dispositivo … Ya puede empezar: no se envía nada antes de que esté listo.
notice-circuit =
    Una página no puede elegir su camino por Tor: todo lo que haga aquí hasta que pida una nueva identidad puede
    atribuirse al mismo visitante, aunque no a su nombre. El programa subrosa toma un camino nuevo para cada acto. En
    ambos casos el servidor puede reconocer que las visitas con las mismas palabras van juntas.

tip-title = Presentar una denuncia
tip-intro =
    Lo que escriba se cifra en este dispositivo y solo pueden abrirlo las personas instructoras que se nombran abajo. En
    este dispositivo no se guarda nada. No hay cuenta: recibirá doce palabras, y solo con ellas podrá volver.
tip-resume = Continuar una denuncia interrumpida
tip-resume-text =
    Si perdió esta página mientras subían archivos, escriba las doce palabras que recibió. Lo que llegó no se envía otra
    vez. Su texto no se guardó en ningún sitio: escríbalo de nuevo y elija los mismos archivos.
tip-resume-go = Continuar
tip-story = Su denuncia
tip-officers = La reciben:
tip-regime = ¿De qué se trata?
tip-regime-choose = Elija, por favor
tip-class = ¿Qué ocurrió?
tip-class-unsure = No lo sé con seguridad
tip-questions = Preguntas
tip-questions-hint = Responda lo que sepa. Deje lo demás en blanco.
tip-narrative = Cuente lo que ocurrió
tip-narrative-hint =
    Quién, qué, cuándo, dónde y cómo lo sabe. Las frases cortas y sencillas son las más seguras: el estilo puede delatar
    a una persona. Diga cuánta gente lo sabía. Caben unos 25.000 caracteres; ponga un texto más largo en un archivo.
tip-words = Sus doce palabras
tip-words-why =
    Escriba estas palabras en papel, en este orden. Solo con ellas podrá volver a esta denuncia, a las respuestas y a
    una recompensa. Se muestran una sola vez. Nadie puede dárselas de nuevo, ni siquiera las personas instructoras.
tip-words-written = Ya las he apuntado
tip-words-check = Escriba ahora las doce palabras de su papel
tip-words-check-hint = Las mayúsculas y los números no importan.
tip-words-again = Mostrar otra vez las palabras
tip-files = Archivos
tip-files-text =
    Si tiene documentos, añádalos aquí. Suben cifrados, en partes iguales, antes que la propia denuncia. Si se corta la
    conexión, la subida continúa sola; si se pierde la página, continúa con sus doce palabras.
tip-files-warning =
    Un archivo llega exactamente como es, con todo lo que esconde: nombres, horas, lugares, marcas de impresora o una
    redacción hecha solo para su ejemplar. Si eso pudiera llevar hasta usted, describa mejor el documento.
tip-files-choose = Elegir archivos
tip-files-drop = o soltarlos aquí
tip-files-list = Archivos elegidos
tip-review = Revisar y enviar
tip-review-text = Esto es lo que leerán las personas instructoras.
tip-send = Enviar la denuncia
tip-done = Su denuncia ha llegado
tip-done-text =
    El servidor ha firmado la recepción. Las personas instructoras la verán en unos minutos. La ley les obliga a
    confirmarla en 7 días y a decir, en los 3 meses siguientes, qué han hecho. Vuelva con sus doce palabras, mejor a
    horas irregulares.
tip-receipt = Guardar el recibo
tip-receipt-text =
    El recibo prueba que usted presentó algo y cuándo. De él no se puede leer su denuncia, pero quien lo encuentre en su
    dispositivo sabrá que denunció. Guárdelo solo donde sea seguro.
tip-done-leave = Salir y borrar esta página
continue = Continuar
back = Atrás

return-title = Volver a su denuncia
return-intro = Escriba sus doce palabras. Nunca salen de este dispositivo.
return-words = Sus doce palabras
return-go = Abrir
return-status = Cómo va su denuncia
return-messages = Mensajes
return-none = Nada nuevo. Las respuestas pueden tardar días; vuelva de vez en cuando, a horas irregulares.
return-burn = Lo he leído todo: destruir
return-burn-text =
    Nadie podrá abrir los mensajes destruidos, ni siquiera con sus palabras. Hágalo en cuanto haya leído y guardado lo
    que necesita: hasta entonces, quien encuentre sus palabras también puede leerlos. Hágalo también cuando no haya nada
    nuevo: así su visita pide al servidor tanto como una que encontró algo.
return-burn-sure = ¿Destruir estos mensajes para siempre?
return-reply = Responder
return-reply-label = Su mensaje a las personas instructoras
return-send = Enviar
return-more = Otros pasos
return-withdraw = Retirar la denuncia
return-withdraw-sure = ¿Retirar la denuncia? Se dirá a las personas instructoras que usted la retiró.
return-consent = Permitir que se transmita a una autoridad
return-consent-sure =
    ¿Permitir a las personas instructoras transmitir su denuncia a una autoridad? Sin su consentimiento solo pueden
    hacerlo si una ley las obliga. No podrá deshacerlo.
return-reopen = Pedir que se reabra el caso
return-reopen-sure =
    ¿Pedir a las personas instructoras que reabran el caso cerrado? Deciden dos de ellas. Si ha encontrado algo nuevo,
    escríbaselo primero.
return-claim = Reclamar la recompensa
return-claim-text = Cuando la recompensa pueda reclamarse, diga aquí que la reclama.
return-accept = Aceptar un importe propuesto
return-accept-amount = El importe, en euros
return-contest = No aceptar la recompensa propuesta
return-contest-sure = ¿Decir a las personas instructoras que no está de acuerdo? Decidirá un comité.
return-award = Su recompensa
return-request = 1. Pedirla en fichas
return-request-text =
    Las personas administradoras firman números que no pueden ver, para que después nadie pueda decir de quién son las
    fichas.
return-collect = 2. Recoger las firmas
return-collect-text = Hace falta un día o más hasta que firmen todas las personas de este período.
return-tokens = Guardar el archivo de fichas
return-tokens-text =
    Quien tenga este archivo tiene el dinero. O deje las fichas donde están: sus palabras las encuentran de nuevo.
return-redeem-link = 3. Cobrarlas sin darse a conocer
redeem-title = Cobrar fichas
redeem-intro =
    Aquí nadie sabe quién es usted: no se piden palabras y no se toca nada de su denuncia. Espere días después de
    recoger las fichas. Luego pida primero una nueva identidad en el navegador Tor y use solo esta parte de la página.
redeem-file = Su archivo de fichas
redeem-crowd = Entre cuántas se esconden las fichas
redeem-crowd-text =
    El número dice de cuántas recompensas de este periodo puede venir una ficha de este valor. Un número pequeño le
    esconde mal: es mejor esperar a que crezca. Varias fichas cobradas juntas pueden venir de menos recompensas que cada
    una por separado; por eso, no cobre nunca todo a la vez.
redeem-value = Valor
redeem-number = Recompensas de las que puede venir
redeem-choose = Elegir
redeem-rail = Cómo se paga
redeem-send = Cobrar las fichas elegidas
redeem-done =
    Enviado. Las personas administradoras comprueban las fichas y pagan. Nada de ello le nombra a usted ni a su
    denuncia.

app-rail-sepa = Transferencia SEPA
app-rail-sepa-payee = Quién cobra
app-rail-sepa-payee-hint =
    Normalmente, la cuenta de clientes de su abogado o abogada. El banco y las personas administradoras ven este nombre.
app-rail-sepa-iban = IBAN
app-rail-sepa-bic = BIC, si el banco lo pide
app-rail-sepa-country = País de quien cobra, dos letras
app-rail-sepa-town = Ciudad de quien cobra
app-rail-sepa-reference = Texto en el extracto del banco
app-rail-sepa-reference-preset = Cuenta de clientes

app-step = Paso { $done } de { $all }
app-working = Un momento …
app-yes = Sí
app-no = No
app-clock =
    El reloj de este dispositivo se desvía unas { $hours } horas. No se pierde nada, pero las fechas que se muestran
    pueden ser falsas. Póngalo en hora, por favor.
    .hours-one =
        El reloj de este dispositivo se desvía alrededor de una hora. No se pierde nada, pero las fechas que se muestran
        pueden ser falsas. Póngalo en hora, por favor.
app-questions-arrived = Las preguntas sobre este tema acaban de llegar. Responda lo que sepa y continúe.
app-file-reading = Leyendo
app-file-sending = Subiendo: { $done } de { $all } partes
    .all-one = Subiendo: { $done } de una parte
app-file-done = Ha llegado, las { $all } partes
    .all-one = Ha llegado, en una parte
app-file-paused = En pausa en { $done } de { $all } partes
    .all-one = En pausa en { $done } de una parte
app-file-waiting = Se perdió la conexión. Se vuelve a intentar solo …
app-file-queued = Espera su turno
app-file-full =
    El servidor no tiene ahora sitio para archivos. Lo que llegó se queda allí un tiempo; inténtelo más tarde o envíe la
    denuncia sin este archivo.
app-pause = Pausa
app-resume = Continuar
app-remove = No enviar
app-save = Guardar
app-progress = Avance de { $name }
app-files-open = Algunos archivos aún no han llegado. Espere, o no los envíe.
app-review-about = Asunto
app-review-class = Qué ocurrió
app-review-story = Sus palabras
app-review-files = Archivos
app-review-no-files = ninguno
app-resumed =
    Se encontró su subida anterior. Escriba de nuevo su denuncia y elija los mismos archivos; lo que llegó no se envía
    otra vez.
app-filed-before =
    Esta denuncia está presentada: había llegado antes de que se perdiera la página. Use «Volver» con las mismas
    palabras para seguirla.
app-nothing-before = Con estas palabras no se envió nada. Puede empezar de nuevo.
app-fallback =
    Nota: a { $name } no le quedaban claves nuevas. Su primer mensaje a esta persona está menos protegido hasta que
    cambien sus claves.
app-words-differ = Son doce palabras válidas, pero no las que se mostraron. Compárelas con su papel, por favor.
app-sent = Enviado. El servidor ha firmado la recepción.
app-burnt = Destruidos. Nadie puede volver a abrir estos mensajes.
app-from = De { $name }
app-unreadable =
    { $count } mensajes no se pudieron abrir. Puede que hayan caducado, o que el servidor los retenga. Inténtelo más
    tarde.
    .count-one =
        Un mensaje no se pudo abrir. Puede que haya caducado, o que el servidor lo retenga. Inténtelo más tarde.
app-filed-on = Presentada el { $date }.
app-acknowledge-by = Las personas instructoras tienen que confirmar la recepción hasta el { $date }.
app-feedback-by =
    Tienen que decirle qué se ha hecho hasta el { $date } como muy tarde, o tres meses después de su confirmación si eso
    es antes.
app-award = Su recompensa es definitiva: { $amount }.
app-signed = Han firmado { $count } administradores hasta ahora.
    .count-one = Ha firmado un administrador hasta ahora.
app-not-yet = Tienen que firmar todas las de este período. Vuelva dentro de un día o más.
app-ordered = Su recompensa es pública: dos personas la ordenaron, y el dinero está apartado.
app-not-ordered =
    Ningún registro público dice todavía que su recompensa esté ordenada y el dinero apartado. Lo que anuncia una
    persona instructora no es por sí solo una recompensa.
app-tokens-ready = Han firmado todas las personas de este período. Sus fichas están listas.
app-requested = Pedida. Vuelva dentro de un día o más y recoja las firmas.
app-small = pocas: mejor esperar
app-redeemed = cobrada
app-state-received = Se ha recibido. Nadie ha decidido nada todavía.
app-state-triage = Se comprueba si entra en este programa.
app-state-needs-info = Las personas instructoras le han preguntado algo. Responda abajo, por favor.
app-state-accepted = Se ha admitido. Seguirá una investigación.
app-state-investigating = Se está investigando.
app-state-substantiated = Lo que denunció ha resultado cierto.
app-state-claim-open = Puede reclamar una recompensa.
app-state-award-proposed = Se ha propuesto una recompensa. Puede aceptarla o no.
app-state-contested = No aceptó la recompensa propuesta. Decide un comité.
app-state-award-final = La recompensa es definitiva.
app-state-paid = La recompensa se pagó en fichas.
app-state-closed = El caso está cerrado.
app-state-purged = El caso está cerrado y su contenido fue destruido.
app-state-referred = Se ha pasado a una autoridad.
app-state-other = Las personas instructoras dicen: { $name }

app-error-empty = Rellene esto, por favor.
app-error-own-words =
    Su texto contiene doce palabras secretas. Son solo para usted: quien las tiene puede responder
    en su nombre. Quítelas. Del texto no se ha enviado nada.
app-error-unreachable =
    No se puede llegar al servidor. No se ha perdido nada. Compruebe que Tor está conectado e inténtelo de nuevo.
app-error-not-arrived =
    La parte de esta página que cifra no ha llegado, o no es la que la página indica. No se ha enviado nada, y lo que
    escribió sigue aquí. Compruebe que Tor está conectado e inténtelo de nuevo. Si no cambia, no use esta página: en
    «Cómo informar» se describen otras vías.
app-error-garbled =
    El servidor respondió algo que no debería. Puede estar averiado, o alguien puede estar entre usted y él. No se ha
    enviado nada. Inténtelo más tarde.
app-error-full =
    El servidor está lleno en este momento. No se ha guardado nada. Lo que escribió sigue aquí; inténtelo más tarde.
app-error-busy = El servidor está ocupado. No se ha guardado nada. Inténtelo dentro de un minuto.
app-error-work = El servidor pidió más cálculo de lo esperado. No se ha guardado nada. Inténtelo de nuevo, por favor.
app-error-unavailable = El servidor no puede guardar ni leer nada ahora. No se ha perdido nada. Inténtelo más tarde.
app-error-refused = El servidor no lo ha aceptado. No se ha guardado nada. Recargue la página e inténtelo de nuevo.
app-error-conflict =
    Otra pestaña u otro dispositivo usa las mismas doce palabras y fue más rápido. No se ha perdido nada: su texto sigue
    aquí y no se ha enviado. Lea lo nuevo y envíelo otra vez.
app-error-arrived = Se cortó la conexión, pero su mensaje había llegado. No hace falta enviarlo otra vez.
app-error-working = Espere a que termine el paso anterior, por favor.
app-error-damaged = Algo en la respuesta está dañado. No se ha enviado nada. Recargue la página e inténtelo de nuevo.
app-error-no-charter =
    Este programa aún no ha publicado quiénes son sus personas instructoras. Hoy no se puede presentar nada.
app-error-charter =
    La lista de personas instructoras no está firmada con la clave que indica esta página. No envíe nada. Compare la
    huella de la primera página con el aviso impreso.
app-error-charter-format =
    La lista de personas instructoras está escrita para otra versión de esta página. No se ha enviado nada. Recargue la
    página. Si sigue así, el programa tiene que publicar la lista de nuevo.
app-error-charter-early =
    La lista de personas instructoras lleva una fecha futura. Compruebe el reloj de este dispositivo y recargue la
    página.
app-error-charter-late =
    La lista de personas instructoras ha caducado. Compruebe el reloj de este dispositivo. Si va bien, el programa tiene
    que publicar una nueva.
app-error-clock =
    El reloj de este dispositivo se desvía unas { $hours } horas, y por eso no se pueden comprobar las claves. No se ha
    enviado nada. Ponga el reloj en hora y recargue la página.
    .hours-one =
        El reloj de este dispositivo se desvía alrededor de una hora, y por eso no se pueden comprobar las claves. No se
        ha enviado nada. Ponga el reloj en hora y recargue la página.
app-error-policy-withheld =
    El servidor no entrega las preguntas que el programa ha firmado. No se ha enviado nada. Inténtelo más tarde.
app-error-policy-altered = Las preguntas de este servidor no son las que el programa ha firmado. No envíe nada.
app-error-no-regime = Elija de qué se trata, por favor.
app-error-answer =
    Esta respuesta no se puede leer. Escriba un número o una fecha como 2026-11-30, o déjela en blanco y cuéntelo con
    sus palabras.
app-accept-sure = Está a punto de firmar que acepta { $amount }. ¿Es este el importe?
app-error-amount-unreadable = «{ $text }» no se puede leer como importe. Escriba por ejemplo 137.500,00 o 137500,00.
app-error-amount-ambiguous =
    «{ $text }» puede leerse como { $one } o como { $other }. Escriba el importe sin separadores y con dos
    decimales, por ejemplo 137500,00.
app-error-amount-digits = «{ $text }» necesita dos cifras de céntimos, o ninguna: por ejemplo 137500,00 o 137500.
app-error-amount-zero = El importe es cero.
app-error-amount-negative =
    «{ $text }» es inferior a cero. Escriba un importe mayor que cero, por ejemplo 137500,00.
app-error-amount-too-large = «{ $text }» es demasiado grande.
app-error-amount-other-currency = «{ $given }» es otra moneda. Aquí los importes son en { $wanted }.
app-error-number-unreadable =
    «{ $text }» no se puede leer como número. Escríbalo sin más, por ejemplo 16384, 0,5 o 1e25.
app-error-number-ambiguous =
    «{ $text }» puede leerse como { $one } o como { $other }. Escriba el número sin separadores, por ejemplo 16384.
app-error-number-fraction = «{ $text }» no es un número entero.
app-error-number-negative = «{ $text }» es inferior a cero.
app-error-number-too-large = «{ $text }» es demasiado grande.
app-error-too-long = Su texto es demasiado largo: { $bytes } bytes. Acórtelo, o ponga una parte en un archivo.
app-error-keys-wrong =
    Las claves de { $name } no son las que el programa ha firmado. No se ha enviado nada. No use este servidor hoy.
app-error-keys-withheld =
    El servidor no ofrece claves de { $name }, aunque el programa nombra a esta persona. No se ha enviado nada.
    Inténtelo más tarde; si sigue así, el servidor las retiene.
app-error-no-officer = El programa no nombra a nadie que reciba denuncias. Hoy no se puede presentar nada.
app-error-forged-receipt =
    El recibo del servidor no está firmado por el registro del programa. Guarde sus palabras, no se fíe de este servidor
    y denuncie de nuevo por otra dirección.
app-error-nothing-found =
    No se encontró nada para estas palabras. Si acaba de denunciar, espere unos minutos. Si no, compare las palabras con
    su papel. Los mensajes que nadie recoge durante mucho tiempo caducan.
app-error-withheld =
    El servidor anuncia lo que se guarda para usted, pero no lo entrega. Inténtelo de nuevo; si sigue así, lo retiene.
app-error-reply-gone = Un mensaje fue destruido antes de que lo leyera: caducó, o el caso está cerrado para siempre.
app-error-replaced = Su última visita aún no está publicada. Vuelva dentro de unos minutos.
app-error-other-charter =
    El servidor nombra a otras personas que en su última visita. Quizá alguien quiera ponerse en su lugar. No envíe
    nada.
app-error-log =
    El registro público del servidor no continúa lo que usted vio antes. No se fíe de este servidor. Guarde sus
    palabras.
app-error-list-not-logged =
    El servidor mostró una lista de mensajes que no es la de su registro público. Puede que falten en ella mensajes para
    usted. No se perdió nada: vuelva más tarde y se pedirá otra vez. Si sigue así, no se fíe de este servidor. Guarde
    sus palabras.
app-error-log-stands-still =
    La última declaración del registro público del servidor es del { $stated }. El reloj de su dispositivo dice
    { $now }. Si su reloj va bien, el servidor está parado o retiene algo. Lo que usted ve es auténtico; puede que falte
    algo. Vuelva más tarde.
app-error-log-ahead =
    La última declaración del registro público del servidor es del { $stated }. El reloj de su dispositivo dice
    { $now }. Uno de los dos está mal. Por favor, ponga su reloj en hora.
app-error-no-award = Esta denuncia aún no tiene una recompensa definitiva.
app-error-false-signature =
    La firma de una persona administradora es falsa. Vuelva a recoger más tarde; las demás aún pueden responder.
app-error-not-enough-signatures = Aún no han firmado todas las personas de este período. Vuelva dentro de un día o más.
app-error-no-token = Elija al menos una ficha, por favor.
app-error-spent = Esta ficha ya se cobró.
app-error-several-periods =
    Estas fichas se firmaron en periodos distintos. Cobre por separado las de cada periodo, por favor.
app-error-tokens-expired = Estas fichas valían hasta una fecha que ya pasó.
app-error-not-tokens = Esto no es un archivo de fichas, o ha sido modificado.
app-error-other-programme = Estas fichas son de otro programa.
app-error-payout =
    Un banco rechazaría esto. Compruébelo, por favor. Los bancos solo aceptan letras sin tildes ni diéresis: Koeln, no
    Köln.
app-error-not-a-receipt = Esto no es un recibo.
app-error-no-mail = No hay nada que destruir.
app-error-no-words = Escriba primero sus doce palabras, por favor.
app-error-word-count = Palabras contadas: { $found }. Tienen que ser doce.
    .found-one = Palabra contada: una. Tienen que ser doce.
app-error-unknown-word = La palabra { $position }, «{ $word }», no está en la lista.
app-error-did-you-mean = ¿Quería decir { $suggestions }?
app-error-checksum =
    Todas las palabras están en la lista, pero no encajan. Probablemente se tomó una por otra, o dos cambiaron de sitio.
    Compárelas con su papel, por favor.
app-error-file-changed = El archivo cambió mientras se leía. Elíjalo de nuevo, por favor.
app-error-file-vanished =
    El archivo ya no se puede leer: se movió, cambió o borró. Nadie puede abrir lo que llegó de él. Elíjalo de nuevo, o
    no lo envíe.
app-error-file-too-large = El archivo supera los 4 GiB. Divídalo, por favor.
app-error-file-gone = El archivo ya no está en el servidor.
app-error-file-altered = El archivo fue alterado por el camino. Se ha descartado.
app-error-engine = No se pudo cargar el programa de cifrado. Recargue la página. Si sigue así, use el programa subrosa.
