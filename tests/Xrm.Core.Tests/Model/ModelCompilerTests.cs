using System.Collections.Immutable;
using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Tests.Model;

public sealed class ModelCompilerTests
{
    private static readonly Label L = Label.Of("fr", "en");

    private enum Colour { Red, LightBlue }

    [Fact]
    public void What_plugins_describe_becomes_one_model()
    {
        var person = EntityType.Named("Person", L);
        var name = person.Text("familyName", L).Required();
        person.Text("email", L).Unique();
        var body = EntityType.Named("Body", L).Dated();
        var sits = RelationshipType.Named("SitsIn", L, L).From(person, "seats", L).To(body, "members", L).Dated();
        sits.Integer("rank", L);
        var parties = new ModelBuilder("parties").Add(person).Build();
        var extension = person.ExtendedBy("elus");
        extension.Boolean("mayor", L);
        var elus = new ModelBuilder("elus").Add(body).Add(sits).Extend(extension).Build();

        var model = ModelCompiler.Compile([parties, elus], CompiledModel.Empty);

        var compiled = model.Type("Person").ShouldNotBeNull();
        compiled.Plural.ShouldBe("persons");
        model.Type("Body")!.Plural.ShouldBe("bodies");
        compiled.Fields.Select(f => f.Name).ShouldBe(["familyName", "email", "elus_mayor"]);
        compiled.ByName["elus_mayor"].Plugin.ShouldBe("elus");
        compiled.DisplayFields.Single().Name.ShouldBe("familyName");
        compiled.ListFields.ShouldBe(compiled.DisplayFields);
        compiled.Keys.Single().Name.ShouldBe("Email");
        compiled.EndsByName["seats"].Far.Single().Name.ShouldBe("Body");
        model.Relationship("SitsIn")!.ByName.Keys.ShouldBe(["rank", "id", "version", "createdAt", "updatedAt", "validFrom", "validTo"], ignoreOrder: true);
        compiled.ByName.ContainsKey("validFrom").ShouldBeFalse();
        model.Version.ShouldBe(1);
        name.Name.ShouldBe("familyName");
    }

    [Fact]
    public void A_symmetric_relationship_has_one_end()
    {
        var person = EntityType.Named("Person", L);
        person.Text("name", L);
        var pair = RelationshipType.Named("PairedWith", L, L).From(person, "partners", L).To(person, "partners", L).Symmetric();

        var model = ModelCompiler.Compile([new ModelBuilder("p").Add(person).Add(pair).Build()], CompiledModel.Empty);

        var relationship = model.Relationship("PairedWith")!;
        relationship.Source.ShouldBeSameAs(relationship.Target);
        model.Type("Person")!.Ends.Length.ShouldBe(1);
    }

    [Fact]
    public void Numbers_of_names_are_kept_and_never_given_to_others()
    {
        var first = ModelCompiler.Compile([Thing("a", t => t.Text("one", L)), Other("b")], CompiledModel.Empty);
        var second = ModelCompiler.Compile([Thing("a", t => t.Text("two", L))], first);
        var third = ModelCompiler.Compile([Other("b"), Thing("a", t => { t.Text("three", L); t.Text("one", L); })], second);

        third.Type("Thing")!.Ordinal.ShouldBe(first.Type("Thing")!.Ordinal);
        third.Type("Other")!.Ordinal.ShouldBe(first.Type("Other")!.Ordinal);
        third.Type("Thing")!.ByName["one"].Ordinal.ShouldBe(first.Type("Thing")!.ByName["one"].Ordinal);
        second.Type("Thing")!.ByName["two"].Ordinal.ShouldBe(3);
        third.Type("Thing")!.ByName["three"].Ordinal.ShouldBe(4);
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var thing = EntityType.Named("thing", L);
        thing.Text("Bad", L);
        var link = RelationshipType.Named("Goes", L, L).From(thing, "goes", L).To(EntityType.Named("Nowhere", L), "comes", L);

        var faults = Faults(new ModelBuilder("p").Add(thing).Add(link).Build());

        faults.Length.ShouldBe(3);
        faults.ShouldAllBe(f => f.Message.Fr.StartsWith("Module p") && f.Message.En.StartsWith("Plugin p"));
    }

