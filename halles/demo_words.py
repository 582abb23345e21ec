"""What a made-up site is made of: real places, invented shops and things.

Tables are texts, one row a line, since that is how they are read and mended.
"""

from typing import NamedTuple


class Town(NamedTuple):
    """A municipality and where its middle is."""

    name: str
    lat: float
    lon: float


class Area(NamedTuple):
    """A region: its share of merchants in thousandths, and its towns, big ones first."""

    id: str
    code: str
    name: str
    share: int
    phones: tuple[str, ...]
    postal: tuple[str, ...]
    towns: tuple[Town, ...]


class Trade(NamedTuple):
    """A category that merchants are filed under, and the things they sell."""

    id: str
    fr: str
    en: str
    schema: str
    heads: tuple[str, ...]
    goods: tuple[tuple[str, str], ...]
    cents: int
    """What a typical thing costs."""
    eaten: bool


_PHONES = {
    "ouest": ("514", "438", "263"),
    "couronne": ("450", "579", "354"),
    "est": ("418", "581", "367"),
    "centre": ("819", "873", "468"),
}

_AREAS = """
bas-saint-laurent|01|Bas-Saint-Laurent|23|est|G5L G5R G4W G5H|Rimouski 48.45 -68.53;Rivière-du-Loup 47.83 -69.53;Matane 48.84 -67.52;Mont-Joli 48.58 -68.18;Amqui 48.46 -67.43;La Pocatière 47.37 -70.04;Trois-Pistoles 48.12 -69.17
saguenay-lac-saint-jean|02|Saguenay–Lac-Saint-Jean|33|est|G7H G7S G8B G8H|Saguenay 48.42 -71.06;Alma 48.55 -71.65;Dolbeau-Mistassini 48.88 -72.23;Roberval 48.52 -72.22;Saint-Félicien 48.65 -72.45;L’Anse-Saint-Jean 48.23 -70.20
capitale-nationale|03|Capitale-Nationale|90|est|G1R G1K G1V G2B G3Z|Québec 46.82 -71.22;L’Ancienne-Lorette 46.80 -71.36;Baie-Saint-Paul 47.44 -70.50;La Malbaie 47.65 -70.15;Beaupré 47.05 -70.89;Donnacona 46.68 -71.72;Stoneham 47.00 -71.37
mauricie|04|Mauricie|32|centre|G8T G9A G9N G9X|Trois-Rivières 46.35 -72.55;Shawinigan 46.57 -72.75;Louiseville 46.26 -72.94;La Tuque 47.44 -72.78;Saint-Tite 46.73 -72.56
estrie|05|Estrie|58|centre|J1H J1L J1X J2G|Sherbrooke 45.40 -71.89;Granby 45.40 -72.73;Magog 45.27 -72.15;Cowansville 45.21 -72.75;Coaticook 45.13 -71.80;Lac-Mégantic 45.58 -70.88;Sutton 45.11 -72.62
montreal|06|Montréal|230|ouest|H1L H2J H2X H3B H4C H8R|Montréal 45.52 -73.58;Saint-Laurent 45.51 -73.68;Verdun 45.46 -73.57;Lachine 45.44 -73.68;Westmount 45.48 -73.60;Pointe-Claire 45.45 -73.80;Montréal-Nord 45.60 -73.63
outaouais|07|Outaouais|46|centre|J8X J8P J9H J9E|Gatineau 45.48 -75.65;Chelsea 45.51 -75.79;Cantley 45.57 -75.78;Maniwaki 46.38 -75.97;Thurso 45.60 -75.25
abitibi-temiscamingue|08|Abitibi-Témiscamingue|17|centre|J9X J9P J9T|Rouyn-Noranda 48.24 -79.02;Val-d’Or 48.10 -77.79;Amos 48.57 -78.12;La Sarre 48.80 -79.20;Ville-Marie 47.33 -79.43
cote-nord|09|Côte-Nord|10|est|G4R G4Z G5B|Sept-Îles 50.21 -66.38;Baie-Comeau 49.22 -68.15;Port-Cartier 50.03 -66.87;Forestville 48.74 -69.08;Les Escoumins 48.35 -69.41
nord-du-quebec|10|Nord-du-Québec|5|centre|G8P J0Y|Chibougamau 49.91 -74.37;Chapais 49.78 -74.86;Lebel-sur-Quévillon 49.05 -76.98;Matagami 49.76 -77.63
gaspesie-iles-de-la-madeleine|11|Gaspésie–Îles-de-la-Madeleine|13|est|G4X G0C G4T|Gaspé 48.83 -64.49;Chandler 48.35 -64.68;Carleton-sur-Mer 48.10 -66.13;New Richmond 48.17 -65.86;Sainte-Anne-des-Monts 49.12 -66.49;Percé 48.52 -64.21
chaudiere-appalaches|12|Chaudière-Appalaches|50|est|G6V G5Y G6G G6E|Lévis 46.74 -71.24;Saint-Georges 46.12 -70.67;Thetford Mines 46.10 -71.30;Sainte-Marie 46.45 -71.03;Montmagny 46.98 -70.55;Beauceville 46.20 -70.78
laval|13|Laval|49|couronne|H7N H7L H7V H7X|Laval 45.58 -73.72;Chomedey 45.54 -73.74;Sainte-Rose 45.61 -73.79;Duvernay 45.59 -73.67
lanaudiere|14|Lanaudière|60|couronne|J6W J5Z J6E J0K|Terrebonne 45.70 -73.63;Repentigny 45.75 -73.45;Mascouche 45.75 -73.60;Joliette 46.02 -73.44;L’Assomption 45.83 -73.42;Rawdon 46.05 -73.71;Saint-Donat 46.32 -74.22
laurentides|15|Laurentides|74|couronne|J7Z J7C J8B J8E|Saint-Jérôme 45.78 -74.00;Blainville 45.67 -73.88;Mirabel 45.66 -74.04;Sainte-Adèle 45.95 -74.13;Mont-Tremblant 46.12 -74.60;Val-David 46.03 -74.21;Mont-Laurier 46.55 -75.50
monteregie|16|Montérégie|176|couronne|J4K J4Z J3B J2S J3L J6S|Longueuil 45.53 -73.51;Brossard 45.46 -73.46;Saint-Jean-sur-Richelieu 45.31 -73.26;Saint-Hyacinthe 45.62 -72.95;Châteauguay 45.37 -73.74;Salaberry-de-Valleyfield 45.26 -74.13;Chambly 45.45 -73.29;Sorel-Tracy 46.03 -73.11
centre-du-quebec|17|Centre-du-Québec|34|centre|J2C G6P G9H J3T|Drummondville 45.88 -72.49;Victoriaville 46.06 -71.96;Bécancour 46.34 -72.43;Nicolet 46.22 -72.61;Plessisville 46.22 -71.77
"""

