using Parties;
using Xrm.Sdk;

namespace Elus;

/// <summary>What each role may do here.</summary>
internal static class Grants
{
    private static readonly EntityType[] Types =
        [Constituency.Type, DeliberativeBody.Type, PoliticalGroup.Type, Mandate.Type, ElectiveFunction.Type, Delegation.Type];

    private static readonly RelationshipType[] Relations =
    [
        Mandate.HoldsMandate, Mandate.ElectedIn, Mandate.MandateIn, Mandate.PairedWith, ElectiveFunction.HasFunction,
        Delegation.HoldsDelegation, Delegation.DelegatedBy, Seat.SitsOn,
        PoliticalGroup.BelongsToGroup, PoliticalGroup.GroupOfBody, DeliberativeBody.CommissionOf,
    ];

    /// <summary>The office keeps mandates up to date and imports the register, and so writes persons and their matching key.</summary>
    public static void OfAssemblyOffice(GrantBuilder grant) => grant
        .All(Sensitivity.Personal, Types).All(Relations)
        .Add(new Grant(Person.Type.Name, Rights.Read | Rights.Create | Rights.Update))
        .Add(new Grant(Person.Type.Name, Rights.Read | Rights.Create | Rights.Update) { Fields = [Official.BirthKey.Name] });

    /// <summary>Others read what is public of officials, and of persons nobody but officials, by name.</summary>
    public static void OfReaders(GrantBuilder grant) => grant
        .Read(Sensitivity.Internal, Types).Read(Relations)
        .Add(new Grant(Person.Type.Name, Rights.Read)
        {
            Fields = [Person.Honorific.Name, Person.GivenName.Name, Person.FamilyName.Name],
            Where = new Filter.Through(Mandate.HoldsMandate.Source.Name, Quantifier.Some, null) { During = Period.Always },
        });
}
