# Textes des pages publiques.

## On every page

skip = Aller au texte
nav-label = Pages
nav-start = Accueil
nav-scope = Que signaler
nav-reward = Récompenses
nav-safety = Se protéger
nav-keys = Clés
nav-books = Comptes ouverts
nav-help = Comment signaler
nav-languages = Langues
footer = Ce site ne dépose aucun cookie, ne charge rien d’ailleurs et ne garde aucune trace de ses visiteurs.
footer-charter = Charte, version { $version }
knows-title = Ce que le programme peut savoir, et ce qu’il ne peut pas
yes = oui
no = non

## Start

landing-title = Signaler un manquement en toute confiance
landing-what =
    Ici, vous pouvez signaler à ce programme un manquement aux règles sur l’intelligence artificielle. Vous ne donnez
    pas votre nom. Vous pourrez revenir lire les réponses et recevoir une récompense sans dire qui vous êtes.
landing-warning =
    N’ouvrez pas ce site depuis un appareil ou un réseau de votre employeur. Utilisez le navigateur Tor sur votre propre
    appareil.
landing-notice-title = Votre situation juridique
landing-notice-by = Dans les propres termes du programme, signés dans sa charte :
landing-notice-none =
    Le programme n’a pas encore publié sa charte. L’information sur votre situation juridique se trouvera ici.
    Attendez-la avant de signaler.
landing-who-title = Qui vous écoute
landing-who =
    Seules les personnes qui portent la mention « reçoit les signalements » peuvent ouvrir ce que vous envoyez. Ce
    serveur ne le peut pas.
landing-who-none = Personne pour l’instant : la charte manque.
role-intake = reçoit les signalements
role-triager = les trie
role-investigator = enquête
role-adjudicator = décide
role-administrator = gère les récompenses et ne lit aucun signalement
landing-ways-title = Ce que vous pouvez faire ici
landing-way-tip = Faire un signalement
landing-way-return = Revenir avec vos douze mots
landing-way-help = Toutes les façons de signaler, même sans scripts
landing-way-safety = Lisez d’abord comment vous protéger
landing-knows-server =
    Tout ce que vous envoyez est scellé sur votre appareil. Ce serveur ne peut pas le lire et ne sait pas qui l’a
    envoyé. Il voit cependant que quelqu’un est là en ce moment, et combien est envoyé ; et il peut reconnaître que des
    visites avec les mêmes douze mots vont ensemble.
landing-knows-account =
    Il n’y a pas de compte. Douze mots sont votre seule clé. Personne ne peut les retrouver à votre place.
landing-knows-officers =
    Les personnes chargées des dossiers lisent ce que vous écrivez et voient vos fichiers. Si le texte ou les fichiers
    montrent qui vous êtes, elles le savent.
landing-knows-reward =
    Une récompense est versée en jetons aveugles : la personne qui paie ne peut pas voir à quel signalement ils se
    rapportent. Un compte bancaire, lui, porte un nom.

## What to report

scope-intro =
    Voici les domaines dont ce programme s’occupe, tels que sa charte les fixe. Choisissez le plus proche ; en cas de
    doute, dites-le dans votre signalement.
scope-none = La charte ne nomme encore aucun domaine. Revenez lorsque le programme l’aura publiée.
scope-classes = Ce qui constitue un manquement
scope-evidence = Ce qui aide
scope-thresholds = Seuils
scope-value = Valeur
scope-published = Publié le
scope-effective = En vigueur dès
scope-source = Source
scope-verified = Comparé à la source
scope-no-retroaction = Un seuil ne s’applique jamais aux jours antérieurs à son entrée en vigueur.
scope-pack = Règles { $id }, version { $version }. Empreinte du fichier :
scope-knows = Cette page est la même pour tout le monde : la lire n’apprend pas au serveur quel domaine vous intéresse.
scope-check =
    Un contrôle automatique compare les chiffres d’un signalement avec ces règles. Il répond « cohérent », « incohérent
    » ou « indéterminé », jamais « prouvé ». Ce sont des personnes qui décident.

## Rewards

reward-intro =
    Une récompense est décidée par deux personnes, une fois le signalement reconnu exact. Voici les formules qui les
    lient.
reward-none = La charte ne nomme encore aucune règle de récompense ; rien ne peut donc être promis ici.
reward-policy = Règle { $id }, version { $version }
reward-policy-titled = { $title }, version { $version } ({ $id })
policy-eu-pilot = Pilote européen
policy-sec-like = Selon les règles de la SEC (États-Unis)
policy-irs-like = Selon les règles de l’IRS (États-Unis)
policy-hmrc-like = Selon les règles de HMRC (Royaume-Uni)
reward-sanction =
    Part d’une amende : { $base } du montant perçu, s’il dépasse { $above }. Chaque raison de l’augmenter ou de la
    réduire la déplace de { $step } ; elle reste entre { $floor } et { $ceiling }. La part que vous avez causée
    vous-même ne compte pas.