    public static TheoryData<string, string, Action<EntityType>> FieldFaults => new()
    {
        { "name", "Thing.BadName", t => t.Text("BadName", L) },
        { "clash", "Thing.version", t => t.Integer("version", L) },
        { "clash", "Thing.twice", t => { t.Text("twice", L); t.Integer("twice", L); } },
        { "label", "Thing.mute", t => t.Text("mute", Label.Of("", "en")) },
        { "bounds", "Thing.n", t => t.Integer("n", L).Min(3).Max(2) },
        { "pattern", "Thing.text", t => t.Text("text", L).Pattern("(") },
        { "pattern", "Thing.n", t => t.Integer("n", L).Pattern("1") },
        { "default", "Thing.text", t => t.Text("text", L, 3).Default("four") },
        { "default", "Thing.n", t => t.Integer("n", L).Max(2).Default(3) },
        { "default", "Thing.mail", t => t.Email("mail", L).Default("nobody") },
        { "options", "Thing.none", t => t.Choice<Colour>("none", L) },
        { "options", "Thing.twice", t => t.Choice("twice", L, (Colour.Red, L), (Colour.Red, L)) },
        { "state", "Thing.state", t => t.States("state", L, (Colour.Red, L)).Move("paint", L, Colour.Red, Colour.LightBlue).Field() },
        { "name", "Thing.state", t => t.States("state", L, (Colour.Red, L), (Colour.LightBlue, L)).Move("Paint", L, Colour.Red, Colour.LightBlue).Field() },
        { "codeList", "Thing.code", t => t.Code("code", L, CodeList.Named("Nowhere", L)) },
        { "unique", "Thing.tags", t => t.Text("tags", L).Unique().Many() },
        { "searchable", "Thing.n", t => t.Integer("n", L).Searchable() },
        { "maxLength", "Thing.text", t => t.Text("text", L, 0) },
        { "unknown", "Thing.elsewhere", t => t.UniqueBy(Elsewhere) },
        { "unknown", "Thing.elsewhere", t => t.DisplayedAs(Elsewhere) },
        { "unknown", "Thing.state", t => t.States("state", L, (Colour.Red, L), (Colour.LightBlue, L)).Move("paint", L, Colour.Red, Colour.LightBlue, Elsewhere).Field() },
        { "fieldType", "Thing.odd", t => t.Field("odd", L, new OddType("Odd")) },
        { "default", "Thing.odd", t => t.Field("odd", L, new OddType("odd")).Default("x") },
        { "widget", "Thing.odd", t => t.Field("odd", L, new OddType("odd") { Shown = "state" }) },
        { "widget", "Thing.odd", t => t.Field("odd", L, new OddType("odd") { Shown = "integer" }) },
        { "widget", "Thing.odd", t => t.Field("odd", L, new OddType("odd") { Shown = "choice" }) },
        { "widget", "Thing.odd", t => t.Field("odd", L, new OddType("odd") { Shown = "code" }) },
        { "label", "Thing.text, group", t => t.Text("text", L).Group(Label.Of("fr", "")) },
    };

    [Theory]
    [MemberData(nameof(FieldFaults))]
    public void A_field_that_cannot_be_is_refused(string rule, string where, Action<EntityType> describe)
    {
        var faults = Faults(Thing("p", describe));

        faults.ShouldContain(f => f.Rule == rule && f.Field == "p/" + where, string.Join("; ", faults.Select(f => f.Field + " " + f.Rule)));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("longText")]
    [InlineData("phone")]
    public void A_field_type_can_be_shown_as_one_of_the_sdk_of_the_same_shape(string widget) =>
        ModelCompiler.Compile([Thing("p", t => t.Field("odd", L, new OddType("odd") { Shown = widget }))], CompiledModel.Empty).Type("Thing")!.ByName["odd"].Description.Type.Widget.ShouldBe(widget);

