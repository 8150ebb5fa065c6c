# Texte der öffentlichen Seiten.

## On every page

skip = Zum Text springen
nav-label = Seiten
nav-start = Start
nav-scope = Was Sie melden können
nav-reward = Belohnungen
nav-safety = Sicher bleiben
nav-keys = Schlüssel
nav-books = Offene Bücher
nav-help = So melden Sie
nav-languages = Sprachen
footer = Diese Seite setzt keine Cookies, lädt nichts von anderswo und zeichnet nicht auf, wer sie besucht.
footer-charter = Charta, Version { $version }
knows-title = Was das Programm wissen kann und was nicht
yes = ja
no = nein

## Start

landing-title = Vertraulich einen Verstoß melden
landing-what =
    Hier können Sie diesem Programm einen Verstoß gegen die Regeln für künstliche Intelligenz melden. Ihren Namen geben
    Sie nicht an. Sie können später zurückkommen, um Antworten zu lesen, und eine Belohnung erhalten, ohne zu sagen, wer
    Sie sind.
landing-warning =
    Öffnen Sie diese Seite nicht mit einem Gerät oder in einem Netz Ihres Arbeitgebers. Verwenden Sie den Tor Browser
    auf Ihrem eigenen Gerät.
landing-notice-title = Ihre rechtliche Lage
landing-notice-by = In den eigenen Worten des Programms, unterschrieben in seiner Charta:
landing-notice-none =
    Das Programm hat seine Charta noch nicht veröffentlicht. Der Hinweis zu Ihrer rechtlichen Lage wird hier stehen.
    Bitte warten Sie so lange mit Ihrer Meldung.
landing-who-title = Wer Ihnen zuhört
landing-who = Nur wer hier „nimmt Meldungen entgegen“ trägt, kann öffnen, was Sie senden. Dieser Server kann es nicht.
landing-who-none = Noch niemand: Die Charta fehlt.
role-intake = nimmt Meldungen entgegen
role-triager = sichtet sie
role-investigator = ermittelt
role-adjudicator = entscheidet
role-administrator = verwaltet Belohnungen und liest keine Meldung
landing-ways-title = Was Sie hier tun können
landing-way-tip = Eine Meldung machen
landing-way-return = Mit Ihren zwölf Wörtern zurückkommen
landing-way-help = Alle Wege zu melden, auch ohne Skripte
landing-way-safety = Lesen Sie zuerst, wie Sie sicher bleiben
landing-knows-server =
    Alles, was Sie senden, wird auf Ihrem Gerät verschlossen. Dieser Server kann es nicht lesen und weiß nicht, wer es
    gesendet hat. Er sieht aber, dass jetzt jemand hier ist und wie viel gesendet wird; und er kann erkennen, dass
    Besuche mit denselben zwölf Wörtern zusammengehören.
landing-knows-account =
    Es gibt kein Konto. Zwölf Wörter sind Ihr einziger Schlüssel. Niemand kann sie für Sie wiederherstellen.
landing-knows-officers =
    Die Beauftragten lesen, was Sie schreiben, und sehen Ihre Dateien. Verraten Text oder Dateien, wer Sie sind, dann
    wissen sie es.
landing-knows-reward =
    Eine Belohnung wird mit blinden Wertmarken gezahlt: Wer zahlt, sieht nicht, zu welcher Meldung sie gehört. Ein
    Bankkonto hat allerdings einen Namen.

## What to report

scope-intro =
    Dies sind die Felder, in denen dieses Programm arbeitet, so wie seine Charta sie festlegt. Wählen Sie das
    nächstliegende; wenn Sie unsicher sind, schreiben Sie das in Ihre Meldung.
scope-none = Die Charta nennt noch keine Felder. Kommen Sie wieder, wenn das Programm sie veröffentlicht hat.
scope-classes = Was als Verstoß gilt
scope-evidence = Was hilft
scope-thresholds = Schwellen
scope-value = Wert
scope-published = Veröffentlicht
scope-effective = In Kraft ab
scope-source = Quelle
scope-verified = Mit der Quelle verglichen
scope-no-retroaction = Eine Schwelle gilt nie für Tage, bevor sie in Kraft war.
scope-pack = Regelwerk { $id }, Version { $version }. Prüfsumme der Datei:
scope-knows = Diese Seite ist für alle gleich: Wer sie liest, verrät dem Server nicht, welches Feld ihn beschäftigt.
scope-check =
    Eine maschinelle Prüfung vergleicht die Zahlen einer Meldung mit diesen Regeln. Sie antwortet „stimmig“, „nicht
    stimmig“ oder „offen“, nie „bewiesen“. Entscheiden tun Menschen.

