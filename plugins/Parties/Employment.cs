using Xrm.Sdk;

namespace Parties;

/// <summary>A person's work for an organisation.</summary>
public static class Employment
{
    public static readonly RelationshipType WorksFor = RelationshipType
        .Named("WorksFor", Label.Of("travaille pour", "works for"), Label.Of("emploie", "employs"))
        .From(Person.Type, "employers", Label.Of("Employeurs", "Employers"))
        .To(Organisation.Type, "employees", Label.Of("Collaborateurs", "Employees"))
        .Dated()
        .WhenSourceGoes(Then.End).WhenTargetGoes(Then.End);

    public static readonly Field<string> Position = WorksFor
        .Text("position", Label.Of("Poste", "Position"))
        .Sensitive(Sensitivity.Personal);

    public static readonly Field<string> Email = WorksFor
        .Email("email", Label.Of("Courriel professionnel", "Work e-mail"))
        .Sensitive(Sensitivity.Personal);
}
