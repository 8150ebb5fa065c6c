# Texte der öffentlichen Seiten. Eine Nachricht pro Zeile; eingerückte Zeilen setzen sie fort.
skip = Zum Text springen
nav-label = Seiten
nav-start = Start
nav-help = Hilfe
nav-languages = Sprachen
footer = Diese Seite setzt keine Cookies, lädt nichts von anderswo und zeichnet nicht auf, wer sie besucht.
footer-charter = Charta, Version { $version }

landing-title = Vertraulich einen Verstoß melden
landing-what = Hier können Sie diesem Programm einen Verstoß gegen die Regeln für künstliche Intelligenz melden. Ihren Namen
    geben Sie nicht an. Sie können später zurückkommen, um Antworten zu lesen, und eine Belohnung erhalten, ohne zu sagen, wer Sie sind.
landing-warning = Öffnen Sie diese Seite nicht mit einem Gerät oder in einem Netz Ihres Arbeitgebers. Verwenden Sie den Tor
    Browser auf Ihrem eigenen Gerät.
landing-promise-title = Worauf Sie sich verlassen können
landing-promise-server = Alles, was Sie senden, wird auf Ihrem Gerät verschlossen. Dieser Server kann es nicht lesen und weiß nicht, wer es gesendet hat.
landing-promise-account = Es gibt kein Konto. Zwölf Wörter sind Ihr einziger Schlüssel. Niemand kann sie für Sie wiederherstellen.
landing-promise-reward = Eine Belohnung wird mit blinden Wertmarken gezahlt: Wer zahlt, sieht nicht, zu welcher Meldung sie gehört.
landing-submit-title = So melden Sie
landing-submit = Meldungen machen Sie mit einem kleinen Programm auf Ihrem eigenen Gerät.
landing-submit-link = Lesen Sie, wie es geht
landing-notice-title = Ihre rechtliche Lage
landing-notice-none = Das Programm hat seine Charta noch nicht veröffentlicht. Der Hinweis zu Ihrer rechtlichen Lage wird hier stehen. Bitte warten Sie so lange mit Ihrer Meldung.
landing-keys-title = Schlüssel zum Vergleichen
landing-keys = Vergleichen Sie diese Schlüssel mit denen, die das Programm anderswo veröffentlicht hat, zum Beispiel gedruckt. Weicht der Hauptschlüssel ab, benutzen Sie diese Seite nicht.
landing-key-root = Hauptschlüssel, der die Charta unterschreibt
landing-key-log = Schlüssel des öffentlichen Protokolls

help-title = Hilfe
help-before-title = Bevor Sie beginnen
help-before-place = Wählen Sie einen Ort und ein Gerät, die Ihr Arbeitgeber nicht kontrolliert.
help-before-tor = Verbinden Sie sich über Tor. Sonst sieht das Netz, dass Sie mit diesem Server sprechen.
help-before-files = Dateien können Namen, Druckermarken und Orte enthalten. Senden Sie nur, was nötig ist, und bedenken Sie, wer dieselbe Datei hatte.
help-submit-title = Eine Meldung machen
help-submit-get = Holen Sie das Programm aus den eigenen Veröffentlichungen des Meldeprogramms und prüfen Sie seine Unterschrift.
help-submit-compare = Vergleichen Sie den angezeigten Hauptschlüssel mit dem, den Sie anderswo gefunden haben.
help-submit-new = Beginnen Sie eine Meldung:
help-submit-words = Schreiben Sie die zwölf Wörter auf, die angezeigt werden, und bewahren Sie sie so auf, dass niemand sie findet. Sie werden nicht noch einmal gezeigt.
help-return-title = Zurückkommen
help-return = Lesen Sie Antworten auf jedem Gerät, nur mit Ihren zwölf Wörtern:
help-return-burn = Sobald Sie bestätigen, dass Sie eine Antwort gelesen haben, wird sie zerstört und lässt sich nie wieder öffnen, auch nicht mit Ihren Wörtern.
help-limits-title = Was hiermit nicht geht
help-limits-words = Wenn Sie die zwölf Wörter verlieren, kann Ihnen niemand Ihre Meldung oder Ihre Belohnung zurückgeben.
help-limits-content = Es verbirgt nicht, wer Sie sind, wenn Text oder Dateien es selbst verraten.
help-limits-machine = Es schützt kein Gerät, das jemand anders kontrolliert.
