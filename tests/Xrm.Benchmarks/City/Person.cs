using Xrm.Sdk;

namespace City;

/// <summary>Somebody who lives there.</summary>
public static class Person
{
    public static readonly EntityType Type = EntityType.Named("Person", Label.Of("Personne", "Person")).Plural("persons", Label.Of("Personnes", "Persons"));
    public static readonly Field<string> FirstName = Type.Text("firstName", Label.Of("Prénom", "First name")).Required().Searchable();
    public static readonly Field<string> LastName = Type.Text("lastName", Label.Of("Nom", "Last name")).Required().Searchable();
    public static readonly Field<string> Email = Type.Email("email", Label.Of("Adresse électronique", "E-mail")).Searchable().Sensitive(Sensitivity.Personal);
    public static readonly Field<string> Phone = Type.Phone("phone", Label.Of("Téléphone", "Phone")).Searchable().Sensitive(Sensitivity.Personal);
    public static readonly Field<DateOnly> BirthDate = Type.Date("birthDate", Label.Of("Date de naissance", "Birth date")).Sensitive(Sensitivity.Personal);
    public static readonly Field<string> Street = Type.Text("street", Label.Of("Rue", "Street")).Sensitive(Sensitivity.Personal);
    public static readonly Field<string> Postcode = Type.Text("postcode", Label.Of("Code postal", "Postcode"), 5);
    public static readonly Field<string> City = Type.Text("city", Label.Of("Ville", "City"));
    /// <summary>When they were first known of, wherever the data comes from.</summary>
    public static readonly Field<DateTimeOffset> KnownSince = Type.DateTime("knownSince", Label.Of("Connue depuis", "Known since"));

    static Person() => Type.DisplayedAs(FirstName, LastName);
}
