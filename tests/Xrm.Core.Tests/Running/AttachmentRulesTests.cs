using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Core.Running;
using Xrm.Sdk;
using static Xrm.Core.Tests.Words;

namespace Xrm.Core.Tests.Running;

public sealed class AttachmentRulesTests
{
    private static readonly EntityType Person = EntityType.Named("Person", L);
    private static readonly EntityType Boat = EntityType.Named("Boat", L);
    private static readonly Field<string> Name = Boat.Text("name", L);
    private static readonly Field<int> Age = Boat.Integer("age", L).Computed();
    private static readonly TypeExtension OnPerson = Person.ExtendedBy("harbour");
    private static readonly Field<int> Boats = OnPerson.Integer("boats", L).Computed();
    private static readonly Field<string> Fleet = OnPerson.Text("fleet", L);
    private static readonly TypeExtension OnCompany = EntityType.Elsewhere("Company").ExtendedBy("harbour");
    private static readonly Field<int> Ships = OnCompany.Integer("ships", L).Computed();

    private static readonly ModelDescription Parties = new ModelBuilder("parties").Add(Person).Build();
    private static readonly ModelDescription Harbour = new ModelBuilder("harbour").Add(Boat).Extend(OnPerson).When("companies", part => part.Extend(OnCompany))
        .Permissions(ask => ask.Endpoint("berths").Schedule("tides", TimeSpan.FromHours(1))).Build();
    private static readonly CompiledModel Model = ModelCompiler.Compile([Parties, Harbour], CompiledModel.Empty);

    [Fact]
    public void A_plugin_that_keeps_to_what_it_said_may_run() => Check(hooks =>
    {
        hooks.Saving(Boat).Add((_, _) => default);
        hooks.Saving(Person).Add((_, _) => default);
        hooks.Saved(Person).Add((_, _) => default);
        hooks.Computed(Age).Add((_, _) => default);
        hooks.Computed(Boats).Add((_, _) => default);
        hooks.Computed(Ships).Add((_, _) => default);
        hooks.GraphFields.Add(Graph("captain") with { On = Boat, Arguments = [new("at", Shape.Date, L)] });
        hooks.GraphFields.Add(Graph("captain"));
        hooks.Endpoints.Add(new("berths", (_, _) => default));
        hooks.Endpoints.Add(new("berths", (_, _) => default) { Methods = ["POST"] });
        hooks.Jobs.Add(new("tides", _ => default));
        hooks.Imports.Add(Import("boats"));
        hooks.Exports.Add(Export("boats"));
    }).ShouldBeEmpty();

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        var faults = Check(hooks =>
        {
            hooks.Saving("Elsewhere").Add((_, _) => default);
            hooks.Saved("Elsewhere").Add((_, _) => default);
            hooks.Computed(Name).Add((_, _) => default);
            hooks.GraphFields.Add(Graph("captain") with { On = EntityType.Elsewhere("Elsewhere") });
            hooks.Endpoints.Add(new("secret", (_, _) => default));
            hooks.Jobs.Add(new("nightly", _ => default));
            hooks.Imports.Add(Import("csv"));
            hooks.Exports.Add(Export("ndjson"));
        });

