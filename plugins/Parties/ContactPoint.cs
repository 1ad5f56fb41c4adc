using Xrm.Sdk;

namespace Parties;

/// <summary>By which means somebody is reached.</summary>
public enum ContactChannel
{
    Email,
    Mobile,
    Landline,
    Postal,
    Web,
    Social,
    Fax,
}

/// <summary>In which capacity somebody is reached there.</summary>
public enum ContactUse
{
    Personal,
    Professional,
    Mandate,
    Organisation,
}

/// <summary>Whether it still works.</summary>
public enum ContactStatus
{
    Active,
    Bounced,
    OptedOut,
    Wrong,
}

/// <summary>Who may be told of it; public only for a mandate or an organisation.</summary>
public enum ContactVisibility
{
    Private,
    Internal,
    Public,
}

/// <summary>A way to reach a party. One value with two uses is two contact points.</summary>
public static class ContactPoint
{
    private static readonly EmailType Email = new();
    private static readonly PhoneType Phone = new();
    private static readonly UrlType Web = new();

    public static readonly EntityType Type = EntityType
        .Named("ContactPoint", Label.Of("Point de contact", "Contact point"))
        .Plural("contactPoints", Label.Of("Points de contact", "Contact points"));

    public static readonly Field<ContactChannel> Channel = Type
        .Choice<ContactChannel>("channel", Label.Of("Moyen", "Channel"),
            (ContactChannel.Email, Label.Of("Courriel", "E-mail")),
            (ContactChannel.Mobile, Label.Of("Téléphone mobile", "Mobile phone")),
            (ContactChannel.Landline, Label.Of("Téléphone fixe", "Landline")),
            (ContactChannel.Postal, Label.Of("Courrier", "Post")),
            (ContactChannel.Web, Label.Of("Site ou formulaire", "Web page or form")),
            (ContactChannel.Social, Label.Of("Réseau social", "Social network")),
            (ContactChannel.Fax, Label.Of("Télécopie", "Fax")))
        .Required().Sensitive(Sensitivity.Personal);

    /// <summary>Kept as its channel asks: a number in E.164, an address with its domain in lower case.</summary>
    public static readonly Field<string> Value = Type
        .Text("value", Label.Of("Valeur", "Value"), 300)
        .Required().Searchable().Sensitive(Sensitivity.Personal);

    public static readonly Field<ContactUse> Use = Type
        .Choice<ContactUse>("use", Label.Of("Usage", "Use"),
            (ContactUse.Personal, Label.Of("Personnel", "Personal")),
            (ContactUse.Professional, Label.Of("Professionnel", "Professional")),
            (ContactUse.Mandate, Label.Of("Mandat", "Mandate")),
            (ContactUse.Organisation, Label.Of("Organisation", "Organisation")))
        .Required().Sensitive(Sensitivity.Personal);

    public static readonly Field<int> Rank = Type
        .Integer("rank", Label.Of("Préférence", "Preference"))
        .Min(1).Sensitive(Sensitivity.Personal)
        .Help(Label.Of("1 = préféré.", "1 = preferred."));

    public static readonly Field<DateTimeOffset> VerifiedAt = Type
        .DateTime("verifiedAt", Label.Of("Vérifié le", "Verified at"))
        .Sensitive(Sensitivity.Personal);

    public static readonly Field<ContactStatus> Status = Type
        .Choice<ContactStatus>("status", Label.Of("État", "Status"),
            (ContactStatus.Active, Label.Of("Actif", "Active")),
            (ContactStatus.Bounced, Label.Of("Rejeté", "Bounced")),
            (ContactStatus.OptedOut, Label.Of("Désabonné", "Opted out")),
            (ContactStatus.Wrong, Label.Of("Erroné", "Wrong")))
        .Required().Default(ContactStatus.Active).Sensitive(Sensitivity.Personal);

    public static readonly Field<ContactVisibility> Visibility = Type
        .Choice<ContactVisibility>("visibility", Label.Of("Visibilité", "Visibility"),
            (ContactVisibility.Private, Label.Of("Privé", "Private")),
            (ContactVisibility.Internal, Label.Of("Interne", "Internal")),
            (ContactVisibility.Public, Label.Of("Public", "Public")))
        .Required().Default(ContactVisibility.Internal).Sensitive(Sensitivity.Personal);

    public static readonly RelationshipType HasContactPoint = RelationshipType
        .Named("HasContactPoint", Label.Of("a pour contact", "has contact point"), Label.Of("est le contact de", "contact point of"))
        .From(Person.Type, "contactPoints", Label.Of("Points de contact", "Contact points"))
        .OrFrom(Organisation.Type)
        .To(Type, "party", Label.Of("Tiers", "Party"))
        .OneSource().Dated()
        .WhenSourceGoes(Then.Delete).WhenTargetGoes(Then.Delete);

    static ContactPoint() => Type.DisplayedAs(Value);

    /// <summary>Brings the value into the form that its channel asks for (X-R15, X-R16), and refuses what cannot be; refuses to make private means public.</summary>
    internal static ValueTask Check(Saving contact, CancellationToken cancellation)
    {
        if (contact.Get(Visibility) == ContactVisibility.Public && contact.Get(Use) is ContactUse.Personal or ContactUse.Professional)
            throw new Problem(ProblemCode.Invalid,
                Label.Of("Seul le contact d'un mandat ou d'une organisation peut être public.", "Only the contact point of a mandate or of an organisation can be public."),
                Visibility.Name, "ELU-R09");
        FieldType? form = contact.Get(Channel) switch
        {
            ContactChannel.Email => Email,
            ContactChannel.Mobile or ContactChannel.Landline or ContactChannel.Fax => Phone,
            ContactChannel.Web => Web,
            _ => null,
        };
        if (form is null || contact.Get(Value) is not { } value)
            return ValueTask.CompletedTask;
        var kept = (string)form.Check(value, out var fault);
        if (fault is not null)
            throw new Problem(ProblemCode.Invalid, fault, Value.Name, form is PhoneType ? "X-R15" : form is EmailType ? "X-R16" : null);
        if (kept != value)
            contact.Put(Value, kept);
        return ValueTask.CompletedTask;
    }
}