    [Fact]
    public void A_field_of_a_relationship_cannot_be_searched()
    {
        var thing = EntityType.Named("Thing", L);
        var link = RelationshipType.Named("Goes", L, L).From(thing, "goes", L).To(thing, "comes", L);
        link.Text("role", L).Searchable();

        Faults(new ModelBuilder("p").Add(thing).Add(link).Build()).ShouldContain(f => f.Rule == "searchable" && f.Field == "p/Goes.role");
    }

    public static TheoryData<string, Func<ImmutableArray<ModelDescription>>> ModelFaults => new()
    {
        { "plugin", () => [Thing("p"), Other("p")] },
        { "name", () => [Thing("Upper")] },
        { "clash", () => [Thing("a"), Thing("b")] },
        { "clash", () => [Named("Query")] },
        { "clash", () => [Named("Person"), Named("PersonFilter", "q")] },
        { "clash", () => [new ModelBuilder("p").Add(EntityType.Named("A", L).Plural("things", L), EntityType.Named("B", L).Plural("things", L)).Build()] },
        { "clash", () => [new ModelBuilder("p").Add(EntityType.Named("Node", L)).Build()] },
        { "clash", () => [Ends("same", "same")] },
        { "clash", () => [Ends("label", "others")] },
        { "clash", () => [new ModelBuilder("p").Role("administrator", L, _ => { }).Build()] },
        { "codeList", () => [Codes("a", L), Codes("b", Label.Of("autre", "other"))] },
        { "codeList", () => [new ModelBuilder("p").Add(CodeList.Named("Kinds", L, ("a", L), ("a", L))).Build()] },
        { "name", () => [Thing("a"), Extension("b", "c_field")] },
        { "unknown", () => [Extension("b", "b_field")] },
        { "unknown", () => [new ModelBuilder("p").Role("reader", L, g => g.Add(new Grant("Nothing", Rights.Read))).Build()] },
        { "unknown", () => [Thing("p"), new ModelBuilder("q").Role("reader", L, g => g.Add(new Grant("Thing", Rights.Read) { Fields = ["nothing"] })).Build()] },
        { "filter", () => [Thing("p"), new ModelBuilder("q").Role("reader", L, g => g.Add(new Grant("Thing", Rights.Read) { Where = new Filter.Compare("nothing", Comparison.Equal, 1) })).Build()] },
        { "filter", () => [Thing("p"), new ModelBuilder("q").Role("reader", L, g => g.Add(new Grant("Thing", Rights.Read) { Where = new Filter.Compare("label", Comparison.Equal, 1) })).Build()] },
        { "cycle", () => [Circle()] },
        { "unknown", () => [new ModelBuilder("p").Add(RelationshipType.Named("Goes", L, L).From(EntityType.Named("X", L), "goes", L).To(EntityType.Named("Y", L), "comes", L)).Build()] },
        { "end", () => [new ModelBuilder("p").Add(RelationshipType.Named("Goes", L, L)).Build()] },
        { "fieldType", () => [Thing("p", t => t.Field("a", L, new ShapedType(Shape.Text))), Named("Second", "q", t => t.Field("a", L, new ShapedType(Shape.Json)))] },
    };

    [Theory]
    [MemberData(nameof(ModelFaults))]
    public void A_model_that_cannot_be_is_refused(string rule, Func<ImmutableArray<ModelDescription>> describe)
    {
        var faults = Faults([.. describe()]);

        faults.ShouldContain(f => f.Rule == rule, string.Join("; ", faults.Select(f => f.Field + " " + f.Rule)));
    }

    [Fact]
    public void A_field_with_data_of_another_shape_is_refused()
    {
        var before = ModelCompiler.Compile([Thing("p", t => t.Text("size", L))], CompiledModel.Empty);

        var problem = Should.Throw<Problem>(() => ModelCompiler.Compile([Thing("p", t => t.Integer("size", L))], before));

        problem.Faults.Single().Rule.ShouldBe("kept");
    }

