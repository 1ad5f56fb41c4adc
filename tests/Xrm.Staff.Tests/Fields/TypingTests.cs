using System.Text.Json;
using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Fields;
using Xrm.Staff.Model;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Tests.Fields;

/// <summary>What people type, and what they then read.</summary>
public sealed class TypingTests
{
    private static readonly Paris Clock = new();
    private static readonly StaffModel Nothing = new(1, [], [], [], []);

    [Theory]
    [InlineData("integer", "1 250", "1250")]
    [InlineData("integer", "1\u202F250", "1250")]
    [InlineData("integer", "−3", "-3")]
    [InlineData("decimal", "1 234,5", "1234.5")]
    [InlineData("decimal", "1.234,5", "1234.5")]
    [InlineData("decimal", "1,234", "1.234")]
    [InlineData("money", "1 234,50 €", "1234.5")]
    [InlineData("date", "29/11/2026", "2026-11-29")]
    [InlineData("date", "29.11.26", "2026-11-29")]
    [InlineData("date", "29112026", "2026-11-29")]
    [InlineData("date", "2026-11-29", "2026-11-29")]
    [InlineData("date", "1er août 1961", "1961-08-01")]
    [InlineData("date", "4/5/61", "1961-05-04")]
    [InlineData("date", "hier", "2026-11-28")]
    [InlineData("dateTime", "29/11/2026 14h05", "2026-11-29T13:05:00.000Z")]
    [InlineData("dateTime", "29/11/2026 à 14:05", "2026-11-29T13:05:00.000Z")]
    [InlineData("dateTime", "1/7/2026", "2026-06-30T22:00:00.000Z")]
    [InlineData("duration", "1 j 2 h 30 min", "P1DT2H30M")]
    [InlineData("duration", "2h30", "PT2H30M")]
    [InlineData("duration", "90 min", "PT1H30M")]
    [InlineData("duration", "2:30", "PT2H30M")]
    [InlineData("duration", "PT5S", "PT5S")]
    [InlineData("phone", "03 24 00 00 00", "+33324000000")]
    [InlineData("phone", "0032.2.123.45.67", "+3221234567")]
    [InlineData("email", " Zoe@Exemple.FR ", "Zoe@exemple.fr")]
    [InlineData("url", "exemple.fr/page", "https://exemple.fr/page")]
    public void What_people_type_is_read_as_they_mean_it(string type, string typed, string kept)
    {
        var value = FieldCheck.Read(Scope(type, "fr"), typed, out var fault);
        fault.ShouldBeNull();
        ShapeJson.Write(value)!.ToString().ShouldBe(kept);
    }

    [Theory]
    [InlineData("integer", "douze")]
    [InlineData("integer", "3,5")]
    [InlineData("integer", "3000000000")]
    [InlineData("decimal", "1,2,3")]
    [InlineData("money", "1,234")]
    [InlineData("date", "31/02/2026")]
    [InlineData("date", "bientôt")]
    [InlineData("dateTime", "29/11/2026 25:00")]
    [InlineData("duration", "longtemps")]
    [InlineData("phone", "12")]
    [InlineData("email", "zoe@")]
    [InlineData("url", "nulle part")]
    [InlineData("geoPoint", "Charleville")]
    [InlineData("geoPoint", "99 ; 4")]
    [InlineData("json", "{")]
    public void What_means_nothing_is_told_with_what_would(string type, string typed)
    {
        FieldCheck.Read(Scope(type, "fr"), typed, out var fault).ShouldBeNull();
        fault.ShouldNotBeNull().Fr.ShouldNotBe(fault.En);
    }