_TRUNKS = """
alimentation|Alimentation|Food
boissons|Boissons|Drinks
table|À table|Eating out
artisanat|Artisanat|Crafts
maison|Maison et jardin|Home and garden
mode|Mode|Fashion
soins|Beauté et soins|Beauty and care
culture|Culture et loisirs|Culture and leisure
"""

# Under which trunk; id; names; schema.org type; how shops begin their name; things (fr = en); cents.
_TRADES = """
alimentation|boulangerie|Boulangerie|Bakery|Bakery|Boulangerie,Le Four|Miche=Loaf,Baguette=Baguette,Pain de ménage=Sandwich loaf,Brioche=Brioche,Fougasse=Fougasse|650
alimentation|patisserie|Pâtisserie|Pastry shop|Bakery|Pâtisserie,Gâterie|Tarte=Pie,Gâteau=Cake,Sablés=Shortbread,Macarons=Macarons,Galettes=Cookies|1400
alimentation|fromagerie|Fromagerie|Cheese shop||Fromagerie,La Meule|Tomme=Tomme,Bleu=Blue cheese,Cheddar vieilli=Aged cheddar,Fromage frais=Fresh cheese,Fromage en grains=Cheese curds|1150
alimentation|boucherie|Boucherie|Butcher||Boucherie,Le Billot|Saucisses=Sausages,Rôti=Roast,Bavette=Flank steak,Jarret=Shank,Boudin=Blood pudding|1800
alimentation|poissonnerie|Poissonnerie|Fishmonger||Poissonnerie,La Criée|Saumon fumé=Smoked salmon,Crevettes nordiques=Northern shrimp,Pétoncles=Scallops,Truite=Trout,Bourgots=Whelks|2100
alimentation|epicerie|Épicerie|Grocery store|GroceryStore|Épicerie,Marché|Farine=Flour,Granola=Granola,Œufs=Eggs,Beurre=Butter,Soupe aux pois=Pea soup|790
alimentation|epicerie-fine|Épicerie fine|Fine foods|GroceryStore|Le Garde-manger,Comptoir|Moutarde=Mustard,Chutney=Chutney,Tapenade=Tapenade,Vinaigre de cidre=Cider vinegar,Huile de caméline=Camelina oil|1250
alimentation|fruits-et-legumes|Fruits et légumes|Fruit and vegetables|GroceryStore|Ferme,Jardins|Panier de légumes=Vegetable basket,Carottes=Carrots,Pommes=Apples,Bleuets=Blueberries,Courges=Squash|850
alimentation|erabliere|Érablière|Sugar bush||Érablière,Sucrerie|Sirop d’érable=Maple syrup,Beurre d’érable=Maple butter,Tire=Maple taffy,Sucre granulé=Maple sugar,Gelée d’érable=Maple jelly|1500
alimentation|apiculture|Apiculture|Beekeeping||Rucher,Miellerie|Miel=Honey,Miel crémeux=Creamed honey,Hydromel=Mead,Rayon de miel=Honeycomb,Chandelle de cire=Beeswax candle|1300
alimentation|chocolaterie|Chocolaterie|Chocolate shop||Chocolaterie,Cacao|Tablette=Chocolate bar,Truffes=Truffles,Ganaches=Ganaches,Tartinade=Spread,Lapin en chocolat=Chocolate rabbit|1100
alimentation|confiserie|Confiserie|Candy shop||Confiserie,Bonbons|Caramels=Caramels,Nougat=Nougat,Guimauves=Marshmallows,Sucre à la crème=Fudge,Sucettes=Lollipops|750
alimentation|traiteur|Traiteur|Caterer|FoodEstablishment|Traiteur,La Marmite|Tourtière=Meat pie,Pâté chinois=Shepherd’s pie,Cipaille=Sea pie,Lasagne=Lasagna,Quiche=Quiche|1600
alimentation|depanneur|Dépanneur|Convenience store|ConvenienceStore|Dépanneur,Chez|Lait=Milk,Croustilles=Potato chips,Pain tranché=Sliced bread,Limonade=Lemonade,Piles=Batteries|520
boissons|torrefaction|Torréfaction|Coffee roaster||Torréfaction,Brûlerie|Café en grains=Coffee beans,Café moulu=Ground coffee,Espresso=Espresso beans,Décaféiné=Decaf,Café infusé à froid=Cold brew|1850
boissons|thes-et-tisanes|Thés et tisanes|Teas||Maison de thé,Tisanerie|Thé noir=Black tea,Thé vert=Green tea,Tisane=Herbal tea,Chaï=Chai,Infusion=Infusion|1200
boissons|microbrasserie|Microbrasserie|Microbrewery|Brewery|Microbrasserie,Brasserie|Blonde=Blonde ale,Rousse=Red ale,Stout=Stout,Blanche=Wheat beer,India pale ale=India pale ale|480
boissons|cidrerie|Cidrerie|Cidery|Winery|Cidrerie,Verger|Cidre sec=Dry cider,Cidre de glace=Ice cider,Poiré=Perry,Cidre rosé=Rosé cider,Jus de pomme=Apple juice|1700
boissons|vignoble|Vignoble|Winery|Winery|Vignoble,Domaine|Vin blanc=White wine,Vin rouge=Red wine,Vin rosé=Rosé,Mousseux=Sparkling wine,Vendange tardive=Late harvest|2200
boissons|distillerie|Distillerie|Distillery|Distillery|Distillerie,Alambic|Gin=Gin,Vodka=Vodka,Acérum=Acerum,Liqueur=Liqueur,Amer=Bitters|4200
table|restaurant|Restaurant|Restaurant|Restaurant|Restaurant,Bistro|Table d’hôte=Set menu,Bol du midi=Lunch bowl,Sauce maison=House sauce,Carte-cadeau=Gift card|2800
table|cafe|Café|Café|CafeOrCoffeeShop|Café,Le Percolateur|Muffin=Muffin,Sandwich=Sandwich,Tasse=Mug,Sac de café=Bag of coffee|900
table|casse-croute|Casse-croûte|Snack bar|FastFoodRestaurant|Cantine,Casse-croûte|Poutine=Poutine,Guédille=Lobster roll,Hot-dog=Hot dog,Galvaude=Galvaude|1150
artisanat|ceramique|Céramique|Ceramics||Poterie,Atelier|Tasse=Mug,Bol=Bowl,Assiette=Plate,Théière=Teapot,Vase=Vase|4200
artisanat|ebenisterie|Ébénisterie|Woodworking||Ébénisterie,Copeaux|Planche à découper=Cutting board,Cuillère=Spoon,Tabouret=Stool,Plateau=Tray,Rouleau à pâte=Rolling pin|6500
artisanat|bijouterie|Bijouterie|Jewellery|JewelryStore|Bijouterie,Orfèvrerie|Bague=Ring,Collier=Necklace,Bracelet=Bracelet,Boucles d’oreilles=Earrings,Broche=Brooch|7800
artisanat|laine-et-tricot|Laine et tricot|Yarn and knitting|HobbyShop|Filature,Lainerie|Écheveau=Skein,Tuque=Tuque,Mitaines=Mittens,Foulard=Scarf,Bas=Socks|3200
artisanat|bougies|Bougies|Candles||Chandellerie,Mèches|Bougie=Candle,Lampion=Votive,Fondants=Wax melts,Diffuseur=Diffuser|2400
maison|quincaillerie|Quincaillerie|Hardware store|HardwareStore|Quincaillerie,Ferronnerie|Marteau=Hammer,Pelle=Shovel,Peinture=Paint,Charnière=Hinge,Corde=Rope|2600
maison|jardinerie|Jardinerie|Garden centre|GardenStore|Pépinière,Serres|Semences=Seeds,Compost=Compost,Bulbes=Bulbs,Jardinière=Planter,Terreau=Potting soil|1400
maison|fleuriste|Fleuriste|Florist|Florist|Fleuriste,Fleurs|Bouquet=Bouquet,Couronne=Wreath,Plante verte=House plant,Fleurs séchées=Dried flowers|3900
maison|antiquites|Antiquités|Antiques||Brocante,Antiquités|Chaise=Chair,Lampe=Lamp,Cadre=Frame,Coffre=Chest|8500
mode|vetements|Vêtements|Clothing|ClothingStore|Boutique,Couture|Chandail=Sweater,Robe=Dress,Chemise=Shirt,Manteau=Coat,Tablier=Apron|7200
mode|chaussures|Chaussures|Shoes|ShoeStore|Chaussures,Cordonnerie|Bottes=Boots,Mocassins=Moccasins,Lacets=Laces,Semelles=Insoles|11500
soins|savonnerie|Savonnerie|Soap maker||Savonnerie,Bulles|Savon=Soap,Shampooing en barre=Shampoo bar,Savon à barbe=Shaving soap,Sels de bain=Bath salts|950
soins|cosmetiques|Cosmétiques|Cosmetics|HealthAndBeautyBusiness|Herboristerie,Onguents|Baume=Balm,Crème=Cream,Huile corporelle=Body oil,Onguent=Ointment,Exfoliant=Scrub|2300
soins|pharmacie|Pharmacie|Pharmacy|Pharmacy|Pharmacie|Pastilles=Lozenges,Pansements=Bandages,Dentifrice=Toothpaste,Vitamines=Vitamins|1400
culture|librairie|Librairie|Bookshop|BookStore|Librairie,Bouquinerie|Roman=Novel,Bande dessinée=Comic book,Recueil de poèmes=Book of poems,Livre de recettes=Cookbook,Album jeunesse=Picture book|2700
culture|papeterie|Papeterie|Stationery||Papeterie,Reliure|Carnet=Notebook,Carte de souhaits=Greeting card,Affiche=Poster,Agenda=Planner|1500
culture|jouets|Jouets|Toys|ToyStore|Jouets,Toupie|Casse-tête=Puzzle,Toupie=Spinning top,Jeu de société=Board game,Poupée=Doll|3400
culture|musique|Musique|Music|MusicStore|Disques,Lutherie|Vinyle=Record,Cordes=Strings,Harmonica=Harmonica,Partition=Sheet music|2900
culture|velo|Vélo|Bicycles|BikeStore|Vélo,Cycles|Chambre à air=Inner tube,Casque=Helmet,Sonnette=Bell,Mise au point=Tune-up|3600
"""