## Rewards

reward-intro =
    Über eine Belohnung entscheiden zwei Personen, nachdem sich eine Meldung als wahr erwiesen hat. An diese Formeln
    sind sie gebunden.
reward-none = Die Charta nennt noch keine Belohnungsregeln, deshalb lässt sich hier nichts zusagen.
reward-policy = Regelwerk { $id }, Version { $version }
reward-policy-titled = { $title }, Version { $version } ({ $id })
policy-eu-pilot = Europäischer Pilot
policy-sec-like = Nach den Regeln der SEC (USA)
policy-irs-like = Nach den Regeln des IRS (USA)
policy-hmrc-like = Nach den Regeln von HMRC (Vereinigtes Königreich)
reward-sanction =
    Anteil an einer Geldbuße: { $base } des eingezogenen Betrags, wenn er über { $above } liegt. Jeder Grund, den Anteil
    zu erhöhen oder zu senken, ändert ihn um { $step }; er bleibt zwischen { $floor } und { $ceiling }. Der Teil, den
    Sie selbst verursacht haben, zählt nicht.
reward-full = Ergibt der höchste Anteil höchstens { $limit } und senkt ihn nichts, so wird der höchste Anteil gezahlt.
reward-compute =
    Für einen verheimlichten Trainingslauf: { $base } knapp über der Schwelle, langsam wachsend mit der Größe, höchstens
    das { $factor }-Fache. Die Schätzung zählt um { $tolerance } niedriger, falls sie falsch ist.
reward-harm =
    Für Schaden: { $h1 } bei leichtem, { $h2 } bei ernstem, { $h3 } bei schwerem, { $h4 } bei katastrophalem Schaden;
    davon { $near }, wenn er beinahe eintrat, { $latent }, wenn er hätte eintreten können.
reward-larger = Gezahlt wird der Anteil an der Geldbuße oder Lauf und Schaden zusammen, je nachdem, was mehr ist.
reward-cap = Kein Fall erhält mehr als { $cap } des Budgets von { $budget } und nicht mehr, als davon übrig ist.
reward-ceiling = Kein Fall erhält mehr als { $ceiling }.
reward-source = Woher die Zahlen stammen: { $source }
reward-unverified = Noch niemand hat diese Zahlen mit ihrer Quelle verglichen.
reward-examples = Rechenbeispiele
reward-example-fine = Eine Geldbuße von { $fine } wurde eingezogen, nichts erhöht oder senkt den Anteil:
reward-example-lowered = Dieselbe Geldbuße mit einem Grund, den Anteil zu senken:
reward-example-run = Ein verheimlichter Lauf von { $flop } Rechenschritten über einer Schwelle von { $threshold }:
reward-example-harm = Ein ernster Schaden, der beinahe eintrat:
reward-calculator = Rechner
reward-calculator-warning =
    Das Formular sendet diese Zahlen an diesen Server. Er rechnet, antwortet und vergisst sie: Nichts wird
    aufgeschrieben. Wer den Server heimlich betreibt, könnte sie beim Rechnen lesen. Könnten die genauen Zahlen auf Sie
    hinweisen, dann nehmen Sie runde oder rechnen Sie auf Papier. Jede Antwort ist gleich groß.
calc-policy = Regelwerk
calc-collected = Eingezogene Geldbuße
calc-own = Davon selbst verursacht
calc-up = Gründe, den Anteil zu erhöhen (0 bis 9)
calc-down = Gründe, den Anteil zu senken (0 bis 9)
calc-flop = Rechenschritte eines verheimlichten Laufs, etwa 3e25
calc-threshold = Damals geltende Schwelle, etwa 1e25
calc-harm = Schaden
calc-harm-none = keiner
calc-harm-h1 = leicht
calc-harm-h2 = ernst
calc-harm-h3 = schwer
calc-harm-h4 = katastrophal
calc-happened = Wie weit es kam
calc-happened-realised = er trat ein
calc-happened-near-miss = er trat beinahe ein
calc-happened-latent = er hätte eintreten können
calc-go = Berechnen
calc-result = Ergebnis
calc-amount = Nach { $id } ergibt das { $amount }.
calc-parts = Anteil an der Geldbuße { $a1 }; verheimlichter Lauf { $a2 }; Schaden { $a3 }.
calc-caution = Dabei ist angenommen, dass das ganze Budget noch da ist. Das ist eine Rechnung und keine Zusage.
calc-read = Gelesen als: Geldbuße { $collected }, davon selbst verursacht { $own }.
calc-misread = { $field }: { $why } Es wurde nichts gespeichert.
calc-error =
    Mit diesen Angaben lässt sich nicht rechnen: Schreiben Sie ganze Zahlen, Rechenschritte als 3e25. Ihr eigener Teil
    kann nicht größer sein als die Geldbuße. Nichts wurde gespeichert.
