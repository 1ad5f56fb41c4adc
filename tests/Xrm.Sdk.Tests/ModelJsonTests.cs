namespace Xrm.Sdk.Tests;

public sealed class ModelJsonTests
{
    private enum Colour { DarkRed, Blue }

    private sealed class PlateType : PlainFieldType<string>
    {
        public override string Name => "plate";
        public override Shape Shape => Shape.Text;
        public override string? Widget => "longText";
    }

    [Fact]
    public void A_description_read_back_is_written_the_same()
    {
        var label = Label.Of("Été", "Summer");
        var list = CodeList.Named("Kinds", label, ("a", label), ("b", label));
        var thing = EntityType.Named("Thing", label).Plural("things", label).Dated();
        var name = thing.Text("name", label).Required().Searchable().Pattern("^a", "R-1", label).Help(label);
        thing.Choice<Colour>("colour", label, (Colour.DarkRed, label), (Colour.Blue, label)).Default(Colour.Blue);
        thing.States("state", label, (Colour.DarkRed, label), (Colour.Blue, label)).Move("paint", label, Colour.DarkRed, Colour.Blue, name).Field();
        thing.Money("price", label).Min(0.5m).Max(10m).Sensitive(Sensitivity.Special);
        var born = thing.Date("born", label).Min(new DateOnly(1900, 1, 1)).Hidden();
        thing.DateTime("at", label).Default(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        thing.Duration("lasts", label).Default(TimeSpan.FromHours(26));
        thing.GeoPoint("place", label).Default(new GeoPoint(4.5, 49.7));
        thing.Code("kind", label, list);
        thing.Text("tags", label).Group(Label.Of("Divers", "Sundry")).Many();
        thing.Field("plate", label, new PlateType());
        thing.UniqueBy(name, born).DisplayedAs(name);
        var likes = RelationshipType.Named("Likes", label, label).From(thing, "likes", label).To(thing, "likedBy", label).OneTarget().Dated().WhenSourceGoes(Then.End);
        likes.Integer("weight", label).Default(3);
        var extension = thing.ExtendedBy("other");
        extension.Boolean("yes", label).Default(true);
        var model = new ModelBuilder("test").Add(thing).Add(likes).Add(list).Extend(extension)
            .Role("reader", label, g => g.Read(Sensitivity.Personal, thing).Add(new Grant("Thing", Rights.All)
            {
                Fields = ["name"],
                Where = name.Is("x") & !born.Before(new DateOnly(2000, 1, 1)) | likes.Source.Any(name.In("a", "b")) | new Filter.Compare("id", Comparison.Equal, EntityId.Parse("0192b4a0-0000-7000-8000-000000000001"))
                    | new Filter.Through("likes", Quantifier.All, null) { During = new Period(new DateOnly(2020, 1, 1), null), Link = new Filter.OfType(["Likes"]) },
            }))
            .Build();

        var json = ModelJson.ToJson(model);
        var back = ModelJson.Parse(json);

        ModelJson.ToJson(back).ShouldBe(json);
        back.EntityTypes[0].Fields[1].Type.Options.Select(o => o.Name).ShouldBe(["DARK_RED", "BLUE"]);
        back.EntityTypes[0].Fields.Single(f => f.Name == "price").Min.ShouldBe(0.5m);
        (back.EntityTypes[0].Fields.Single(f => f.Name == "tags").Group, back.EntityTypes[0].Fields[0].Group).ShouldBe((Label.Of("Divers", "Sundry"), null));
        back.EntityTypes[0].Fields.Single(f => f.Name == "plate").Type.Widget.ShouldBe("longText");
        json.ShouldContain("\"fr\":\"Été\"");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"plugin":"p","entityTypes":[{"name":"A"}]}""")]
    [InlineData("""{"plugin":"p","entityTypes":[{"name":"A","label":{"fr":"a","en":"a"},"fields":[{"name":"x","type":{"name":"text","shape":"Round"},"label":{"fr":"a","en":"a"}}]}]}""")]
    public void What_is_no_description_is_refused(string json) =>
        Should.Throw<Problem>(() => ModelJson.Parse(json)).Code.ShouldBe(ProblemCode.Invalid);
}
