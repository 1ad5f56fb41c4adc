using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xrm.Sdk;
using Xrm.Staff.Model;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Door;

/// <summary>The door to the server, by GraphQL.</summary>
internal sealed class GraphDoor(Wire wire, Socket socket, FileSender files, Language language) : IDoor
{
    private StaffModel? _model;
    private string? _search;

    public async Task<Welcome> Model(CancellationToken cancellation)
    {
        var data = await wire.Ask(Documents.Welcome, null, cancellation);
        (_model, _search) = (ModelReader.Read(data.GetProperty("model")), null);
        var me = data.GetProperty("me");
        var id = me.GetProperty("id").GetString()!;
        return new(_model, new Me(
            id,
            me.GetProperty("name").GetString() ?? id,
            [.. me.GetProperty("roles").EnumerateArray().Select(r => r.GetString()!)],
            me.GetProperty("isAdministrator").GetBoolean()));
    }

    public async Task<ListPage> List(ListRequest request, CancellationToken cancellation)
    {
        var variables = Narrowed(request);
        variables["order"] = request.Orders.IsEmpty ? null : new JsonArray([.. request.Orders.Select(o => (JsonNode)new JsonObject { [o.Field] = o.Descending ? "DESC" : "ASC" })]);
        variables["first"] = request.First;
        variables["after"] = request.After;
        variables["offset"] = request.Offset;
        var page = (await wire.Ask(Documents.List(Known, request), variables, cancellation)).GetProperty(request.Type.Plural);
        var (cursor, hasNext) = PageInfo(page);
        return new([.. page.GetProperty("nodes").EnumerateArray().Select(n => SheetReader.Read(Known, request.Type, n))], page.GetProperty("totalCount").GetInt32(), cursor, hasNext);
    }

    public async Task<ImmutableArray<ValueCount>> Counts(ListRequest request, ModelField field, CancellationToken cancellation)
    {
        var data = await wire.Ask(Documents.Counts(request.Type, field), Narrowed(request), cancellation);
        return [.. data.GetProperty(request.Type.Plural).GetProperty("groups").EnumerateArray()
            .Select(g => new ValueCount(ShapeJson.Read(field.Shape, false, g.GetProperty(field.Name)), g.GetProperty("count").GetInt32()))];
    }

    public async Task<Sheet?> Find(SheetRequest request, CancellationToken cancellation) =>
        SheetOf(request, await wire.Ask(Documents.Sheet(Known, request, isWatched: false), SheetVariables(request), cancellation));