reward-knows =
    Der Betrag jeder Belohnung ist öffentlich, unter einem Zufallsnamen (siehe „Offene Bücher“). An wen sie ging, ist es
    nicht. Wissen nur wenige, was ein Fall wert war, könnten sie erraten, welche Belohnung zu ihm gehört.

## Staying safe

safe-intro =
    Software verbirgt Ihre Adresse und Ihre Worte. Was nur Sie wissen konnten, kann sie nicht verbergen. Dies hat
    Menschen schon verraten.
safe-where-title = Von wo Sie melden
safe-where-device =
    Nie ein Gerät Ihres Arbeitgebers und auch kein eigenes, auf dem er Software eingerichtet hat. Es kann Bildschirm und
    jeden Tastendruck aufzeichnen.
safe-where-crowd =
    Tor verbirgt, was Sie tun, aber nicht, dass Sie Tor benutzen. 2013 wurde ein Student in Harvard gefunden, weil er zu
    dieser Zeit einer von sehr wenigen war, die im Netz der Universität Tor benutzten. Nehmen Sie ein großes Netz, das
    mit Ihrer Arbeit nichts zu tun hat, und einen Zeitpunkt, der nicht auf Sie weist.
safe-where-time =
    Nicht während einer Besprechung über die Sache und nicht gleich, nachdem Sie die Unterlagen geöffnet haben.
safe-where-system =
    Am besten ist ein Rechner, der von einem Live-System wie Tails startet und beim Ausschalten alles vergisst.
safe-words-title = Ihre Worte
safe-words-style =
    Menschen und Programme erkennen einen Verfasser am Stil. In einer Untersuchung fanden Sprachmodelle zwei von drei
    Verfassern und hatten in neun von zehn Fällen recht (arXiv 2602.16800). Schreiben Sie kurze, schlichte Sätze. Lassen
    Sie Lieblingswörter, Scherze und Anekdoten weg. Beantworten Sie lieber die einzelnen Fragen als frei zu erzählen.
safe-words-circle =
    Bevor Sie eine Tatsache nennen, zählen Sie, wer sie kannte. Je kleiner der Kreis, desto enger die Suche.
safe-files-title = Ihre Dateien
safe-files-copies =
    Fragen Sie zuerst: Wie viele Personen haben genau diese Fassung bekommen? Manche Organisationen geben jedem Leser
    eine Fassung mit anderen Wörtern, Leerzeichen oder Kommas. Das lässt sich nicht entfernen. Bei weniger als zehn
    Lesern senden Sie das Dokument nicht, sondern geben die Tatsachen in eigenen, schlichten Worten wieder.
safe-files-print =
    Papier aus einem Farbdrucker kann winzige Punkte tragen, die Drucker und Stunde nennen. Ein Scan oder ein Foto
    behält sie.
safe-files-meta =
    Ein Foto kann Ort, Zeit und Nummer der Kamera enthalten (EXIF), Bürodateien und PDFs den Namen des Verfassers.
    Dateien werden unverändert gesendet, damit sie als Beleg taugen: Sehen Sie sich vorher ihre Eigenschaften an.
safe-after-title = Danach
safe-after-words =
    Bewahren Sie die zwölf Wörter dort auf, wo Ihr Arbeitgeber nicht nachsehen kann, am besten im Kopf. Wer sie findet,
    kann Ungelesenes lesen, an Ihrer Stelle antworten und die Belohnung nehmen.
safe-after-talk = Erzählen Sie niemandem davon und suchen Sie nicht nach Nachrichten über Ihre eigene Meldung.
safe-after-law =
    Sprechen Sie wenn möglich vorher mit einer Anwältin, einem Anwalt oder der Gewerkschaft, von einem anderen Gerät
    aus.
