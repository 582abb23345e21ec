"""What pages say of themselves outside the templates: titles, descriptions, steps of the way back.

French stands here, as in a template between ``_("…")``; a theme's catalogue has the rest.
"""

SPOKEN = (
    "Régions",
    "Les marchands, région par région.",
    "Catégories",
    "Les marchands, par ce qu’ils vendent.",
    "Les marchands du Québec, région par région, et ce qu’ils vendent.",
    "Parcourir le marché",
    "Chercher dans le marché",
    "Tous les marchands, par région et par catégorie.",
    "Page introuvable",
    "Il n’y a rien à cette adresse.",
    "Données ouvertes",
    "Tous les marchands et leurs produits, à télécharger et à réutiliser\u00a0: CSV, JSON, "
    "GeoJSON.",
    "De retour en stock",
    "Les produits de la région que les magasins ont de nouveau.",
    "de retour en stock",
    "affiche",
    "À imprimer\u00a0: l’adresse, les heures d’ouverture et un code QR.",
    "Arrivées et fermetures",
    "Nouveau marchand\u00a0: {name}",
    "Fermé\u00a0: {name}",
    "{name}\u00a0: les marchands, leurs heures d’ouverture et ce qu’ils vendent.",
    "La carte",
    "Tous les marchands sur une carte, par région, par catégorie et par marque d’origine.",
    "Ma liste",
    "Ce que j’irai acheter, magasin par magasin\u00a0; la liste ne quitte pas mon appareil.",
    "Mes choix",
    "Ce que ce site retient sur mon appareil\u00a0: à voir, à emporter, à effacer.",
    "Hors ligne",
    "Cette page n’a pas été gardée sur cet appareil, et il n’y a pas de réseau.",
)
