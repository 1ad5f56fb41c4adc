using Parties;
using Xrm.Sdk;

namespace Xrm.Parties.Tests;

public class PartiesModelTests
{
    private static readonly ModelDescription Model = Describe();

    [Fact]
    public void It_says_the_same_each_time()
    {
        var again = Describe();

        again.EntityTypes.Select(t => (t.Name, string.Join(' ', t.Fields.Select(f => f.Name)))).ShouldBe(Model.EntityTypes.Select(t => (t.Name, string.Join(' ', t.Fields.Select(f => f.Name)))));
        again.RelationshipTypes.Select(r => r.Name).ShouldBe(Model.RelationshipTypes.Select(r => r.Name));
    }

    [Fact]
    public void A_person_is_called_by_given_name_and_family_name_and_listed_by_the_latter()
    {
        Type("Person").DisplayFields.ShouldBe(["givenName", "familyName"]);
        Type("Person").ListFields.ShouldBe(["familyName", "givenName"]);
    }

    [Fact]
    public void A_person_has_no_birth_data() =>
        Type("Person").Fields.Select(f => f.Name).ShouldNotContain(name => name.Contains("birth", StringComparison.OrdinalIgnoreCase) || name == "isMinor");

    [Fact]
    public void Work_for_an_organisation_is_dated_and_has_a_position()
    {
        var work = Model.RelationshipTypes.Single(r => r.Name == "WorksFor");

        work.IsDated.ShouldBeTrue();
        work.Source.Name.ShouldBe("employers");
        work.Target.Name.ShouldBe("employees");
        work.Fields.ShouldContain(f => f.Name == "position");
    }

    [Fact]
    public void Every_end_of_a_type_has_a_name_of_its_own()
    {
        var ends = Model.RelationshipTypes.SelectMany(r => r.Source.Types.Select(t => (t, r.Source.Name)).Concat(r.Target.Types.Select(t => (t, r.Target.Name))));
        var fields = Model.EntityTypes.SelectMany(t => t.Fields.Select(f => (t.Name, f.Name)));

        ends.Concat(fields).GroupBy(name => name).Where(same => same.Count() > 1).ShouldBeEmpty();
    }

    [Fact]
    public void Free_text_about_a_party_is_special_and_reminds_of_what_not_to_write()
    {
        foreach (var notes in Model.EntityTypes.SelectMany(t => t.Fields).Where(f => f.Name == "notes"))
        {
            notes.Sensitivity.ShouldBe(Sensitivity.Special);
            notes.Help.ShouldNotBeNull();
            notes.IsSearchable.ShouldBeFalse();
        }
    }

    [Fact]
    public void Everything_people_read_is_in_French_and_in_English()
    {
        var labels = Model.EntityTypes.SelectMany(t => t.Fields.Select(f => f.Label).Append(t.Label).Append(t.PluralLabel!))
            .Concat(Model.RelationshipTypes.SelectMany(r => r.Fields.Select(f => f.Label).Concat([r.Label, r.Inverse, r.Source.Label, r.Target.Label])))
            .Concat(Model.CodeLists.SelectMany(l => l.Codes.Select(c => c.Label).Append(l.Label)))
            .Concat(Model.Roles.Select(r => r.Label));

        labels.ShouldAllBe(label => label != null && label.Fr.Length > 0 && label.En.Length > 0);
    }

    private static ModelDescription Describe()
    {
        var model = new ModelBuilder("parties");
        new PartiesPlugin().Describe(model);
        return model.Build();
    }

    private static EntityTypeDescription Type(string name) => Model.EntityTypes.Single(t => t.Name == name);
}