    [Fact]
    public void Grants_of_several_plugins_to_one_role_are_together()
    {
        var model = ModelCompiler.Compile(
        [
            new ModelBuilder("p").Add(EntityType.Named("Thing", L)).Role("clerk", L, g => g.Add(new Grant("Thing", Rights.Read))).Build(),
            new ModelBuilder("q").Role("clerk", L, g => g.Add(new Grant("Thing", Rights.Update))).Build(),
        ], CompiledModel.Empty);

        model.Roles["clerk"].Grants.Length.ShouldBe(2);
    }

    [Fact]
    public void The_model_of_the_log_reads_back_with_its_numbers()
    {
        var model = ModelCompiler.Compile([Thing("p", t => t.Choice("colour", L, (Colour.Red, L)).Default(Colour.Red)), Other("q")], CompiledModel.Empty);
        var less = ModelCompiler.Compile([Other("q")], model);

        var back = ModelRecord.Read(ModelRecord.Write(less));

        back.Catalog.Types.ShouldBe(model.Catalog.Types);
        back.Catalog.Fields.ShouldBe(model.Catalog.Fields);
        ModelRecord.Write(back).ShouldBe(ModelRecord.Write(less));
    }

    [Fact]
    public void A_difference_names_what_came_went_and_changed()
    {
        var before = Thing("p", t => { t.Text("one", L); t.Text("two", L); });
        var after = Thing("p", t => { t.Text("two", L).Required(); t.Text("three", L); });

        var difference = ModelDifference.Between([before, Other("q")], [after]);

        difference.Added.ShouldBe(["Thing.three"]);
        difference.Removed.ShouldBe(["Other", "Other.label", "Thing.one"], ignoreOrder: true);
        difference.Changed.ShouldBe(["Thing.two"]);
        ModelDifference.Between([before], [before]).IsEmpty.ShouldBeTrue();
    }

    private static Field<string> Elsewhere { get; } = EntityType.Named("Elsewhere", L).Text("elsewhere", L);

    private static ImmutableArray<Fault> Faults(params ImmutableArray<ModelDescription> descriptions) =>
        Should.Throw<Problem>(() => ModelCompiler.Compile(descriptions, CompiledModel.Empty)).Faults;

    private static ModelDescription Thing(string plugin, Action<EntityType>? describe = null) => Named("Thing", plugin, describe);

    private static ModelDescription Other(string plugin) => Named("Other", plugin);

    private static ModelDescription Named(string name, string plugin = "p", Action<EntityType>? describe = null)
    {
        var type = EntityType.Named(name, L);
        type.Text("label", L);
        describe?.Invoke(type);
        return new ModelBuilder(plugin).Add(type).Build();
    }

    private static ModelDescription Ends(string source, string target)
    {
        var type = EntityType.Named("Thing", L);
        type.Text("label", L);
        return new ModelBuilder("p").Add(type).Add(RelationshipType.Named("Goes", L, L).From(type, source, L).To(type, target, L)).Build();
    }

    private static ModelDescription Codes(string plugin, Label label) => new ModelBuilder(plugin).Add(CodeList.Named("Kinds", label, ("a", L))).Build();

    private static ModelDescription Extension(string plugin, string field)
    {
        var description = new FieldDescription(field, new TextType(), L);
        return new ModelDescription(plugin) { Extensions = [new("Thing", [description])] };
    }

    private static ModelDescription Circle()
    {
        var hen = EntityType.Named("Hen", L);
        var egg = EntityType.Named("Egg", L);
        return new ModelBuilder("p").Add(hen, egg)
            .Add(RelationshipType.Named("HatchedFrom", L, L).From(hen, "egg", L).To(egg, "hens", L).OneTarget().NeedsTarget())
            .Add(RelationshipType.Named("LaidBy", L, L).From(egg, "hen", L).To(hen, "eggs", L).OneTarget().NeedsTarget())
            .Build();
    }

    private sealed class OddType(string name) : PlainFieldType<string>
    {
        public override string Name => name;
        public override Shape Shape => Shape.Text;
        public override string? Widget => Shown;
        public string? Shown { get; init; }
        public override object Check(object value, out Label? fault) => throw new NotSupportedException("broken");
    }

    private sealed class ShapedType(Shape shape) : PlainFieldType<string>
    {
        public override string Name => "shaped";
        public override Shape Shape => shape;
    }
}