# So chosen that their first two letters differ: they begin ids, and two letters name a folder.
_NAMES = """
Abel Acadie Adèle Aéré Agathe Aiglon Ajonc Alaric Ambre Anselme Aoûté Apolline Aquilon Arsenault Astérie Atocas Aubépine Avril Azur
Babiche Beaulieu Bison Blanchet Bolduc Brisebois Bouleau Bussière Byette Caron Cèdre Charlebois Cigale Clairval Cormier Crépuscule Cusson Cyprien
Dallaire Delisle Diable Dominique Drave Dubé Dynamo Ébène Écluse Édith Égérie Élan Émeri Entrelac Épinette Équinoxe Érable Estelle Étoile Eudore Évasion Exil
Falaise Fenouil Fillion Flamand Fortin Frênette Fugère Gagnon Genévrier Giroux Glaneuse Godbout Grenier Guillemette Gypse
Hamelin Hébert Hirondelle Horizon Huart Hydrange Ibis Idylle Igloo Île-Verte Imbeault Inukshuk Iris Isatis Ivoire Jalbert Jérémie Jolicœur Juneau
Kamouraska Kérouac Kirouac Koksoak Labelle Lemieux Lilas Loriot Luneau Lyrette Mailloux Merisier Michaud Moisson Mûrier Myrique
Nadeau Neige Nicolet Nordet Nuage Nymphéa Oasis Obier Océane Odilon Œillet Ogilvy Oiselle Olivette Ombrage Onagre Opale Orignal Osier Otis Ouellet Ovide Oxford
Pagé Pelletier Pivert Plume Poirier Prunier Puyjalon Pyrole Quatre-Saisons Quenouille Quiscale Quotidien Racine Renaud Rivard Roitelet Ruisseau
Saint-Cyr Sève Sirois Skieur Smyrne Sorbier Spirée Strobus Suroît Sylvestre Tadoussac Tessier Thuya Tilleul Tourigny Tremblay Turcotte
Ulric Union Urbain Usinier Utopie Vachon Verger Violette Voltigeur Vulpin Wapiti Wendake Xavier Yamaska Yergeau Yolande Zacharie Zéphyr Zoé Zouave
"""

