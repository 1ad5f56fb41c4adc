using System.Text;
using Elus;
using Elus.Rne;
using Parties;
using Xrm.Sdk;

namespace Xrm.Elus.Tests.Rne;

/// <summary>An authority that reads registers of mayors (stand-in until the engine is merged).</summary>
internal sealed class Town : IAsyncDisposable
{
    private readonly Dictionary<EntityId, (string Type, int Version, Values Values)> _things = [];
    private static readonly DateOnly Today = new(2026, 1, 5);
    public static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    public static Task<Town> Open() => Task.FromResult(new Town());

    public Task<(ImportReport Report, int Edits)> Import(string file, string? date = null) => Import(Encoding.UTF8.GetBytes(file), date);

    public Task<(ImportReport Report, int Edits)> Import(byte[] bytes, string? date = null)
    {
        var file = new RegisterReader(new BirthKeys(Secret), Today, new Progress<ImportProgress>()).Read(RegisterText.Decode(bytes), default);
        var plan = new RegisterImport(file, State(file), date is null ? file.NewestDate ?? Today : DateOnly.Parse(date, null)).Plan();
        foreach (var edit in plan.Commit.Edits)
            if (edit is Edit.Create create)
                _things.Add(create.Id, (create.Type, 1, create.Values));
            else if (edit is Edit.Update update)
            {
                var (type, version, values) = _things[update.Id];
                version.ShouldBe(update.ExpectedVersion!.Value);
                foreach (var pair in update.Values)
                    values = values.With(pair.Key, pair.Value);
                _things[update.Id] = (type, version + 1, values);
            }
        return Task.FromResult((plan.Report, plan.Commit.Edits.Count));
    }

    public Task<EntityId> Create(EntityType type, Values values)
    {
        var id = EntityId.New();
        _things.Add(id, (type.Name, 1, values));
        return Task.FromResult(id);
    }

    public Task<string[]> Mayors(string code)
    {
        var file = new RegisterFile([new(1, code, "", "", "", "", Today, Today)], [], 0, false);
        var c = State(file).Communes.GetValueOrDefault(code);
        return Task.FromResult<string[]>(c is null ? [] : [.. c.Functions.Select(f => $"{f.Holder!.Name} {f.From:yyyy-MM-dd}..{f.To:yyyy-MM-dd} ({f.Mandate.From:yyyy-MM-dd}..{f.Mandate.To:yyyy-MM-dd})")]);
    }

    public Task<string?> Name(string code)
    {
        var file = new RegisterFile([new(1, code, "", "", "", "", Today, Today)], [], 0, false);
        return Task.FromResult(State(file).Communes.GetValueOrDefault(code)?.Name);
    }

    public Task<int> Count(EntityType type) => Task.FromResult(_things.Values.Count(t => t.Type == type.Name));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private KnownState State(RegisterFile file)
    {
        var state = new KnownState();
        foreach (var (id, t) in _things)
            if (t.Type == "Person")
                state.Persons.Add(new(id, t.Version, (string)V(t, "familyName")!, (string?)V(t, "givenName") ?? "", (string?)V(t, "elus_birthKey")));
        var byId = new Dictionary<EntityId, CommuneFacts>();
        var mandates = new Dictionary<EntityId, (MandateFacts, CommuneFacts)>();
        var deps = file.Rows.Select(r => CommuneCode.Department(r.Commune)).ToHashSet();
        foreach (var (id, t) in _things)
            if (t.Type == "Constituency" && deps.Contains(CommuneCode.Department((string)V(t, "code")!)))
            {
                var c = new CommuneFacts(id, t.Version, (string)V(t, "code")!, (string)V(t, "name")!);
                byId.Add(id, c); state.Communes.Add(c.Code, c);
            }
        foreach (var (id, t) in _things)
            if (t.Type == "Mandate" && byId.TryGetValue((EntityId)V(t, "constituency")!, out var c))
            {
                var m = new MandateFacts(id, t.Version, state.Persons[(EntityId)V(t, "holder")!], (DateOnly)V(t, "validFrom")!, (DateOnly?)V(t, "validTo"));
                c.Mandates.Add(m); mandates.Add(id, (m, c));
            }
        foreach (var (id, t) in _things)
            if (t.Type == "ElectiveFunction" && mandates.TryGetValue((EntityId)V(t, "mandate")!, out var m))
            {
                var f = new FunctionFacts(id, t.Version, m.Item1, (DateOnly)V(t, "validFrom")!, (DateOnly?)V(t, "validTo"));
                m.Item2.Add(f);
                if (f.From > f.Holder!.Newest) f.Holder.Newest = f.From;
            }
        return state;
        static object? V((string, int, Values Values) t, string f) => t.Values.TryGet(f, out var v) ? v : null;
    }
}
