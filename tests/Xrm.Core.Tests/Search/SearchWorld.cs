using System.Collections.Immutable;
using Xrm.Core.Image;
using Xrm.Core.Log;
using Xrm.Sdk;
using Xrm.Testing;
using static Xrm.Core.Tests.Words;

namespace Xrm.Core.Tests.Search;

/// <summary>Persons and bodies with names that sound alike, and roles with random rights, of one seed.</summary>
internal sealed class SearchWorld : IAsyncDisposable
{
    public static readonly string[] Types = ["Person", "Body"];

    private static readonly string[] Names =
    [
        "Martin", "MARTINE", "Marti", "Lefèvre", "LEFEBVRE", "Lefeuvre", "APPÉRÉ", "Apere", "Nathalie", "natali", "Jean-Luc", "Jean", "Jan", "d'Ormesson", "Dupont", "Dupond",
        "LE GOFF", "Œuvre", "Σοφία", "12 bis", "Éa", "Élan", "Maréchal-Ferrand", "M", "«Zoé»", "Zoé–Anne", "Comité des fêtes", "Comité", "Anticonstitutionnellement", "-", "a\\b\"c",
    ];

    private static readonly string[] Contacts =
    [
        "+33612345678", "+33324000000", "+262692123456", "+3225551234", "jean.dupont@mairie-x.example", "n.appere@example.org", "martine@example.org", "+", "12 rue de l'Église 35000 Rennes", "@dupont", "0612345678",
    ];

    private static readonly string[] Asked =
    [
        "0612", "06 12 34", "+33 6 12", "0033612", "+33 (0)6 12", "2345", "4000", "345", "0692", "dupont@mai", "upont", "@example.org", "example", "jean.dupont@mairie-x.example", "jean dupont",
        "35000 12", "12 35000", "apere natali", "mar", "m", "lefevre", "e", "comite fete", "anticonstitutionnellemen", "zoe", "sofia", "σοφ", "a b c", "012 34", "luc jean", "dupon", "le", "rennes eglise",
    ];

    private readonly Random _random;
    private readonly MemoryJournal _journal = new();
    private ImageStore? _store;

    public SearchWorld(int seed)
    {
        _random = new Random(seed);
        Roles = [Role("one"), Role("two"), Role("three")];
    }

    public Engine Engine { get; private set; } = null!;
    public ImageStore Store => _store!;
    private ImmutableArray<Role> Roles { get; }

    /// <summary>Opens the world's journal, again where it was open before.</summary>
    public async Task Open()
    {
        if (_store is not null)
            await Engine.DisposeAsync();
        var clock = new TestClock(TestClock.Monday);
        _store = ImageStore.Open(_journal, new ImageStoreOptions { Time = clock, IndexFrom = 3, TailBytes = 20_000 });
        Engine = await Engine.Open(_store, new EngineOptions { Time = clock }, default);
    }

    /// <summary>Puts a model in force in which other fields may be searched than before.</summary>
    public async Task ChangeModel() => await Engine.ChangeModel([Model()], Sdk.Actor.System, default);

    /// <summary>Some things come, change or go.</summary>
    public async Task Change(IReadOnlyList<Entity> things)
    {
        var commit = Commit.New();
        for (var i = _random.Next(4, 14); i > 0; i--)
            commit = commit.And(Chance(60) ? new Edit.Create("Person", EntityId.New(), Person(70)) : new Edit.Create("Body", EntityId.New(), Body()));
        foreach (var thing in things.Where(_ => Chance(25)))
            commit = commit.And(Chance(25)
                ? new Edit.Delete(thing.Type, thing.Id, thing.Version)
                : new Edit.Update(thing.Type, thing.Id, thing.Version, thing.Type == "Person" ? Person(40) : Body()));
        await Engine.Commit(commit, Sdk.Actor.System, default);
    }

    /// <summary>What somebody might search for.</summary>
    public string Text() => Chance(60) ? Pick(Asked) : string.Join(' ', Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Chance(50) ? Pick(Names) : Part(Pick(Names))));

    public Actor Actor() => _random.Next(5) switch
    {
        0 => Sdk.Actor.Of("user:admin", Sdk.Role.Administrator),
        1 => Sdk.Actor.System,
        2 => Sdk.Actor.Of("user:x", "one", "two"),
        var n => Sdk.Actor.Of("user:y", n == 3 ? "two" : "three"),
    };

    public bool Chance(int percent) => _random.Next(100) < percent;

    public int Next(int limit) => _random.Next(limit);

    public ValueTask DisposeAsync() => Engine.DisposeAsync();

    private ModelDescription Model()
    {
        return new ModelDescription("world")
        {
            EntityTypes =
            [
                new("Person", L)
                {
                    DisplayFields = ["givenName", "familyName"],
                    Fields =
                    [
                        Field("familyName", Sensitivity.Public, 90), Field("givenName", Sensitivity.Internal, 80), Field("alias", Sensitivity.Personal, 80) with { IsMany = true },
                        Field("contact", Sensitivity.Special, 90), Field("secret", Sensitivity.Public, 80) with { IsHidden = true },
                    ],
                },
                new("Body", L)
                {
                    IsDated = true,
                    DisplayFields = ["name", "size"],
                    Fields = [Field("name", Sensitivity.Internal, 90), Field("code", Sensitivity.Public, 50), new("size", new IntegerType(), L)],
                },
            ],
            Roles = Roles,
        };

        FieldDescription Field(string name, Sensitivity sensitivity, int searched) => new(name, new TextType(), L) { Sensitivity = sensitivity, IsSearchable = Chance(searched) };
    }

    private Role Role(string name)
    {
        var grants = ImmutableArray.CreateBuilder<Grant>();
        foreach (var type in Types)
            for (var i = Chance(85) ? 1 + _random.Next(2) : 0; i > 0; i--)
                grants.Add(new Grant(type, Rights.Read, (Sensitivity)_random.Next(4))
                {
                    Fields = Chance(40) ? [.. (type == "Person" ? (string[])["familyName", "givenName", "alias", "contact"] : ["name", "code"]).Where(_ => Chance(50))] : null,
                    Where = Chance(60) ? new Filter.Compare(type == "Person" ? "familyName" : "name", Comparison.Contains, Pick(["a", "e", "m"])) : null,
                });
        return new Role(name, L, grants.ToImmutable());
    }

    private Values Person(int chance)
    {
        var values = Values.None;
        foreach (var name in (string[])["familyName", "givenName", "secret"])
            if (Chance(chance))
                values = values.With(name, Chance(10) ? null : Chance(30) ? Pick(Names) + " " + Pick(Names) : Pick(Names));
        if (Chance(chance))
            values = values.With("alias", Enumerable.Range(0, _random.Next(3)).Select(_ => (object)Pick(Names)).ToImmutableArray());
        return Chance(chance) ? values.With("contact", Pick(Contacts)) : values;
    }

    private Values Body()
    {
        var from = new DateOnly(2026, 1, 1).AddDays(_random.Next(10));
        return Values.Of(("name", Pick(Names)), ("code", Chance(50) ? Pick(Contacts) : null), ("size", Chance(50) ? _random.Next(20) : null), ("validFrom", from), ("validTo", from.AddDays(_random.Next(9))));
    }

    private string Part(string name) => name[..(1 + _random.Next(name.Length))];

    private string Pick(string[] items) => items[_random.Next(items.Length)];
}