safe-knows = Dieser Server erfährt, dass jemand diese Seiten liest, aber nicht, wer. Die Seiten sind für alle gleich.

## Keys

keys-intro =
    Alles, was Sie senden, wird für Personen verschlossen, die das Programm in seiner Charta nennt, und die Charta ist
    mit dem Hauptschlüssel unterschrieben. Stellte Ihnen jemand einen falschen Server hin, so wäre dessen Hauptschlüssel
    ein anderer.
keys-how-title = So vergleichen Sie
keys-how-elsewhere =
    Suchen Sie den Hauptschlüssel an einem Ort, den dieser Server nicht kontrolliert: gedruckt, bei einer Gewerkschaft,
    in einer Zeitung, auf einer anderen Seite.
keys-how-all = Vergleichen Sie jede Gruppe, nicht nur die erste und die letzte.
keys-how-differ = Weicht eine ab, benutzen Sie diese Seite nicht und sagen Sie es dem Programm auf anderem Weg.
keys-root = Hauptschlüssel, der die Charta unterschreibt
keys-log = Schlüssel des öffentlichen Protokolls
keys-people-title = Die Schlüssel der Personen
keys-charter-title = Die Charta
keys-charter = Lesen Sie sie so, wie sie unterschrieben ist:
keys-charter-none = Es ist noch keine Charta veröffentlicht.
keys-charter-check = Das Programm prüft sie für Sie:
keys-policies = Dateien, auf die sich die Charta festlegt, mit ihrer SHA-256-Prüfsumme:
keys-web-title = Der Code der Seite selbst
keys-web =
    Eine Seite führt den Code aus, den der Server an diesem Tag sendet. Die Charta nennt die Prüfsumme einer Liste,
    „web-assets“, mit der Prüfsumme jedes Skripts. Zum Prüfen: Liste und Skripte speichern, SHA-256 berechnen,
    vergleichen. Eine falsche Seite für eine einzelne Person ist aus der Seite heraus kaum zu bemerken; das Programm hat
    diese Schwäche nicht.
keys-web-none =
    Diese Charta nennt keine solche Liste, deshalb lassen sich die Skripte dieser Seite mit nichts vergleichen. Benutzen
    Sie stattdessen das Programm.
keys-knows =
    Wer den Hauptschlüssel besitzt, könnte falsche Personen nennen. Jede Charta steht für immer im öffentlichen
    Protokoll: Verbergen ließe sich das nicht, geschehen könnte es.

## Open books

books-intro =
    Diese Summen entstehen aus öffentlichen Belegen, jeder von so vielen Verwaltenden unterschrieben, wie die Charta
    sagt. Jeder kann nachrechnen, ohne jemanden zu fragen.
books-budget = Im Budget übrig
books-escrow = Treuhänderisch zurückgelegt
books-issued = Als Wertmarken ausgegeben
books-redeemed = Eingelöst
books-outstanding = Noch im Umlauf
books-paid = Ausgezahlt und abgeschlossen
books-findings =
    { $count ->
    [one] Etwas in diesen Belegen sollte man sich ansehen; „subrosa audit“ sagt, was.
   *[other] { $count } Dinge in diesen Belegen sollte man sich ansehen; „subrosa audit“ sagt, welche.
    }
books-clean = Die Bücher gehen auf.
books-awards-title = Offene Belohnungen
books-awards =
    Jede steht unter einem Zufallsnamen, der zu keinem Fall führt. Das Geld ist zurückgelegt, bis ihre Wertmarken
    ausgegeben sind.
books-awards-none =
    Zurzeit ist keine offen. Das heißt: Keine Belohnung wartet auf ihre Wertmarken. Über Meldungen, denen gerade
    nachgegangen wird, sagt es nichts.
books-award-name = Zufallsname
books-award-amount = Betrag
books-log-title = Das öffentliche Protokoll
books-log-size = Einträge, mit Füllzeilen, die verbergen, wie viele echt sind:
books-log-none = Das Protokoll beginnt, wenn der erste Zeitabschnitt schließt.
books-log-checkpoint = Neuester unterschriebener Stand
books-audit-title = So prüfen Sie nach
books-audit = Dafür braucht es kein Konto. Führen Sie von zwei Orten aus, die nichts miteinander zu tun haben, aus:
books-knows =
    Diese Zahlen zeigen, was gezahlt wurde, und nichts darüber, wer gemeldet hat. Für diese Seite zählt der Server
    zusammen und könnte Falsches zeigen: Das Programm traut ihm nicht und prüft jede Unterschrift.

