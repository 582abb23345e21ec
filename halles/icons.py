"""Which drawing stands for a category: by its id or its schema.org type, or by what it is part of.

The drawings are symbols of the theme's ``icons.svg``; a category that none of this names is a
stall of the market like any other.
"""

from collections.abc import Iterable, Mapping

STALL = "stall"
_DRAWN = {
    "basket": "alimentation epicerie GroceryStore ConvenienceStore DepartmentStore",
    "beer": "microbrasserie bieres bar Brewery BarOrPub NightClub",
    "bike": "velo BikeStore",
    "blocks": "enfants-et-jouets jouets bebe ToyStore ChildCare",
    "book": "livres-et-papeterie librairie livres BookStore Library",
    "boot": "chaussures ShoeStore",
    "bread": "boulangerie pains viennoiseries Bakery",
    "cake": "patisserie gateaux chocolaterie chocolats confiserie glacier IceCreamShop",
    "candle": "bougies",
    "carrot": "fruits-et-legumes fruiterie ferme legumes fruits",
    "cheese": "fromagerie fromages laiterie",
    "cross": "pharmacie Pharmacy MedicalBusiness MedicalClinic",
    "cup": "cafe torrefacteur torrefaction cafes-en-grains thes-et-tisanes CafeOrCoffeeShop",
    "fish": "poissonnerie poissons fruits-de-mer",
    "flower": "fleuriste Florist",
    "fork": "restaurants-et-cafes restaurant Restaurant FoodEstablishment",
    "frame": "galerie-d-art ArtGallery Museum",
    "fries": "casse-croute FastFoodRestaurant",
    "hammer": "ebenisterie quincaillerie HardwareStore",
    "honey": "apiculture miel",
    "house": "maison-et-jardin articles-de-cuisine HomeGoodsStore FurnitureStore",
    "maple": "erabliere sirop-erable produits-erable",
    "meat": "boucherie charcuterie viandes",
    "mountain": "loisirs-et-plein-air plein-air SportingGoodsStore",
    "note": "musique MusicStore",
    "paw": "animalerie PetStore",
    "pencil": "papeterie OfficeEquipmentStore",
    "plant": "jardinerie GardenStore",
    "pot": "artisanat ceramique",
    "press": "imprimerie",
    "ring": "bijouterie JewelryStore",
    "scissors": "coiffure HairSalon",
    "screen": "informatique ComputerStore ElectronicsStore MobilePhoneStore",
    "shirt": "mode vetements ClothingStore",
    "soap": "beaute-et-soins savonnerie savons cosmetiques HealthAndBeautyBusiness BeautySalon",
    "tuque": "accessoires",
    "wine": "vignoble vins cidrerie cidres distillerie spiritueux Winery Distillery LiquorStore",
    "wrench": "services reparation AutoRepair ProfessionalService",
    "yarn": "laine-et-tricot literie-et-textiles HobbyShop",
}
ICONS: Mapping[str, str] = {name: icon for icon, names in _DRAWN.items() for name in names.split()}


def icon_of(way: Iterable[tuple[str, str]]) -> str:
    """Return the icon of a category, whose ``way`` gives (id, schema type) from the root down.

    >>> icon_of([("alimentation", ""), ("boulangerie", "Bakery")])
    'bread'
    >>> icon_of([("alimentation", ""), ("algues", "")]), icon_of([("divers", "")])
    ('basket', 'stall')
    """
    for category, schema in reversed([*way]):
        if icon := ICONS.get(category) or ICONS.get(schema):
            return icon
    return STALL