AREAS = tuple(
    Area(
        own,
        code,
        name,
        int(share),
        _PHONES[phones],
        tuple(postal.split()),
        tuple(
            Town(*(town, float(lat), float(lon)))
            for town, lat, lon in (one.rsplit(" ", 2) for one in towns.split(";"))
        ),
    )
    for own, code, name, share, phones, postal, towns in (
        line.split("|") for line in _AREAS.strip().splitlines()
    )
)
TRUNKS = tuple(line.split("|") for line in _TRUNKS.strip().splitlines())


def _trade(fields: list[str]) -> Trade:
    trunk, own, fr, en, schema, heads, goods, cents = fields
    pairs = (good.partition("=") for good in goods.split(","))
    return Trade(
        own,
        fr,
        en,
        schema,
        tuple(heads.split(",")),
        tuple((french, english) for french, _, english in pairs),
        int(cents),
        trunk in ("alimentation", "boissons", "table"),
    )


TRADES_OF = {
    trunk[0]: tuple(
        _trade(fields)
        for fields in (line.split("|") for line in _TRADES.strip().splitlines())
        if fields[0] == trunk[0]
    )
    for trunk in TRUNKS
}
TRADES = tuple(trade for trades in TRADES_OF.values() for trade in trades)
NAMES = tuple(_NAMES.split())