    public async IAsyncEnumerable<Sheet?> Watch(SheetRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var data in socket.Watch(Documents.Sheet(Known, request, isWatched: true), SheetVariables(request), isOnce: false, cancellation))
            yield return SheetOf(request, data);
    }

    public async Task<SearchPage> Search(SearchRequest request, CancellationToken cancellation)
    {
        var variables = new JsonObject
        {
            ["text"] = request.Text,
            ["types"] = request.Types.IsEmpty ? null : new JsonArray([.. request.Types.Select(t => (JsonNode)JsonValue.Create(t)!)]),
            ["first"] = request.First,
            ["after"] = request.After,
        };
        var page = (await wire.Ask(_search ??= Documents.Search(Known), variables, cancellation)).GetProperty("search");
        var (cursor, hasNext) = PageInfo(page);
        return new([.. page.GetProperty("nodes").EnumerateArray().Select(Hit)],
            page.GetProperty("totalCount").GetInt32(), cursor, hasNext);
    }

    public async Task<HistoryPage> History(ModelType type, EntityId id, string? after, CancellationToken cancellation)
    {
        var data = await wire.Ask(Documents.History(type), new JsonObject { ["id"] = id.ToString(), ["after"] = after }, cancellation);
        if (data.GetProperty(type.Singular) is not { ValueKind: JsonValueKind.Object } thing)
            return new([], null, false);
        var page = thing.GetProperty("history");
        var (cursor, hasNext) = PageInfo(page);
        return new([.. page.GetProperty("nodes").EnumerateArray().Select(n => Entry(type, n))], cursor, hasNext);
    }

    public Task<FileReference> Send(ChosenFile file, IProgress<long> progress, CancellationToken cancellation) => files.Send(file, progress, cancellation);

    public Task<long?> LargestFile() => files.Largest();

    public void SendOnLeaving(Commit commit) =>
        Browser.SendOnLeaving(commit.Id.ToString(), new JsonObject { ["query"] = Documents.Commit, ["variables"] = new JsonObject { ["input"] = CommitJson.Write(commit) } }.ToJsonString());

    public void KeepFromSending(EntityId commit) => Browser.KeepFromSending(commit.ToString());

    public async Task<CommitAnswer> Commit(Commit commit, CancellationToken cancellation)
    {
        var data = await wire.Ask(Documents.Commit, new JsonObject { ["input"] = CommitJson.Write(commit) }, cancellation);
        return new(data.GetProperty("commit").GetProperty("commit").GetProperty("written").EnumerateArray()
            .GroupBy(w => EntityId.Parse(w.GetProperty("id").GetString()!)).ToImmutableDictionary(g => g.Key, g => g.Last().GetProperty("version").GetInt32()));
    }

    public async Task<string> Place(CancellationToken cancellation) => (await wire.Ask(Documents.Place, null, cancellation)).GetProperty("changes").GetProperty("head").GetString()!;

    public async IAsyncEnumerable<ChangeNews> Changes(ImmutableArray<string> types, string place, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var variables = new JsonObject { ["after"] = place, ["types"] = new JsonArray([.. types.Select(t => (JsonNode)JsonValue.Create(t)!)]) };
        await foreach (var data in socket.Watch(Documents.Changes, variables, isOnce: true, cancellation))
        {
            var change = data.GetProperty("changes");
            yield return new(change.GetProperty("actor").GetString()!, Kind(change), change.GetProperty("type").GetString()!, change.GetProperty("id").GetString()!);
        }
    }

    private Hit Hit(JsonElement node)
    {
        var (name, id, displayName) = (node.GetProperty("__typename").GetString()!, EntityId.Parse(node.GetProperty("id").GetString()!), node.GetProperty("displayName").GetString()!);
        if (!Known.ByName.TryGetValue(name, out var type) || !Naming.IsByLabels(Known, type))
            return new(name, id, displayName);
        var values = Values.None;
        foreach (var field in type.DisplayFields)
            if (node.TryGetProperty(Documents.SearchName(type, field), out var value) && value.ValueKind == JsonValueKind.String)
                values = values.With(field, value.GetString());
        return new(name, id, Naming.Of(Known, language, new Entity(name, id, 0, default, default, Period.Always, displayName, values, ImmutableDictionary<string, ImmutableArray<Relationship>>.Empty)));
    }

    /// <summary>Which things a list is about.</summary>
    private JsonObject Narrowed(ListRequest request) => new()
    {
        ["where"] = request.Where is { } where ? FilterJson.Write(Known, request.Type, where) : null,
        ["search"] = request.Search,
        ["at"] = ShapeJson.Write(request.At),
    };

    private StaffModel Known => _model ?? throw new InvalidOperationException("The model is asked for first.");

    private Sheet? SheetOf(SheetRequest request, JsonElement data) =>
        data.GetProperty(request.Type.Singular) is { ValueKind: JsonValueKind.Object } thing ? SheetReader.Read(Known, request.Type, thing) : null;

    private static JsonObject SheetVariables(SheetRequest request)
    {
        var variables = new JsonObject { ["id"] = request.Id.ToString() };
        if (request.At is { } day)
            variables["at"] = ShapeJson.Day(day);
        return variables;
    }

    private static (string? Cursor, bool HasNext) PageInfo(JsonElement page) =>
        page.GetProperty("pageInfo") is var info ? (info.GetProperty("endCursor").GetString(), info.GetProperty("hasNextPage").GetBoolean()) : default;

    private static ChangeKind Kind(JsonElement change) => Enum.Parse<ChangeKind>(change.GetProperty("kind").GetString()!, ignoreCase: true);

    private static HistoryEntry Entry(ModelType type, JsonElement json)
    {
        var field = json.GetProperty("field").GetString();
        var known = field is null ? null : type.Field(field);
        return new(
            json.GetProperty("commitId").GetString()!, ShapeJson.Moment(json.GetProperty("at")),
            json.GetProperty("actorName").GetString() ?? json.GetProperty("actor").GetString()!,
            Kind(json), json.GetProperty("type").GetString()!, field, Value("before"), Value("after"));

        object? Value(string name)
        {
            var value = json.GetProperty(name);
            if (field is "validFrom" or "validTo")
                return ShapeJson.Day(value);
            return known is null ? value.ValueKind == JsonValueKind.String ? value.GetString() : null : ShapeJson.Read(known.Shape, known.IsMany, value);
        }
    }
}