reward-full = Si la part la plus élevée ne dépasse pas { $limit } et que rien ne la réduit, c’est elle qui est versée.
reward-compute =
    Pour un entraînement dissimulé : { $base } juste au-dessus du seuil, en croissance lente avec sa taille, au plus
    { $factor } fois ce montant. L’estimation compte pour { $tolerance } de moins, au cas où elle serait fausse.
reward-harm =
    Pour un dommage : { $h1 } s’il est léger, { $h2 } s’il est sérieux, { $h3 } s’il est grave, { $h4 } s’il est
    catastrophique ; { $near } de ce montant s’il a failli se produire, { $latent } s’il aurait pu se produire.
reward-larger =
    On verse la part de l’amende, ou bien l’entraînement et le dommage ensemble, selon ce qui est le plus élevé.
reward-cap = Aucun dossier ne reçoit plus de { $cap } du budget de { $budget }, ni plus que ce qu’il en reste.
reward-ceiling = Aucun dossier ne reçoit plus de { $ceiling }.
reward-source = Origine des chiffres : { $source }
reward-unverified = Personne n’a encore comparé ces chiffres à leur source.
reward-examples = Exemples chiffrés
reward-example-fine = Une amende de { $fine } a été perçue, rien n’augmente ni ne réduit la part :
reward-example-lowered = La même amende avec une raison de réduire la part :
reward-example-run = Un entraînement dissimulé de { $flop } opérations au-dessus d’un seuil de { $threshold } :
reward-example-harm = Un dommage sérieux qui a failli se produire :
reward-calculator = Calculateur
reward-calculator-warning =
    Le formulaire envoie ces chiffres à ce serveur, qui calcule, répond et les oublie : rien n’est écrit. Une personne
    qui exploiterait le serveur en secret pourrait les lire pendant le calcul. Si les chiffres exacts peuvent vous
    désigner, prenez des chiffres ronds ou calculez sur papier. Toutes les réponses ont la même taille.
calc-policy = Règle
calc-collected = Amende perçue
calc-own = Part que vous avez causée vous-même
calc-up = Raisons d’augmenter la part (0 à 9)
calc-down = Raisons de réduire la part (0 à 9)
calc-flop = Opérations d’un entraînement dissimulé, par exemple 3e25
calc-threshold = Seuil alors en vigueur, par exemple 1e25
calc-harm = Dommage
calc-harm-none = aucun
calc-harm-h1 = léger
calc-harm-h2 = sérieux
calc-harm-h3 = grave
calc-harm-h4 = catastrophique
calc-happened = Jusqu’où c’est allé
calc-happened-realised = il s’est produit
calc-happened-near-miss = il a failli se produire
calc-happened-latent = il aurait pu se produire
calc-go = Calculer
calc-result = Résultat
calc-amount = Selon { $id }, cela donne { $amount }.
calc-parts = Part de l’amende { $a1 } ; entraînement dissimulé { $a2 } ; dommage { $a3 }.
calc-caution = On suppose ici que tout le budget est encore disponible. C’est un calcul, pas une promesse.
calc-read = Lu comme suit : amende { $collected }, part causée par vous { $own }.
calc-misread = { $field } : { $why } Rien n’a été enregistré.
calc-error =
    Ces chiffres sont inutilisables : écrivez des nombres entiers, et les opérations sous la forme 3e25. Votre propre
    part ne peut pas dépasser l’amende. Rien n’a été enregistré.
reward-knows =
    Le montant de chaque récompense est public, sous un nom aléatoire (voir « Comptes ouverts »). À qui elle a été
    versée ne l’est pas. Si peu de gens savent ce que valait un dossier, ils peuvent deviner quelle récompense lui
    correspond.

## Staying safe

safe-intro =
    Un logiciel cache votre adresse et vos mots. Il ne peut pas cacher ce que vous seul pouviez savoir. Voici ce qui a
    déjà trahi des personnes.
safe-where-title = D’où vous signalez
safe-where-device =
    Jamais un appareil de votre employeur, ni le vôtre s’il y a installé un logiciel : l’écran et chaque touche peuvent
    être enregistrés.
safe-where-crowd =
    Tor cache ce que vous faites, pas le fait que vous l’utilisez. En 2013, un étudiant de Harvard a été retrouvé parce
    qu’il était l’une des très rares personnes à utiliser Tor sur le réseau de l’université à ce moment-là. Prenez un
    grand réseau sans rapport avec votre travail, à un moment que rien ne relie à vous.