LABELS = (
    ("fait-ici", "Fait ici", "Made here", "Tout ce qui compte s’est passé au Québec.",
     "All that matters took place in Québec.", "Le Conseil du fait ici"),
    ("cultive-ici", "Cultivé ici", "Grown here", "Les ingrédients ont poussé au Québec.",
     "The ingredients grew in Québec.", "Le Conseil du fait ici"),
    ("transforme-ici", "Transformé ici", "Prepared here", "La transformation a eu lieu au Québec.",
     "The preparation took place in Québec.", "L’Ordre des mains habiles"),
    ("bio-d-ici", "Bio d’ici", "Organic and local", "Cultivé ici, et certifié biologique.",
     "Grown here, and certified organic.", "L’Ordre des mains habiles"),
)  # fmt: skip
STREETS = (
    "rue Principale", "rang Saint-Joseph", "chemin du Lac", "rue de l’Église", "avenue des Pins",
    "boulevard Laurier", "rue Notre-Dame", "chemin des Patriotes", "rang Double", "rue du Marché",
    "avenue Cartier", "rue Saint-Jean", "montée des Bouleaux", "côte de la Fabrique", "rue Wolfe",
)  # fmt: skip
TAGS = (
    "bio", "sans gluten", "végane", "cadeaux", "cueillette", "vrac", "consigne", "terrasse",
    "dégustation", "fait main", "zéro déchet", "famille", "visite guidée", "levain", "occasion",
)  # fmt: skip
FLAVOURS = (
    ("à l’ancienne", "old style"), ("aux bleuets", "with blueberries"), ("à l’érable", "with maple"),
    ("du dimanche", "for Sundays"), ("de saison", "in season"), ("des récoltes", "of the harvest"),
    ("du matin", "of the morning"), ("à la camerise", "with haskap"), ("nature", "plain"),
    ("au sapin baumier", "with balsam fir"), ("à la fleur de sel", "with sea salt"),
    ("au thé du Labrador", "with Labrador tea"), ("aux pommes", "with apples"), ("fumé", "smoked"),
)  # fmt: skip
MANNERS = (
    ("de l’atelier", "of the workshop"), ("du voisin", "of the neighbour"), ("bleu nuit", "midnight blue"),
    ("des fêtes", "for the holidays"), ("de la vallée", "of the valley"), ("d’hiver", "for winter"),
    ("à rayures", "with stripes"), ("du premier jour", "of the first day"), ("simple", "plain"),
    ("d’après-midi", "of the afternoon"), ("de poche", "for the pocket"), ("rouge brique", "brick red"),
)  # fmt: skip
WEIGHTS = (
    ("250 g", "250 g"), ("500 g", "500 g"), ("1 kg", "1 kg"), ("200 ml", "200 ml"),
    ("paquet de 6", "pack of 6"), ("paquet de 12", "pack of 12"), ("grand format", "large"),
)  # fmt: skip
FORMATS = (
    ("petit", "small"), ("moyen", "medium"), ("grand", "large"), ("coffret", "boxed"),
    ("paire", "pair"), ("édition limitée", "limited edition"),
)  # fmt: skip
BRANDS = ("Maison Huart", "Cap Bleu", "Les Deux Rives", "Rang Six", "Boréale et fils", "Quai 9")
HOURS = (
    "Mo-Fr 08:00-17:30; Sa 08:00-16:00; PH off", "Tu-Sa 10:00-18:00", "Mo-Su 07:00-21:00",
    "Th-Fr 10:00-20:00; Sa-Su 10:00-17:00", "Mo-Fr 09:00-12:00,13:00-17:00", "24/7",
    "May-Oct Mo-Su 09:00-18:00", "We-Su 11:00-23:00; PH 12:00-20:00", "Sa 09:00-12:00",
)  # fmt: skip
OPENERS = (
    ("À {town} depuis {year}, on travaille avec les gens des environs.",
     "In {town} since {year}, working with people from around here."),
    ("Trois générations derrière la même porte qui grince.",
     "Three generations behind the same creaking door."),
    ("On entre pour une chose, on sort avec quatre.",
     "You come in for one thing and leave with four."),
    ("Tout est fait derrière le comptoir, en petites quantités.",
     "Everything is made behind the counter, in small batches."),
)  # fmt: skip
MIDDLES = (
    ("Les **circuits courts** d’abord, et le reste *à pied*.",
     "**Short supply chains** first, and the rest *on foot*."),
    ("Le jeudi, on goûte; le samedi, il y a foule.",
     "Thursday is for tasting; Saturday is crowded."),
    ("Les contenants reviennent, les clients aussi.",
     "The containers come back, and so do the customers."),
    ("Demandez {name} : on sait tout, on dit le reste.",
     "Ask for {name}: we know it all and tell the rest."),
)  # fmt: skip
NOTES = (
    ("Préparé en petits lots.", "Made in small batches."),
    ("Se garde au frais deux semaines.", "Keeps two weeks in the cold."),
    ("Le premier à partir le samedi.", "The first to go on Saturdays."),
    ("Un cadeau d’hôte qu’on remarque.", "A host’s gift that gets noticed."),
    ("Simple, et c’est bien assez.", "Simple, and quite enough."),
)  # fmt: skip
COLOURS = ("a33b20", "2f5d50", "b7791f", "31497a", "6b3fa0", "8a5a2b")