    [Theory]
    [InlineData("money", "1234.5", "1\u202F234,50\u202F€", "€1,234.50")]
    [InlineData("decimal", "1234.5", "1\u202F234,5", "1,234.5")]
    [InlineData("phone", "\"+33324000000\"", "03 24 00 00 00", "03 24 00 00 00")]
    [InlineData("phone", "\"+3221234567\"", "+32 21 23 45 67", "+32 21 23 45 67")]
    [InlineData("date", "\"2026-11-29\"", "29/11/2026", "29 Nov 2026")]
    [InlineData("dateTime", "\"2026-11-29T13:05:00Z\"", "29/11/2026 à 14:05", "29 Nov 2026 14:05")]
    [InlineData("duration", "\"P1DT2H30M\"", "1 j 2 h 30 min", "1 d 2 h 30 min")]
    [InlineData("url", "\"https://exemple.fr/\"", "exemple.fr", "exemple.fr")]
    [InlineData("geoPoint", """{"longitude":4.7264,"latitude":49.7623}""", "49,7623 ; 4,7264", "49.7623, 4.7264")]
    [InlineData("boolean", "true", "Oui", "Yes")]
    public void A_value_reads_as_the_language_writes_it(string type, string json, string french, string english)
    {
        using var document = JsonDocument.Parse(json);
        var shape = Scope(type, "fr").Field.Shape;
        var value = ShapeJson.Read(shape, false, document.RootElement);
        FieldKinds.Show(Scope(type, "fr"), value).ShouldBe(french);
        FieldKinds.Show(Scope(type, "en"), value).ShouldBe(english);
    }

    [Theory]
    [InlineData("fr")]
    [InlineData("en")]
    public void What_a_field_shows_to_be_changed_means_the_same_value(string language)
    {
        var point = new GeoPointType().ToValue(new GeoPoint(4.7264, -49.7623));
        (string Type, object Value)[] values =
        [
            ("integer", -1250), ("decimal", 1234.5678m), ("money", -1234.5m), ("date", new DateOnly(1961, 8, 1)), ("dateTime", new DateTimeOffset(2026, 7, 1, 12, 0, 5, TimeSpan.Zero)),
            ("duration", new TimeSpan(1, 2, 30, 0)), ("duration", TimeSpan.Zero), ("duration", TimeSpan.FromSeconds(-61.5)), ("geoPoint", point), ("boolean", false), ("phone", "+33324000000"), ("phone", "+590590000000"),
        ];
        foreach (var (type, value) in values)
        {
            var scope = Scope(type, language);
            var typed = FieldKinds.Of(scope.Field).Write(scope, value);
            var read = FieldCheck.Read(scope, typed, out var fault);
            fault.ShouldBeNull(typed);
            ShapeJson.Write(read)!.ToJsonString().ShouldBe(ShapeJson.Write(value)!.ToJsonString(), typed);
        }
    }

    [Fact]
    public void What_the_model_says_of_a_field_is_looked_at_in_the_browser()
    {
        Fault(Scope("text", "fr").Field with { MaxLength = 3 }, "abcd").ShouldContain("3");
        Fault(Scope("text", "fr").Field with { Pattern = "[A-Z]+", PatternMessage = Label.Of("Des capitales.", "Capitals.") }, "Abc").ShouldBe("Des capitales.");
        Fault(Scope("integer", "fr").Field with { Min = 1000 }, "1").ShouldBe("La valeur doit être au moins 1\u202F000.");
        Fault(Scope("date", "fr").Field with { Max = new DateOnly(2020, 1, 1) }, "2/1/2020").ShouldBe("La valeur doit être au plus 01/01/2020.");
        Fault(Scope("choice", "fr").Field with { Options = [new("A", Label.Of("Un", "One"))] }, "B").ShouldNotBeEmpty();
    }

    [Fact]
    public void A_field_type_of_a_plugin_is_asked_for_by_its_widget_else_by_its_form()
    {
        FieldKinds.Of(new("n", Label.Of("n", "n"), "siren", Shape.Text) { Widget = "phone" }).Name.ShouldBe("phone");
        FieldKinds.Of(new("n", Label.Of("n", "n"), "siren", Shape.Text) { Widget = "date" }).Name.ShouldBe("text");
        FieldKinds.Of(new("n", Label.Of("n", "n"), "even", Shape.Integer)).Name.ShouldBe("integer");
        FieldTypes.Names.Select(n => FieldKinds.Of(new("n", Label.Of("n", "n"), n, Shape.Text)).Name).ShouldBe(FieldTypes.Names);
    }

    private static string Fault(ModelField field, string typed)
    {
        FieldCheck.Read(Scope(field.Type, "fr") with { Field = field }, typed, out var fault);
        return fault!.Fr;
    }

    private static FieldScope Scope(string type, string language)
    {
        var spoken = new Language(Clock);
        spoken.Choose(language);
        var shape = FieldTypes.Find(type, codeList: "")!.Shape;
        return new(new ModelField("field", Label.Of("Champ", "Field"), type, shape), Nothing, spoken);
    }

    private sealed class Paris : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    }
}
