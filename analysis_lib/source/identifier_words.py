"""Words by which columns with direct identifiers are called, without accents, in lower case."""

from __future__ import annotations

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