safe-where-time = Pas pendant une réunion sur le sujet, ni juste après avoir ouvert les documents.
safe-where-system =
    Le mieux est un ordinateur démarré sur un système « live » comme Tails, qui oublie tout à l’extinction.
safe-words-title = Vos mots
safe-words-style =
    Des personnes et des programmes reconnaissent un auteur à son style. Dans une étude, des modèles de langage ont
    retrouvé deux auteurs sur trois et avaient raison neuf fois sur dix (arXiv 2602.16800). Écrivez des phrases courtes
    et simples. Évitez vos mots favoris, les plaisanteries et les anecdotes. Préférez les questions structurées au texte
    libre.
safe-words-circle =
    Avant de citer un fait, comptez qui le connaissait. Plus le cercle est petit, plus la recherche est serrée.
safe-files-title = Vos fichiers
safe-files-copies =
    Demandez-vous d’abord : combien de personnes ont reçu exactement cette version ? Certaines organisations donnent à
    chaque lecteur une copie où changent des mots, des espaces ou des virgules. Rien ne peut l’effacer. À moins de dix
    lecteurs, n’envoyez pas le document : racontez les faits avec vos propres mots, simplement.
safe-files-print =
    Une feuille sortie d’une imprimante couleur peut porter de minuscules points qui indiquent l’imprimante et l’heure.
    Un scan ou une photo les conserve.
safe-files-meta =
    Une photo peut contenir le lieu, l’heure et le numéro de l’appareil (EXIF) ; les fichiers bureautiques et les PDF,
    le nom de l’auteur. Les fichiers sont envoyés tels quels pour garder leur valeur de preuve : regardez d’abord leurs
    propriétés.
safe-after-title = Ensuite
safe-after-words =
    Gardez les douze mots là où votre employeur ne peut pas regarder, au mieux dans votre tête. Quiconque les trouve
    peut lire ce qui n’est pas lu, répondre à votre place et prendre la récompense.
safe-after-talk = N’en parlez à personne et ne cherchez pas de nouvelles de votre propre signalement.
safe-after-law = Si vous le pouvez, parlez-en d’abord à un avocat ou à un syndicat, depuis un autre appareil.
safe-knows = Ce serveur apprend que quelqu’un lit ces pages, mais pas qui. Elles sont les mêmes pour tout le monde.

## Keys

keys-intro =
    Tout ce que vous envoyez est scellé pour des personnes que le programme nomme dans sa charte, et la charte est
    signée avec la clé racine. Si quelqu’un vous présentait un faux serveur, sa clé racine serait différente.
keys-how-title = Comment comparer
keys-how-elsewhere =
    Trouvez la clé racine dans un endroit que ce serveur ne contrôle pas : imprimée, auprès d’un syndicat, dans un
    journal, sur un autre site.
keys-how-all = Comparez chaque groupe, pas seulement le premier et le dernier.
keys-how-differ = Si l’un diffère, n’utilisez pas ce site et prévenez le programme par un autre moyen.
keys-root = Clé racine, qui signe la charte
keys-log = Clé du journal public
keys-people-title = Les clés des personnes
keys-charter-title = La charte
keys-charter = Lisez-la telle qu’elle a été signée :
keys-charter-none = Aucune charte n’a encore été publiée.
keys-charter-check = Le programme la vérifie pour vous :
keys-policies = Fichiers auxquels la charte s’engage, avec leur SHA-256 :
keys-web-title = Le code de la page elle-même
keys-web =
    Une page exécute le code que le serveur envoie ce jour-là. La charte nomme l’empreinte d’une liste, « web-assets »,
    qui contient celle de chaque script. Pour vérifier : enregistrez la liste et les scripts, calculez leur SHA-256 et
    comparez. Une fausse page destinée à une seule personne se remarque difficilement depuis la page ; le programme n’a
    pas cette faiblesse.
keys-web-none =
    Cette charte ne nomme aucune liste de ce genre ; les scripts de ce site ne peuvent donc être comparés à rien.
    Utilisez plutôt le programme.
keys-knows =
    Quiconque détient la clé racine pourrait nommer de fausses personnes. Chaque charte reste pour toujours dans le
    journal public : cela ne pourrait pas être caché, mais cela pourrait arriver.

## Open books

books-intro =
    Ces sommes sont établies à partir de pièces publiques, chacune signée par autant d’administrateurs que le dit la
    charte. N’importe qui peut les refaire sans rien demander.
