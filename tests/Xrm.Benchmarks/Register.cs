using Xrm.Core;
using Xrm.Sdk;

namespace Xrm.Benchmarks;

/// <summary>An invented register of mayors: each mayor is seven records, a commune, a person, a mandate, a function and the three relationships between them. The same seed, the same register.</summary>
internal static class Register
{
    public const int RecordsOfMayor = 7;

    public static readonly Actor Clerk = Actor.Of("user:clerk", Role.Administrator);

    public static readonly EntityType Commune = EntityType.Named("Commune", Same("Commune"));
    public static readonly Field<string> Code = Commune.Text("code", Same("Code"), 5).Required().Unique();

    public static readonly EntityType Person = EntityType.Named("Person", Same("Person"));
    public static readonly Field<string> FamilyName = Person.Text("familyName", Same("Family name")).Required();
    public static readonly Field<string> GivenName = Person.Text("givenName", Same("Given name"));

    public static readonly EntityType Mandate = EntityType.Named("Mandate", Same("Mandate")).Dated();
    public static readonly Field<string> MandateType = Mandate.Text("mandateType", Same("Mandate type")).Required();

    public static readonly EntityType ElectiveFunction = EntityType.Named("ElectiveFunction", Same("Function")).Dated();
    public static readonly Field<string> FunctionType = ElectiveFunction.Text("functionType", Same("Function type")).Required();

    public static readonly RelationshipType HoldsMandate = Link("HoldsMandate").From(Person, "mandates", Same("Mandates")).To(Mandate, "holder", Same("Holder")).OneSource();
    public static readonly RelationshipType ElectedIn = Link("ElectedIn").From(Mandate, "commune", Same("Commune")).To(Commune, "mandates", Same("Mandates")).OneTarget();
    public static readonly RelationshipType HasFunction = Link("HasFunction").From(Mandate, "functions", Same("Functions")).To(ElectiveFunction, "mandate", Same("Mandate")).OneSource();

    private static readonly ModelDescription Description = new ModelBuilder("register")
        .Add(Commune, Person, Mandate, ElectiveFunction).Add(HoldsMandate, ElectedIn, HasFunction).Build();

    public static EntityId PersonOf(int mayor) => Id(mayor * 10 + 2);

    public static string CodeOf(int mayor) => $"{mayor:D5}";

    /// <summary>Puts the model in force and writes so many mayors, some hundreds in a commit.</summary>
    public static async Task Fill(Engine engine, int mayors, int seed = 2020)
    {
        await engine.ChangeModel([Description], Actor.System, CancellationToken.None);
        var random = new Random(seed);
        for (var from = 1; from <= mayors; from += 250)
        {
            var edits = new List<Edit>();
            for (var mayor = from; mayor < Math.Min(from + 250, mayors + 1); mayor++)
                edits.AddRange(Mayor(mayor, random));
            await engine.Commit(new(EntityId.New(), [.. edits]), Clerk, CancellationToken.None);
        }
    }

    private static IEnumerable<Edit> Mayor(int mayor, Random random)
    {
        var start = new DateOnly(2020, 5, 18).AddDays(random.Next(60));
        var (commune, person, mandate, function) = (Id(mayor * 10 + 1), PersonOf(mayor), Id(mayor * 10 + 3), Id(mayor * 10 + 4));
        yield return new Edit.Create(Commune.Name, commune, Values.None.With(Code, CodeOf(mayor)));
        yield return new Edit.Create(Person.Name, person, Values.None.With(FamilyName, Name(random, 4).ToUpperInvariant()).With(GivenName, Name(random, 2)));
        yield return new Edit.Create(Mandate.Name, mandate, Values.Of(("validFrom", start)).With(MandateType, "municipal"));
        yield return new Edit.Create(ElectiveFunction.Name, function, Values.Of(("validFrom", start)).With(FunctionType, "mayor"));
        yield return Relate(HoldsMandate, mayor * 10 + 5, person, mandate);
        yield return Relate(ElectedIn, mayor * 10 + 6, mandate, commune);
        yield return Relate(HasFunction, mayor * 10 + 7, mandate, function);
    }

    private static Edit.Relate Relate(RelationshipType type, int id, EntityId source, EntityId target) => new(type.Name, Id(id), source, target, default, Values.None);

    private static string Name(Random random, int syllables) => string.Concat(Enumerable.Range(0, syllables).Select(_ => $"{"bcdflmnprst"[random.Next(11)]}{"aeiou"[random.Next(5)]}"));

    private static EntityId Id(int number) => EntityId.Parse($"00000000-0000-7000-8000-{number:D12}");

    private static Label Same(string text) => Label.Of(text, text);

    private static RelationshipType Link(string name) => RelationshipType.Named(name, Same(name), Same(name));
}