## How to report

help-intro =
    Es gibt drei Wege. Alle verschließen, was Sie schreiben, bevor es Ihr Gerät verlässt. Nehmen Sie den ersten, den Sie
    benutzen können.
help-program-title = 1. Das Programm
help-program = Der sicherste Weg, weil sein Code nicht jedes Mal neu vom Server kommt. Er funktioniert ohne Skripte.
help-downloads = Von diesem Server:
help-downloads-none =
    Dieser Server bietet das Programm nicht an. Holen Sie es dort, wo das Meldeprogramm es veröffentlicht.
help-downloads-check = Prüfen Sie vor dem Start die Unterschrift, mit einem Schlüssel, den Sie anderswo gefunden haben:
help-downloads-unsigned =
    Neben diesen Dateien liegt keine Unterschrift. Eine Prüfsumme vom selben Server schützt vor Versehen, nicht vor
    einem falschen Server.
help-downloads-sums = Vergleichen Sie dann die Prüfsumme:
help-program-new = Eine Meldung beginnen:
help-program-words =
    Es zeigt einmal zwölf Wörter. Schreiben Sie sie auf und bewahren Sie sie so auf, dass niemand sie findet.
help-program-return = Antworten später lesen, auf jedem Gerät, nur mit den zwölf Wörtern:
help-program-burn =
    Sobald Sie bestätigen, dass Sie eine Antwort gelesen haben, wird sie zerstört und lässt sich nie wieder öffnen, auch
    nicht mit Ihren Wörtern.
help-page-title = 2. Diese Seite im Tor Browser
help-page =
    Geht in den Stufen Standard und Safer, denn es braucht Skripte. Sie vertrauen darauf, dass der Server Ihnen den
    richtigen Code sendet.
help-page-none = Dieser Server bietet das nicht an.
help-age-title = 3. Ohne Skripte (Safest), mit age
help-age =
    Verschlüsseln Sie auf Ihrem eigenen Rechner mit dem kleinen Programm age und fügen Sie das Ergebnis ein oder laden
    Sie es hoch. Sie bekommen einen Quittungscode, auf diesem Weg allein aber weder Gespräch noch Belohnung.
help-age-link = Zum versiegelten Eingang
help-limits-title = Was hiermit nicht geht
help-limits-words =
    Wenn Sie die zwölf Wörter verlieren, kann Ihnen niemand Ihre Meldung oder Ihre Belohnung zurückgeben.
help-limits-content = Es verbirgt nicht, wer Sie sind, wenn Text oder Dateien es selbst verraten.
help-limits-machine = Es schützt kein Gerät, das jemand anders kontrolliert.

## The sealed intake

sealed-title = Der versiegelte Eingang
sealed-intro =
    Für Menschen, deren Browser keine Skripte ausführt. Sie verschlüsseln auf Ihrem eigenen Rechner; diese Seite nimmt
    das Ergebnis an und kann es nicht lesen. Schreiben Sie Ihre Meldung hier nie im Klartext.
sealed-closed =
    Dieser Server hat keinen versiegelten Eingang, oder die Charta nennt dafür keine Empfänger. Benutzen Sie das
    Programm.
sealed-recipients-title = 1. Holen Sie die Empfänger
sealed-recipients-pq =
    Empfänger für age ab 1.3. Was für sie verschlossen ist, bleibt auch einem Quantencomputer verschlossen:
sealed-recipients-classic =
    Empfänger für ältere age-Fassungen, etwa Debians 1.1. Wer dies heute aufzeichnet, könnte es mit einem künftigen
    Quantencomputer öffnen:
sealed-recipients-check =
    Die Charta legt sich unter dieser SHA-256-Prüfsumme auf diese Empfänger fest; vergleichen Sie sie mit der Charta,
    die das Programm zeigt:
sealed-encrypt-title = 2. Verschlüsseln Sie auf Ihrem eigenen Rechner
sealed-encrypt =
    Schreiben Sie in eine Datei, ohne Ihren Namen, auf einem Rechner, der Ihnen gehört. Mehrere Dateien: zuerst in ein
    Archiv legen. Dann:
