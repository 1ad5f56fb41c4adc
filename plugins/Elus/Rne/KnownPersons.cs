using System.Diagnostics.CodeAnalysis;
using Xrm.Sdk;

namespace Elus.Rne;

/// <summary>Finds the person whom a row means: the folded name and the birth key agree. Namesakes stay apart.</summary>
internal sealed class KnownPersons
{
    private static readonly List<PersonFacts> Nobody = [];

    private readonly Dictionary<EntityId, PersonFacts> _byId = [];
    private readonly Dictionary<string, List<PersonFacts>> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<PersonFacts>> _byKey = new(StringComparer.Ordinal);

    public IEnumerable<PersonFacts> All => _byId.Values;

    public PersonFacts? this[EntityId id] => _byId.GetValueOrDefault(id);

    public void Add(PersonFacts person)
    {
        _byId.Add(person.Id, person);
        Add(_byName, Fold(person.FamilyName, person.GivenName), person);
        if (person.BirthKey is { } key)
            Add(_byKey, key, person);
    }

    /// <summary>The persons whom a row can mean; more than one where the data hold somebody twice.</summary>
    public List<PersonFacts> Matches(RegisterRow row)
    {
        var matches = Named(row);
        return matches.Exists(person => person.BirthKey != row.BirthKey) ? matches.FindAll(person => person.BirthKey == row.BirthKey) : matches;
    }

    /// <summary>Somebody of the same name of whom no birth date was ever known.</summary>
    public bool HasNamesakeWithoutKey(RegisterRow row) => Named(row).Exists(person => person.BirthKey is null);

    /// <summary>Somebody of the same family name and birth date, but another given name.</summary>
    public bool TryFindRespelt(RegisterRow row, [NotNullWhen(true)] out PersonFacts? person)
    {
        var given = TextKey.Fold(row.GivenName);
        person = _byKey.GetValueOrDefault(row.BirthKey, Nobody).Find(other => TextKey.Fold(other.GivenName) != given);
        return person is not null;
    }

    public static string Fold(string familyName, string givenName) => TextKey.Fold(familyName) + "\n" + TextKey.Fold(givenName);

    private List<PersonFacts> Named(RegisterRow row) => _byName.GetValueOrDefault(Fold(row.FamilyName, row.GivenName), Nobody);

    private static void Add(Dictionary<string, List<PersonFacts>> index, string key, PersonFacts person)
    {
        if (index.TryGetValue(key, out var persons))
            persons.Add(person);
        else
            index.Add(key, [person]);
    }
}
