using Xrm.Sdk;

namespace City;

/// <summary>The data of the side-by-side benchmark: persons, associations and who is a member of them, complaints and who reported them, mandates.</summary>
public sealed class CityPlugin : Plugin
{
    public override string Id => "city";
    public override Label Title => Label.Of("Ville", "City");

    public override void Describe(ModelBuilder model) => model
        .Add(Person.Type)
        .Add(Association.Type)
        .Add(Association.Membership)
        .Add(Complaint.Type)
        .Add(Complaint.ReportedBy)
        .Add(Mandate.Type)
        .Add(Mandate.HoldsMandate)
        // Rules on rows and on fields that hold for all of the data, so that answers stay the same: what asking them costs is what is measured.
        .Role("clerk", Label.Of("Agent", "Clerk"), grant => grant
            .Add(new(Person.Type.Name, Rights.Read, Sensitivity.Internal) { Where = Person.City.HasValue })
            .Add(new(Person.Type.Name, Rights.Read, Sensitivity.Personal) { Where = Person.Postcode.AtLeast("0") })
            .Add(new(Complaint.Type.Name, Rights.All, Sensitivity.Personal) { Where = Complaint.Priority.AtLeast(0) })
            .Read(Sensitivity.Internal, Association.Type)
            .Read(Sensitivity.Internal, Mandate.Type)
            .Read(Association.Membership, Mandate.HoldsMandate)
            .All(Complaint.ReportedBy));
}
