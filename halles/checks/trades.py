"""What search engines are told of a category: a kind of business that they know.

The names are those of schema.org below LocalBusiness, medical specialities left aside.
"""

from collections.abc import Iterator

from halles.checks import Bearings, Check
from halles.model import Category
from halles.notices import Problem, Rule, Words, nearest

UNKNOWN_SCHEMA_TYPE = Rule(
    code="unknown-schema-type",
    severity="warning",
    says=Words(
        "« {given} » n'est pas un commerce que schema.org connaît.",
        "“{given}” is no kind of business that schema.org knows.",
    ),
    hint=Words(
        "Prenez un nom de https://schema.org/LocalBusiness, comme Bakery, ou enlevez la ligne : "
        "les moteurs de recherche liront LocalBusiness.",
        "Take a name from https://schema.org/LocalBusiness, such as Bakery, or take the line "
        "away: search engines will read LocalBusiness.",
    ),
    about=Words(
        "Le type schema.org d'une catégorie n'est pas celui d'un commerce.",
        "The schema.org type of a category is not one of a business.",
    ),
)
TRADES = frozenset(
    """
    AccountingService AdultEntertainment AmusementPark AnimalShelter ArchiveOrganization ArtGallery
    Attorney AutoBodyShop AutoDealer AutoPartsStore AutoRental AutoRepair AutoWash AutomatedTeller
    AutomotiveBusiness Bakery BankOrCreditUnion BarOrPub BeautySalon BedAndBreakfast BikeStore
    BookStore BowlingAlley Brewery CafeOrCoffeeShop Campground Casino ChildCare ClothingStore
    ComedyClub CommunityHealth ComputerStore ConvenienceStore DaySpa Dentist DepartmentStore
    Distillery DryCleaningOrLaundry Electrician ElectronicsStore EmergencyService EmploymentAgency
    EntertainmentBusiness ExerciseGym FastFoodRestaurant FinancialService FireStation Florist
    FoodEstablishment FurnitureStore GardenStore GasStation GeneralContractor GolfCourse
    GovernmentOffice GroceryStore HVACBusiness HairSalon HardwareStore HealthAndBeautyBusiness
    HealthClub HobbyShop HomeAndConstructionBusiness HomeGoodsStore Hospital Hostel Hotel
    HousePainter IceCreamShop InsuranceAgency InternetCafe JewelryStore LegalService Library
    LiquorStore LocalBusiness Locksmith LodgingBusiness MedicalBusiness MedicalClinic
    MensClothingStore MobilePhoneStore Motel MotorcycleDealer MotorcycleRepair MovieRentalStore
    MovieTheater MovingCompany MusicStore NailSalon NightClub Notary OfficeEquipmentStore Optician
    OutletStore PawnShop PetStore Pharmacy Plumber PoliceStation PostOffice ProfessionalService
    PublicSwimmingPool RadioStation RealEstateAgent RecyclingCenter Resort Restaurant
    RoofingContractor SelfStorage ShoeStore ShoppingCenter SkiResort SportingGoodsStore
    SportsActivityLocation SportsClub StadiumOrArena Store TattooParlor TelevisionStation
    TennisComplex TireShop TouristInformationCenter ToyStore TravelAgency VacationRental
    WholesaleStore Winery
    """.split()  # noqa: SIM905 (a table of words reads better unquoted)
)


def find(category: Category, source: str, bearings: Bearings) -> Iterator[Problem]:
    """Look for types that are none, in a category and all below it."""
    if category.schema and category.schema not in TRADES:
        given = {"given": category.schema, **nearest(category.schema, TRADES)}
        yield Problem(UNKNOWN_SCHEMA_TYPE, ("schema",), given)
    for i, child in enumerate(category.children):
        for problem in find(child, source, bearings):
            yield problem._replace(path=("children", i, *problem.path))


CHECK = Check(of=(Category,), rules=(UNKNOWN_SCHEMA_TYPE,), find=find)