sealed-encrypt-old = oder, mit einer älteren age-Fassung:
sealed-send-title = 3. Senden Sie das Ergebnis
sealed-paste = Den ganzen Text einfügen, von BEGIN bis END
sealed-upload = oder die verschlüsselte Datei wählen (höchstens { $size } MB)
sealed-go = Senden
sealed-knows-server =
    Der Server sieht, wann etwas eingeht, wie lang es ist und für welche Art von Empfänger es verschlossen ist; nicht,
    was darin steht, noch, wer Sie sind. Er bewahrt es, wie Sie es verschlossen haben, bis der Eingang es weitergegeben
    hat; bis dahin kann seine Platte die Stunde zeigen.
sealed-knows-recipient =
    Der Server kann nicht prüfen, ob Sie die richtigen Empfänger genommen haben. Waren es andere, kann es hier nie
    jemand öffnen.
sealed-knows-officer =
    Wer Schlüssel und Passwort einer beauftragten Person stiehlt, kann alles öffnen, was je auf diesem Weg gesendet und
    aufgezeichnet wurde. Die beiden anderen Wege schließen sich hinter Ihnen.
sealed-knows-answer =
    Man kann Ihnen nicht antworten und Sie nicht bezahlen. Möchten Sie eines davon, dann melden Sie zusätzlich mit dem
    Programm und nennen den Quittungscode.
received-title = Eingegangen
received-text =
    Es ist gespeichert, verschlossen, wie Sie es gesendet haben. Der Eingang gibt es an die Beauftragten weiter und
    zerstört die Kopie dieses Servers.
received-code = Ihr Quittungscode, nur jetzt zu sehen:
received-use =
    Er öffnet nichts. Mit ihm können Sie den Beauftragten später zeigen, dass dies von Ihnen kam. Wer ihn hat, kann
    dasselbe behaupten: Bewahren Sie ihn auf wie die zwölf Wörter, oder gar nicht.
received-classic = Sie haben einen Empfänger benutzt, den ein künftiger Quantencomputer brechen könnte.
failed-back = Zur ersten Seite
failed-missing-title = Hier ist nichts
failed-missing =
    Unter dieser Adresse steht nichts, oder nichts mehr. Vielleicht ist sie falsch geschrieben. Nichts wurde
    gespeichert.
failed-unfit-title = Das ging nicht
failed-unfit =
    Diese Adresse nimmt nicht an, was Ihr Browser gesendet hat. Nichts wurde gespeichert. Bitte beginnen Sie noch einmal
    auf der ersten Seite.
failed-busy-title = Der Server ist ausgelastet
failed-busy =
    Im Augenblick ist zu viel zu tun. Nichts wurde gespeichert. Bitte versuchen Sie es in einer Minute noch einmal.
failed-broken-title = Der Server hat eine Störung
failed-broken =
    Der Server kann dies zurzeit nicht speichern oder lesen. Was vorher angenommen wurde, ist erhalten. Bitte versuchen
    Sie es später noch einmal.
refused-title = Nicht angenommen
refused-nothing = Nichts wurde gespeichert.
refused-back = Zurück zum Formular
refused-empty = Das Formular war leer: Fügen Sie den Text ein oder wählen Sie eine Datei, nicht beides.
refused-not-age =
    Das ist keine vollständige age-Datei. Beim Einfügen nehmen Sie alles von der BEGIN- bis zur END-Zeile. War dies Ihre
    Meldung im Klartext: Sie ist durch das Netz zu diesem Server gegangen. Er hat ihren Anfang gelesen, nichts
    gespeichert und gelöscht, was er löschen konnte; ein Teil kann in seinem Arbeitsspeicher bleiben, bis dieser wieder
    benutzt wird. Verschlüsseln Sie sie, bevor Sie sie noch einmal senden.
refused-passphrase =
    Diese Datei ist mit einem Passwort verschlossen. Die Beauftragten haben es nicht: Verschlüsseln Sie stattdessen für
    die genannten Empfänger.
refused-other =
    Diese Datei ist für eine andere Art Schlüssel verschlossen, etwa einen SSH-Schlüssel. Verschlüsseln Sie für die
    Empfänger dieser Seite.
refused-too-long =
    Das ist länger, als der Eingang annimmt. Senden Sie weniger oder benutzen Sie das Programm, das große Dateien
    annimmt.
refused-broken = Die Übertragung brach ab oder war kein Formular. Bitte versuchen Sie es noch einmal.
refused-busy = Im Augenblick senden zu viele Menschen. Bitte versuchen Sie es in einigen Minuten wieder.
refused-full = Zurzeit ist kein Platz. Bitte versuchen Sie es später noch einmal oder benutzen Sie das Programm.
