"""Words by which columns with direct identifiers are called, without accents, in lower case."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from functools import lru_cache
from itertools import islice

import pandas as pd

# One of these words anywhere in the name of a column.
_LISTED = """
surname forename lastname firstname fullname givenname maidenname familyname initials
mrn ssn nhs dob birthdate birthday birthdt email mail phone telephone mobile fax cellphone
address street postcode postalcode zip zipcode ipaddress insurance passport licence license
url hospitalnumber recordnumber medicare medicaid
nachname familienname vorname geburtsname geburtsdatum geburtstag gebdat gebdatum telefon
handy anschrift adresse strasse plz postleitzahl wohnort krankenkasse krankenversicherung
versichertennummer kvnr sozialversicherungsnummer svnr ausweis
prenom naissance courriel nir
apellido apellidos nombres nacimiento telefono direccion correo dni seguridad
cognome nascita indirizzo codicefiscale
sobrenome apelido nascimento telefone endereco morada cpf
achternaam voornaam geboortedatum telefoon adres bsn
efternamn fornamn fodelsedatum personnummer adress efternavn fornavn fodselsdato cpr
fodselsnummer
nazwisko imie pesel urodzenia prijmeni jmeno rodne
sukunimi etunimi syntymaaika henkilotunnus
"""
WORDS = frozenset(_LISTED.split())

# These words in this order anywhere in the name, with or without a separator.
PHRASES = (
    "last name",
    "family name",
    "first name",
    "given name",
    "middle name",
    "maiden name",
    "full name",
    "patient name",
    "date of birth",
    "birth date",
    "year of birth",
    "geb dat",
    "medical record",
    "record number",
    "hospital number",
    "social security",
    "national id",
    "e mail",
    "cell phone",
    "zip code",
    "postal code",
    "ip address",
    "account number",
    "nom de famille",
    "nom patient",
    "code postal",
    "securite sociale",
    "codigo postal",
    "historia clinica",
    "codice fiscale",
    "tessera sanitaria",
    "numero de telephone",
    "rodne cislo",
)

# The whole name of the column, whatever separates its words.
_ALONE = "name nom nome nombre naam namn navn nimi birth ip tel tlf nss nif"
WHOLE_NAMES = frozenset(_ALONE.split())


_LOOKED_AT = 500
_NAME = r"[^\W\d_][\w'’.-]*"
# What one value looks like; a column is identifying when at least half of its values do.
_VALUES = re.compile(
    "|".join(
        (
            r"[^@\s]+@[^@\s]+\.[a-z]{2,}",  # e-mail
            r"(?:\+|00)\d[\d ()/.-]{7,}\d",  # telephone with its country
            r"\(?0\d{2,4}\)?[ /-]\d[\d -]{4,}\d",  # telephone with its area
            r"\(\d{3}\) ?\d{3}-\d{4}|\d{3}[-.]\d{3}[-.]\d{4}",  # telephone, North America
            r"\d{3}-\d{2}-\d{4}",  # social security, United States
            r"\d{3} \d{3} \d{4}",  # NHS number
            r"[12] ?\d{2} ?\d{2} ?\w{2} ?\d{3} ?\d{3}(?: ?\d{2})?",  # securite sociale
            r"\d{6}(?:\d{2})?[-+]\d{4}",  # personal number, Nordic
            r"[a-z]{6}\d{2}[a-z]\d{2}[a-z]\d{3}[a-z]",  # codice fiscale
            r"[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){3,7}(?: ?[a-z0-9]{1,3})?",  # IBAN
            r"(?:\d{1,3}\.){3}\d{1,3}",  # IP address
        )
    ),
    re.IGNORECASE,
)
_SURNAME_FIRST = re.compile(rf"{_NAME}(?: {_NAME})?, {_NAME}(?: {_NAME})*")
_TWO_WORDS = re.compile(r"[^\W\d_a-z][^\W\d_]+(?: [^\W\d_a-z][^\W\d_]+){1,2}")
_FEW = 5


def identifying_columns(
    table: pd.DataFrame,
    known: Collection[str] = (),
    original: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """The columns of a text table that look like direct identifiers, in the table's order.

    Parameters
    ----------
    known
        Variables of the dictionary: their names say what they are, only their values are judged.
    original
        What the extract calls the columns that a mapping renamed, ours -> theirs.
    """
    theirs = original or {}
    return tuple(
        name
        for name in table.columns
        if (name not in known and is_identifying_name(name))
        or is_identifying_name(theirs.get(name, ""))
        or holds_identifiers(table[name], known_name=name in known and name != "patient_id")
    )


@lru_cache(maxsize=100_000)
def is_identifying_name(name: str) -> bool:
    """A surname, birth date, record number, address or the like, in the main languages here."""
    words = _words(name)
    phrase = f" {' '.join(words)} "
    return (
        "".join(words) in WHOLE_NAMES
        or not WORDS.isdisjoint(words)
        or any(f" {part} " in phrase or "".join(words) == part.replace(" ", "") for part in PHRASES)
    )


def holds_identifiers(text: pd.Series, *, known_name: bool = False) -> bool:
    """At least half of the values look like a contact, a personal number or a person's name.

    What reads like `Surname, First name` is a group, such as `AML, low risk`, where a few stand
    over and over; two capitalised words are a name only where nearly every row holds another pair.
    """
    counts = Counter(islice((x for x in text if x), _LOOKED_AT))
    total = counts.total()
    if not total:
        return False
    if sum(number for x, number in counts.items() if _VALUES.fullmatch(x)) >= total / 2:
        return True
    names = {x: number for x, number in counts.items() if _SURNAME_FIRST.fullmatch(x)}
    if sum(names.values()) >= total / 2 and len(names) >= sum(names.values()) / 2:
        return True
    if known_name or total < _FEW or len(counts) < 0.9 * total:
        return False
    return sum(number for x, number in counts.items() if _TWO_WORDS.fullmatch(x)) >= 0.9 * total


def _words(name: str) -> list[str]:
    """A column's name as plain lower-case words: `PatNachname`, `date-of_birth`, `prénom`."""
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ø", "o"))
    plain = "".join(x for x in plain if not unicodedata.combining(x))
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain)
    return re.findall(r"[a-z]+", split.casefold())