        faults.Select(f => f.Field).ShouldBe(["harbour/Saving(Elsewhere)", "harbour/Saved(Elsewhere)", "harbour/Computed(Boat.name)", "harbour/GraphFields(Elsewhere.captain)",
            "harbour/Endpoints(secret)", "harbour/Jobs(nightly)", "harbour/Imports(csv)", "harbour/Exports(ndjson)"]);
        faults.ShouldAllBe(f => f.Code == ProblemCode.Invalid && f.Message.Fr.StartsWith("Module harbour, ") && f.Message.En.StartsWith("Plugin harbour, "));
    }

    [Fact]
    public void A_hook_that_was_disposed_of_is_not_looked_at() =>
        Check(hooks => hooks.Saving("Elsewhere").Add((_, _) => default).Dispose()).ShouldBeEmpty();

    [Fact]
    public void Computed_fields_are_the_plugins_own() => Rules(hooks =>
    {
        hooks.Computed("Person.other_age").Add((_, _) => default);
        hooks.Computed(Fleet).Add((_, _) => default);
    }).ShouldBe([("harbour/Computed(Person.harbour_fleet)", "computed"), ("harbour/Computed(Person.other_age)", "computed")]);

    [Fact]
    public void Names_of_fields_of_GraphQL_are_valid_unique_and_not_taken() => Rules(hooks =>
    {
        hooks.GraphFields.Add(Graph("Captain"));
        hooks.GraphFields.Add(Graph("crew") with { Label = Label.Of("équipage", ""), Arguments = [new("at", Shape.Date, L), new("at", Shape.Date, L), new("of_age", Shape.Boolean, L)] });
        hooks.GraphFields.Add(Graph("crew"));
        hooks.GraphFields.Add(Graph("fleet") with { On = Person });
        hooks.GraphFields.Add(Graph("size") with { Result = new GraphResult.Value((Shape)99) });
    }).ShouldBe(
    [
        ("harbour/GraphFields(Captain)", "name"), ("harbour/GraphFields(crew)", "label"), ("harbour/GraphFields(crew)", "name"), ("harbour/GraphFields(crew)", "twice"),
        ("harbour/GraphFields(Person.fleet)", "clash"), ("harbour/GraphFields(size)", "shape"), ("harbour/GraphFields(crew)", "twice"),
    ]);

    [Theory]
    [InlineData("Berths", "endpoint")]
    [InlineData("/berths", "endpoint")]
    [InlineData("berths/", "endpoint")]
    [InlineData("a/../b", "endpoint")]
    [InlineData("berths/free", "permission")]
    public void Endpoints_have_paths_that_were_asked_for(string path, string rule) =>
        Rules(hooks => hooks.Endpoints.Add(new(path, (_, _) => default))).ShouldBe([($"harbour/Endpoints({path})", rule)]);

    [Fact]
    public void Endpoints_have_methods_and_each_one_answer() => Rules(hooks =>
    {
        hooks.Endpoints.Add(new("berths", (_, _) => default) { Methods = ["GET", "PUT"] });
        hooks.Endpoints.Add(new("berths", (_, _) => default) { Methods = ["POST", "PUT"] });
        hooks.Endpoints.Add(new("berths", (_, _) => default) { Methods = [] });
        hooks.Endpoints.Add(new("berths", (_, _) => default) { Methods = ["get"] });
    }).ShouldBe([("harbour/Endpoints(berths)", "method"), ("harbour/Endpoints(berths)", "method"), ("harbour/Endpoints(PUT berths)", "twice")]);

    [Fact]
    public void Formats_have_names_that_nobody_else_has()
    {
        var others = new Hooks();
        others.Imports.Add(Import("places"));
        others.Exports.Add(Export("boats"));
        Rules(hooks =>
        {
            hooks.Imports.Add(Import("places"));
            hooks.Imports.Add(Import("boats"));
            hooks.Imports.Add(Import("boats"));
            hooks.Imports.Add(Import("Boats"));
            hooks.Exports.Add(Export("places"));
            hooks.Jobs.Add(new("tides", _ => default));
            hooks.Jobs.Add(new("tides", _ => default));
        }, new Attachment("town", others)).ShouldBe(
        [
            ("harbour/Jobs(tides)", "twice"), ("harbour/Imports(places)", "clash"), ("harbour/Imports(Boats)", "name"), ("harbour/Imports(boats)", "twice"),
        ]);
    }

    private static GraphField Graph(string name) => new(name, L, new GraphResult.Value(Shape.Text), (_, _) => default);

    private static ImportFormat Import(string name) => new(name, L, ImmutableDictionary<string, Label>.Empty, (_, _) => default);

    private static ExportFormat Export(string name) => new(name, L, ImmutableDictionary<string, Label>.Empty, (_, _) => default);

    private static IEnumerable<(string?, string?)> Rules(Action<Hooks> add, params Attachment[] others) => Check(add, others).Select(f => (f.Field, f.Rule));

    private static ImmutableArray<Fault> Check(Action<Hooks> add, params Attachment[] others)
    {
        var hooks = new Hooks();
        add(hooks);
        return AttachmentRules.Check(new Attachment("harbour", hooks) { Granted = PluginPermissions.For(Harbour) }, Model, others);
    }
}