books-budget = Reste du budget
books-escrow = Sous séquestre
books-issued = Émis en jetons
books-redeemed = Remboursé
books-outstanding = En circulation
books-paid = Versé et soldé
books-findings =
    { $count ->
    [one] Un point de ces pièces demande un examen ; « subrosa audit » dit lequel.
   *[other] { $count } points de ces pièces demandent un examen ; « subrosa audit » dit lesquels.
    }
books-clean = Les comptes sont équilibrés.
books-awards-title = Récompenses ouvertes
books-awards =
    Chacune figure sous un nom aléatoire qui ne mène à aucun dossier. L’argent est mis de côté jusqu’à l’émission de ses
    jetons.
books-awards-none =
    Aucune n’est ouverte en ce moment. Cela veut dire qu’aucune récompense n’attend ses jetons ; cela ne dit rien des
    signalements en cours d’examen.
books-award-name = Nom aléatoire
books-award-amount = Montant
books-log-title = Le journal public
books-log-size = Entrées, y compris un remplissage qui cache combien sont réelles :
books-log-none = Le journal commence à la fin de la première période.
books-log-checkpoint = Dernier état signé
books-audit-title = Comment vérifier
books-audit = Aucun compte n’est nécessaire. Depuis deux endroits sans rapport entre eux, lancez :
books-knows =
    Ces chiffres montrent ce qui a été versé et rien de qui a parlé. Pour cette page, c’est le serveur qui fait la
    somme, et il pourrait en montrer de faux : le programme ne lui fait pas confiance et vérifie chaque signature.

## How to report

help-intro =
    Il y a trois façons. Toutes scellent ce que vous écrivez avant que cela ne quitte votre appareil. Prenez la première
    que vous pouvez utiliser.
help-program-title = 1. Le programme
help-program = La façon la plus sûre, car son code ne vient pas à chaque fois du serveur. Elle fonctionne sans scripts.
help-downloads = Depuis ce serveur :
help-downloads-none = Ce serveur ne propose pas le programme. Procurez-vous-le là où le dispositif le publie.
help-downloads-check = Vérifiez la signature avant de le lancer, avec une clé trouvée ailleurs :
help-downloads-unsigned =
    Ces fichiers ne sont pas accompagnés d’une signature. Une somme de contrôle du même serveur protège des accidents,
    pas d’un faux serveur.
help-downloads-sums = Comparez ensuite la somme de contrôle :
help-program-new = Commencer un signalement :
help-program-words = Il montre douze mots une seule fois. Notez-les et gardez-les là où personne ne les trouvera.
help-program-return = Lire les réponses plus tard, sur n’importe quel appareil, avec les seuls douze mots :
help-program-burn =
    Dès que vous confirmez avoir lu une réponse, elle est détruite et ne pourra plus jamais être ouverte, pas même avec
    vos mots.
help-page-title = 2. Ce site dans le navigateur Tor
help-page =
    Fonctionne aux niveaux Standard et Safer, car il faut des scripts. Vous faites confiance au serveur pour vous
    envoyer le bon code.
help-page-none = Ce serveur ne le propose pas.
help-age-title = 3. Sans scripts (Safest), avec age
help-age =
    Chiffrez sur votre propre machine avec le petit programme age, puis collez ou téléversez le résultat. Vous recevez
    un code de reçu, mais ni conversation ni récompense par cette seule voie.
help-age-link = Vers l’entrée scellée
help-limits-title = Ce que ce dispositif ne peut pas faire
help-limits-words = Si vous perdez les douze mots, personne ne pourra vous rendre votre signalement ni votre récompense.
help-limits-content = Il ne peut pas cacher qui vous êtes si le texte ou les fichiers le montrent.
help-limits-machine = Il ne peut pas protéger un appareil que quelqu’un d’autre contrôle.

## The sealed intake

sealed-title = L’entrée scellée
sealed-intro =
    Pour les personnes dont le navigateur n’exécute pas de scripts. Vous chiffrez sur votre propre machine ; cette page
    prend le résultat et ne peut pas le lire. N’écrivez jamais ici votre signalement en clair.
sealed-closed =
    Ce serveur n’a pas d’entrée scellée, ou la charte ne nomme pas de destinataires pour elle. Utilisez le programme.
sealed-recipients-title = 1. Obtenez les destinataires
sealed-recipients-pq =
    Destinataires pour age 1.3 ou plus récent. Ce qui leur est scellé reste fermé même à un ordinateur quantique :
sealed-recipients-classic =
    Destinataires pour un age plus ancien, comme le 1.1 de Debian. Qui l’enregistre aujourd’hui pourrait l’ouvrir avec
    un futur ordinateur quantique :
