using Elus;
using Parties;
using Xrm.Sdk;

namespace Xrm.Elus.Tests;

public class ElusModelTests
{
    private static readonly ModelDescription Model = Describe(new ElusPlugin());

    [Theory]
    [InlineData("HoldsMandate", "Person.mandates", false, "Mandate.holder", true, false)]
    [InlineData("ElectedIn", "Mandate.constituency", true, "Constituency.mandates", false, false)]
    [InlineData("HasFunction", "Mandate.functions", false, "ElectiveFunction.mandate", true, false)]
    [InlineData("MandateIn", "Mandate.body", true, "DeliberativeBody.mandates", false, false)]
    [InlineData("HoldsDelegation", "Mandate.delegations", false, "Delegation.mandate", true, false)]
    [InlineData("BelongsToGroup", "Mandate.group", true, "PoliticalGroup.members", false, true)]
    public void Ends_are_named_as_people_read_them(string name, string source, bool sourceToOne, string target, bool targetToOne, bool dated)
    {
        var relationship = Model.RelationshipTypes.Single(r => r.Name == name);

        ($"{relationship.Source.Types.Single()}.{relationship.Source.Name}", relationship.Source.IsToOne).ShouldBe((source, sourceToOne));
        ($"{relationship.Target.Types.Single()}.{relationship.Target.Name}", relationship.Target.IsToOne).ShouldBe((target, targetToOne));
        relationship.IsDated.ShouldBe(dated);
    }

    [Fact]
    public void Mandates_functions_and_delegations_are_dated() =>
        Model.EntityTypes.Where(t => t.IsDated).Select(t => t.Name).ShouldBe(["Mandate", "ElectiveFunction", "Delegation"]);

    [Fact]
    public void A_constituency_is_known_by_type_and_code()
    {
        var constituency = Model.EntityTypes.Single(t => t.Name == "Constituency");

        constituency.Keys.ShouldHaveSingleItem().ShouldBe(["constituencyType", "code"]);
        constituency.Fields.Single(f => f.Name == "constituencyType").Type.Options.Select(o => o.Name).ShouldBe(["CANTON", "COMMUNE", "SECTION", "LEGISLATIVE", "EPCI", "REGION"]);
    }

    [Fact]
    public void The_matching_key_is_hidden_and_special()
    {
        var key = Model.Extensions.ShouldHaveSingleItem().Fields.ShouldHaveSingleItem();

        (key.Name, key.IsHidden, key.Sensitivity).ShouldBe(("elus_birthKey", true, Sensitivity.Special));
    }

    [Fact]
    public void Nothing_says_what_anybody_thinks() =>
        Model.EntityTypes.SelectMany(t => t.Fields).Select(f => f.Name).ShouldNotContain(name => name.Contains("nuance", StringComparison.OrdinalIgnoreCase) || name.Contains("party", StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void Readers_see_persons_only_where_they_hold_a_mandate_and_only_their_names()
    {
        foreach (var role in Model.Roles.Where(r => r.Name != "assemblyOffice"))
        {
            var grant = role.Grants.Single(g => g.Type == "Person");
            grant.Rights.ShouldBe(Rights.Read);
            grant.Where.ShouldNotBeNull();
            grant.Fields!.Value.ShouldBe(["honorific", "givenName", "familyName"]);
        }
    }

    [Fact]
    public void Each_type_and_relationship_is_granted_to_the_assembly_office()
    {
        var granted = Model.Roles.Single(r => r.Name == "assemblyOffice").Grants.Where(g => g.Rights == Rights.All).Select(g => g.Type).ToHashSet();

        granted.ShouldBe(Model.EntityTypes.Select(t => t.Name).Concat(Model.RelationshipTypes.Select(r => r.Name)), ignoreOrder: true);
    }

    [Fact]
    public void Every_end_has_a_name_of_its_own_together_with_parties()
    {
        var models = (ModelDescription[])[Model, Describe(new PartiesPlugin())];
        var names = models.SelectMany(m => m.RelationshipTypes)
            .SelectMany(r => r.Source.Types.Select(t => (t, r.Source.Name)).Concat(r.IsSymmetric ? [] : r.Target.Types.Select(t => (t, r.Target.Name))))
            .Concat(models.SelectMany(m => m.EntityTypes).SelectMany(t => t.Fields.Select(f => (t.Name, f.Name))));

        names.GroupBy(name => name).Where(same => same.Count() > 1).ShouldBeEmpty();
    }

    private static ModelDescription Describe(Plugin plugin)
    {
        var model = new ModelBuilder(plugin.Id);
        plugin.Describe(model);
        return model.Build();
    }
}
