"""Towns that have more than one name: what the people of one country call a town of another, in
the scripts of the network, and short forms that nobody takes for another town.

From general knowledge. Left out are names that are those of two towns,
such as "Monaco" and "Vienne", and spellings that agree anyway once they are folded.
"""

_TOWNS = """
Wien, Vienna, Bécs, Vídeň, Viedeň, Dunaj, Вена, Βιέννη
Praha, Prague, Prag, Praga
Warszawa, Warsaw, Varsovia, Varsovie, Warschau, Varsavia
Bratislava, Pozsony, Pressburg
Budapest, Budapesta, Будапеща, Будапешт, Βουδαπέστη
București, Bucharest, Bukarest, Bukurešť, Букурещ, Βουκουρέστι
Αθήνα, Athens, Athen, Athènes, Atene, Atenas, Ateny, Atena, Афіни, Athinai
Θεσσαλονίκη, Saloniki, Salonica, Solun, Salonicco
Roma, Rome, Rom, Rím, Rzym, Ρώμη
Milano, Milan, Mailand, Mediolan
Torino, Turin
Napoli, Naples, Neapel, Nápoles, Neapol
Firenze, Florence, Florenz, Florencia, Florencie, Florencja, Φλωρεντία
Venezia, Venice, Venedig, Venise, Wenecja, Benátky, Βενετία
Genova, Genoa, Genua, Gênes
Bologna, Bolonia, Bologne
Barcelona, Barcelone, Барселона, Βαρκελώνη
Madrid, Madryt, Μαδρίτη
Sevilla, Seville, Siviglia, Севиля
Zaragoza, Saragossa, Saragosse
Valencia, Валенсия
Alicante, Alacant
Lisboa, Lisbon, Lissabon, Lisbona, Lisbonne, Lizbona, Λισαβόνα
Porto, Oporto
Köln, Cologne, Colonia, Kolín nad Rýnom, Keulen, Кельн
München, Munich, Monaco di Baviera, Mníchov, Monachium, Мюнхен, Μόναχο
Berlin, Berlino, Βερολίνο
Hamburg, Hamburgo, Amburgo, Гамбург, Αμβούργο
Frankfurt am Main, Frankfurt a. M., Frankfurt, Francoforte, Francfort, Φρανκφούρτη
Frankfurt (Oder), Frankfurt an der Oder, Frankfurt a. d. Oder, Frankfurt nad Odrou
Nürnberg, Nuremberg, Norimberga, Norimberk
Leipzig, Lipsia, Лайпциг
Dresden, Drážďany, Drezno, Дрезден
Bruxelles, Brussels, Brussel, Bruselas, Bruksela, Брюксел, Брюссель, Βρυξέλλες
Antwerpen, Antwerp, Anvers, Amberes, Anversa
Gent, Gand
Liège, Luik, Lüttich
Den Haag, The Hague, Hague, La Haye, La Haya, L'Aia, 's-Gravenhage, Хага, Χάγη
Amsterdam, Άμστερνταμ
Paris, Parigi, Paríž, Párizs, Παρίσι
London, Londres, Londra, Londýn, Λονδίνο
Genève, Geneva, Genf, Ginevra, Ginebra, Ženeva, Γενεύη
Zürich, Zurigo, Цюрих, Ζυρίχη
Basel, Bâle, Basilea
Beograd, Belgrade, Belgrad, Belehrad, Belgrado, Βελιγράδι
Київ, Kiev, Kijów, Κίεβο
Львів, Lvov, Lemberg
Одеса, Οδησσός
Харків, Kharkov
Дніпро, Dnipropetrovsk, Dnepropetrovsk, Днепр
Запоріжжя, Zaporozhye, Запорожье
Миколаїв, Nikolaev
Вінниця, Vinnitsa
Чернівці, Cernăuți, Czernowitz, Черновцы
Ужгород, Uzhhorod, Ungvár
Тернопіль, Tarnopol, Тернополь
Kraków, Krakau, Cracovia, Cracovie
Wrocław, Breslau, Vratislav, Вроцлав
Gdańsk, Danzig
Poznań, Posen
Katowice, Kattowitz
Košice, Kassa, Kaschau
Žilina, Zsolna, Sillein
Trnava, Nagyszombat, Tyrnau
Banská Bystrica, Besztercebánya, Neusohl
Prešov, Eperjes
Komárno, Révkomárom
Brno, Brünn, Бърно
Plzeň, Pilsen
Olomouc, Olmütz
Győr, Raab
Pécs, Fünfkirchen, Päťkostolie
Пловдив, Filipopol, Φιλιππούπολη
Бургас, Μπουργκάς
Constanța, Konstanca, Констанца
Cluj-Napoca, Cluj, Kolozsvár, Klausenburg, Клуж
Timișoara, Temesvár, Темишоара
Oradea, Nagyvárad, Großwardein
Sibiu, Hermannstadt, Nagyszeben
Târgu Mureș, Marosvásárhely, Tîrgu Mureș
Satu Mare, Szatmárnémeti
Iași, Яш
Chișinău, Kishinev, Kišiňov, Кишинів
İstanbul, Stambul, Estambul, Κωνσταντινούπολη
Edirne, Odrin
Скопје, Σκόπια
Zagreb, Záhreb
Ljubljana, Laibach, Lublaň, Ľubľana, Lubiana
København, Copenhagen, Copenaghen, Copenhague, Kodaň, Kopenhaga
Göteborg, Gothenburg
Helsinki, Helsingfors
Moskva, Moscow, Moskau, Moscou, Mosca, Μόσχα
Luxembourg, Lussemburgo, Lucemburk
Nice, Nizza
Marseille, Marsella, Marsiglia, Marseilles, Марсилия
Lyon, Lione, Lyons
Strasbourg, Estrasburgo, Strasburgo, Štrasburk
Hà Nội, Hanoi
Thành phố Hồ Chí Minh, Hồ Chí Minh, Ho Chi Minh City, TP. HCM, HCMC, Saigon, Sài Gòn
Hải Phòng, Haiphong
Đà Nẵng, Danang
"""

TOWNS = tuple(line for line in _TOWNS.splitlines() if line)
"""The names of one town each, separated by comma and space; the first stands for all."""