sealed-recipients-check =
    La charte s’engage sur ces destinataires sous ce SHA-256 ; comparez-le à la charte que montre le programme :
sealed-encrypt-title = 2. Chiffrez sur votre propre machine
sealed-encrypt =
    Écrivez dans un fichier, sans votre nom, sur une machine qui vous appartient. Plusieurs fichiers : réunissez-les
    d’abord dans une archive. Puis :
sealed-encrypt-old = ou, avec un age plus ancien :
sealed-send-title = 3. Envoyez le résultat
sealed-paste = Collez tout le texte, de BEGIN à END
sealed-upload = ou choisissez le fichier chiffré ({ $size } Mo au plus)
sealed-go = Envoyer
sealed-knows-server =
    Le serveur voit quand quelque chose arrive, sa longueur et pour quel type de destinataire c’est scellé ; ni ce que
    cela dit, ni qui vous êtes. Il le garde, tel que vous l’avez scellé, jusqu’à ce que l’entrée l’ait transmis ; d’ici
    là, son disque peut en montrer l’heure.
sealed-knows-recipient =
    Le serveur ne peut pas vérifier que vous avez pris les bons destinataires. Si c’en étaient d’autres, personne ici ne
    pourra jamais l’ouvrir.
sealed-knows-officer =
    Qui vole les clés et le mot de passe d’une personne chargée des dossiers peut ouvrir tout ce qui a jamais été envoyé
    par cette voie et enregistré. Les deux autres façons se referment derrière elles.
sealed-knows-answer =
    Il n’y a aucun moyen de vous répondre ni de vous payer. Si vous souhaitez l’un ou l’autre, signalez aussi avec le
    programme en citant le code de reçu.
received-title = Reçu
received-text =
    C’est enregistré, scellé tel que vous l’avez envoyé. L’entrée le transmet aux personnes chargées des dossiers et
    détruit la copie de ce serveur.
received-code = Votre code de reçu, montré seulement maintenant :
received-use =
    Il n’ouvre rien. Il vous permettra de montrer plus tard que cet envoi était le vôtre. Quiconque l’a peut prétendre
    la même chose : gardez-le comme les douze mots, ou pas du tout.
received-classic = Vous avez utilisé un destinataire qu’un futur ordinateur quantique pourrait casser.
failed-back = Vers la première page
failed-missing-title = Il n’y a rien ici
failed-missing =
    Il n’y a rien à cette adresse, ou plus rien. Elle est peut-être mal écrite. Rien n’a été enregistré.
failed-unfit-title = Cela n’a pas fonctionné
failed-unfit =
    Cette adresse n’accepte pas ce que votre navigateur a envoyé. Rien n’a été enregistré. Veuillez recommencer depuis
    la première page.
failed-busy-title = Le serveur est occupé
failed-busy =
    Trop de demandes sont en cours. Rien n’a été enregistré. Veuillez réessayer dans une minute.
failed-broken-title = Le serveur est en panne
failed-broken =
    Le serveur ne peut pas enregistrer ou lire ceci pour le moment. Ce qui a été accepté auparavant est conservé.
    Veuillez réessayer plus tard.
refused-title = Non reçu
refused-nothing = Rien n’a été enregistré.
refused-back = Retour au formulaire
refused-empty = Le formulaire était vide : collez le texte ou choisissez un fichier, pas les deux.
refused-not-age =
    Ce n’est pas un fichier age complet. Si vous l’avez collé, prenez tout, de la ligne BEGIN à la ligne END. Si c’était
    votre signalement en clair : il a traversé le réseau jusqu’à ce serveur. Le serveur en a lu le début, n’a rien
    enregistré et a effacé ce qu’il pouvait ; une partie peut rester dans sa mémoire jusqu’à ce que celle-ci resserve.
    Chiffrez-le avant de l’envoyer à nouveau.
refused-passphrase =
    Ce fichier est verrouillé par une phrase secrète que les personnes chargées des dossiers n’ont pas : chiffrez plutôt
    pour les destinataires indiqués.
refused-other =
    Ce fichier est scellé pour un autre type de clé, par exemple une clé SSH. Chiffrez pour les destinataires de cette
    page.
refused-too-long =
    C’est plus long que ce que l’entrée accepte. Envoyez moins, ou utilisez le programme, qui accepte les gros fichiers.
refused-broken = Le transfert s’est interrompu ou n’était pas un formulaire. Veuillez réessayer.
refused-busy = Trop de personnes envoient en ce moment. Veuillez réessayer dans quelques minutes.
refused-full = Il n’y a pas de place pour le moment. Réessayez plus tard ou utilisez le programme.
