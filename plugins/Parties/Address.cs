using Xrm.Sdk;

namespace Parties;

/// <summary>How well the position of an address is known.</summary>
public enum GeoQuality
{
    Entrance,
    Segment,
    Place,
    Commune,
}

/// <summary>A postal address, in the terms of the EU's location vocabulary, with the French keys (rule X-R18).</summary>
public static class Address
{
    public static readonly EntityType Type = EntityType
        .Named("Address", Label.Of("Adresse", "Address"))
        .Plural("addresses", Label.Of("Adresses", "Addresses"));

    public static readonly Field<string> FullAddress = Text("fullAddress", Label.Of("Adresse complète", "Full address"), 300).Required().Searchable();

    public static readonly Field<string> LocatorDesignator = Text("locatorDesignator", Label.Of("Numéro", "Number"), 20).Group(Headings.AddressParts)
        .Help(Label.Of("Avec bis, ter…", "With bis, ter…"));

    public static readonly Field<string> LocatorName = Text("locatorName", Label.Of("Complément", "Building, floor"), 100).Group(Headings.AddressParts);

    public static readonly Field<string> Thoroughfare = Text("thoroughfare", Label.Of("Voie", "Street"), 150).Group(Headings.AddressParts);

    public static readonly Field<string> AddressArea = Text("addressArea", Label.Of("Lieu-dit", "Locality"), 100).Group(Headings.AddressParts);

    public static readonly Field<string> PoBox = Text("poBox", Label.Of("Boîte postale", "PO box"), 20).Group(Headings.AddressParts);

    public static readonly Field<string> PostCode = Type
        .Field("postCode", Label.Of("Code postal", "Postcode"), new PostcodeType())
        .Sensitive(Sensitivity.Personal).Group(Headings.AddressParts);

    public static readonly Field<string> PostName = Text("postName", Label.Of("Commune", "Post town"), 100).Searchable().Group(Headings.AddressParts);

    public static readonly Field<string> InseeCommuneCode = Type
        .Field("inseeCommuneCode", Label.Of("Code INSEE de la commune", "INSEE commune code"), new CommuneCodeType())
        .Sensitive(Sensitivity.Personal).Group(Headings.Place);

    /// <summary>Names the address in the national address base.</summary>
    public static readonly Field<string> CleInterop = Text("cleInterop", Label.Of("Clé d'interopérabilité BAN", "National address base key"), 60).Group(Headings.Place)
        .Pattern("^[A-Za-z0-9_]{16,60}$", "X-R18", Label.Of("La clé a au moins 16 lettres, chiffres ou traits de soulignement.", "The key has at least 16 letters, digits or underscores."));

    public static readonly Field<string> Country = Type
        .Code("country", Label.Of("Pays", "Country"), Codes.Country)
        .Required().Default("FR").Sensitive(Sensitivity.Personal).Group(Headings.AddressParts);

    public static readonly Field<GeoPoint> Position = Type
        .GeoPoint("location", Label.Of("Position", "Location"))
        .Sensitive(Sensitivity.Personal).Group(Headings.Place);

    public static readonly Field<GeoQuality> GeoQuality = Type
        .Choice<GeoQuality>("geoQuality", Label.Of("Qualité de la position", "Quality of the location"),
            (Parties.GeoQuality.Entrance, Label.Of("Entrée", "Entrance")),
            (Parties.GeoQuality.Segment, Label.Of("Segment de voie", "Street segment")),
            (Parties.GeoQuality.Place, Label.Of("Lieu-dit", "Place")),
            (Parties.GeoQuality.Commune, Label.Of("Commune", "Commune")))
        .Group(Headings.Place);

    static Address() => Type.DisplayedAs(FullAddress);

    private static Field<string> Text(string name, Label label, int maxLength) => Type.Text(name, label, maxLength).Sensitive(Sensitivity.Personal);
}
