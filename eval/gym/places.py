"""The gym's markets and the names of its invented people."""

from typing import NamedTuple

SHOP_CURRENCY = "EUR"
SHOP_ZONE = "Europe/Berlin"


class Place(NamedTuple):
    """One market of the synthetic shop."""

    country: str
    """ISO country."""
    share: float
    """Share of the customers."""
    currency: str
    """What they pay in."""
    language: str
    """What they read."""
    price_factor: float
    """Units of the currency per euro of list price, before rounding to a shelf price."""
    shelf_step: int
    """Shelf prices end on multiples of this many minor units ..."""
    shelf_ending: int
    """... minus this many."""
    tax_rate: float
    """Tax added at the till."""
    shipping_minor: int
    """Standard shipping."""
    free_from_minor: int
    """Basket from which shipping is free."""
    delivery_days: int
    """Usual days to the door."""
    consent_email: float
    """Share that allows marketing by e-mail."""
    consent_sms: float
    """Share that allows it by SMS."""
    consent_push: float
    """Share that has the app and allows push."""
    city: str
    """Where parcels go."""
    zip_code: str
    """A postcode there; Shopify writes a leading apostrophe where it begins with a digit."""


PLACES: tuple[Place, ...] = (
    Place("US", 0.33, "USD", "en", 1.12, 100, 1, 0.07, 690, 7500, 6, 0.78, 0.34, 0.30, "Portland", "'97201"),
    Place("GB", 0.20, "GBP", "en", 0.88, 100, 1, 0.20, 450, 5000, 4, 0.70, 0.20, 0.28, "Leeds", "LS1 4AP"),
    Place("DE", 0.21, "EUR", "de", 1.00, 100, 5, 0.19, 490, 6000, 2, 0.58, 0.08, 0.24, "Leipzig", "'04109"),
    Place("FR", 0.14, "EUR", "fr", 1.02, 100, 10, 0.20, 590, 6000, 3, 0.62, 0.16, 0.25, "Lyon", "'69002"),
    Place("JP", 0.12, "JPY", "ja", 172.0, 100, 20, 0.10, 900, 9000, 7, 0.66, 0.00, 0.36, "Osaka", "'530-0001"),
)
"""Invented shares; consent follows the order one expects of the markets, not a survey."""

GIVEN_NAMES: dict[str, tuple[str, ...]] = {
    "US": ("Ava", "Noah", "Mia", "Liam", "Zoë", "Ethan", "Grace", "José", "Naomi", "Omar", "李娜", "عمر"),
    "GB": ("Isla", "Arthur", "Freya", "George", "Siân", "Harry", "Ifeoma", "Callum", "Priya", "Owen", "נועה", "Niamh"),
    "DE": ("Lena", "Jonas", "Jürgen", "Käthe", "Emre", "Sophie", "Björn", "Yasmin", "Łukasz", "Anna", "Ольга", "Max"),
    "FR": ("Chloé", "Hugo", "Inès", "Léo", "Aïcha", "Jules", "Maëlle", "Rémi", "Élise", "Noé", "فاطمة", "Anaïs"),
    "JP": ("葵", "蓮", "陽菜", "湊", "結衣", "悠真", "さくら", "大翔", "美咲", "ハナ", "直樹", "優子"),
}
"""Given names per market in several scripts, two of them right to left."""

FAMILY_NAMES: dict[str, tuple[str, ...]] = {
    "US": ("Rivers", "Nguyen", "Okafor", "Smithson", "Delgado", "Park", "王", "Hale"),
    "GB": ("Ashdown", "O'Neill", "Patel", "Thwaite", "MacRae", "Bello", "Whitlock", "כהן"),
    "DE": ("Müller-Lang", "Weiß", "Yıldız", "Kowalski", "Brandt", "Großmann", "Петрова", "Öztürk"),
    "FR": ("Lefèvre", "Moreau", "N'Diaye", "Garnier", "D'Arcy", "Benoît", "Haddad", "Çelik"),
    "JP": ("佐藤", "鈴木", "髙橋", "田中", "渡邉", "伊藤", "山本", "中村"),
}
"""Family names per market."""

RATES_ON: tuple[str, ...] = (
    "2024-10-01", "2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01", "2025-12-01", "2026-02-01",
)  # fmt: skip
RATES: dict[str, tuple[str, ...]] = {
    "USD": ("1.0900", "1.0400", "1.0800", "1.1700", "1.1700", "1.1600", "1.1500"),
    "GBP": ("0.8350", "0.8300", "0.8400", "0.8600", "0.8700", "0.8750", "0.8700"),
    "JPY": ("161.00", "162.50", "161.80", "169.00", "173.50", "179.00", "180.50"),
}
"""Invented units per euro from each day of `RATES_ON` on, near what was seen in those months."""

US_AREA_CODES = (
    202, 205, 206, 207, 208, 209, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228, 229, 231, 234,
    239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 276, 281, 301, 302, 303, 304, 305,
    307, 308, 309, 310, 312, 313, 314, 315, 316, 317, 318, 319, 320, 321, 323, 325, 330, 334, 336, 337,
)  # fmt: skip
PHONE_BLOCKS: dict[str, tuple[tuple[str, int], ...]] = {
    "US": tuple((f"+1{area}55501", 2) for area in US_AREA_CODES),
    "GB": tuple(
        (f"+44{area}", 3) for area in ("1134960", "1144960", "1164960", "1174960", "1184960", "1214960", "1314960")
    ),
    "DE": (("+493023125", 3), ("+496990009", 3), ("+494066969", 3), ("+498999998", 3)),
    "FR": (("+3319900", 4), ("+3326191", 4)),
    "JP": (),
}
"""Number blocks that the countries reserve for fiction: prefix and how many digits follow."""
