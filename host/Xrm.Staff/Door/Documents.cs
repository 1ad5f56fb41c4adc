using System.Text;
using Xrm.Staff.Model;

namespace Xrm.Staff.Door;

/// <summary>The GraphQL documents. Each is the same text for the same type, fields and ends, so that the server compiles it once.</summary>
internal static class Documents
{
    public const string Welcome = "query Welcome { me { id name roles isAdministrator } model " + ModelReader.Selection + " }";

    /// <summary>Of types whose things are named by choices or codes, with the values that make the name, each under a name of its own: fields of one name may be of different types.</summary>
    public static string Search(StaffModel model)
    {
        var text = new StringBuilder("query Search($text: String!, $types: [String!], $first: Int!, $after: String) { search(text: $text, types: $types, first: $first, after: $after) { totalCount nodes { __typename id displayName ");
        foreach (var type in model.Types)
            if (Naming.IsByLabels(model, type))
                text.Append($"... on {type.Name} {{ ").AppendJoin(' ', type.DisplayFields.Where(f => type.Field(f) is not null).Select(f => $"{SearchName(type, f)}: {f}")).Append(" } ");
        return text.Append("} pageInfo { hasNextPage endCursor } } }").ToString();
    }

    /// <summary>What a value of a search result stands under.</summary>
    public static string SearchName(ModelType type, string field) => $"{type.Singular}_{field}";

    public const string Commit = "mutation Commit($input: CommitInput!) { commit(input: $input) { commit { id written { id version } } } }";

    public const string Place = "query Place { changes(first: 0) { head } }";

    public const string Changes = "subscription Changes($after: String, $types: [String!]) { changes(after: $after, types: $types) { actor kind type id } }";

    public static string History(ModelType type) =>
        $"query History($id: ID!, $after: String) {{ {type.Singular}(id: $id) {{ history(first: 100, after: $after) {{ nodes {{ commitId at actor actorName kind type field before after }} pageInfo {{ hasNextPage endCursor }} }} }} }}";

    public static string List(StaffModel model, ListRequest request)
    {
        var type = request.Type;
        var text = new StringBuilder($"query List($where: {type.Name}Filter, $order: [{type.Name}Sort!], $search: String, $at: Date, $first: Int!, $after: String, $offset: Int) {{ {type.Plural}(where: $where, order: $order, search: $search, at: $at, first: $first, after: $after, offset: $offset) {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ ");
        AddOwn(text, type);
        foreach (var field in request.Fields)
            text.Append(field).Append(' ');
        foreach (var name in request.Ends)
            if (type.End(name) is { } end)
                AddEnd(text, model, end, request.FirstOfEnds, isOfAllDays: false, null);
        return text.Append("} } }").ToString();
    }

    public static string Counts(ModelType type, ModelField field) =>
        $"query Counts($where: {type.Name}Filter, $search: String, $at: Date) {{ {type.Plural}(where: $where, search: $search, at: $at) {{ groups(by: [{Upper(field.Name)}]) {{ count {field.Name} }} }} }}";

    /// <param name="isWatched">As a subscription instead of a query.</param>
    public static string Sheet(StaffModel model, SheetRequest request, bool isWatched)
    {
        var type = request.Type;
        var text = new StringBuilder(isWatched ? "subscription" : "query").Append($" Sheet($id: ID!{(request.At is null ? "" : ", $at: Date")}) {{ {type.Singular}(id: $id) {{ ");
        AddOwn(text, type);
        foreach (var field in type.Fields)
            text.Append(field.Name).Append(' ');
        foreach (var name in request.Ends)
            if (type.End(name) is { } end)
                AddEnd(text, model, end, request.First, request.At is null, type);
        return text.Append("} }").ToString();
    }

    /// <summary>A field's name among those to group by: <c>mandateType</c> is <c>MANDATE_TYPE</c>.</summary>
    private static string Upper(string name)
    {
        var upper = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var begins = i > 0 && char.IsUpper(name[i]) && name[i - 1] != '_';
            if (begins && (!char.IsUpper(name[i - 1]) || i + 1 < name.Length && char.IsLower(name[i + 1])))
                upper.Append('_');
            upper.Append(char.ToUpperInvariant(name[i]));
        }
        return upper.ToString();
    }

    private static void AddOwn(StringBuilder text, ModelType type)
    {
        text.Append("id version createdAt updatedAt displayName ");
        if (type.IsDated)
            text.Append("validFrom validTo ");
    }

    /// <param name="from">The type of the page, whose own end the things beyond need not tell again; null = names alone.</param>
    private static void AddEnd(StringBuilder text, StaffModel model, ModelEnd end, int first, bool isOfAllDays, ModelType? from)
    {
        var relationship = model.RelationshipsByName[end.Relationship];
        text.Append(end.IsToOne ? end.Name + "Links" : end.Name).Append($"(first: {first}");
        if (isOfAllDays)
            text.Append(", during: {}");
        else if (from is not null)
            text.Append(", at: $at");
        text.Append(") { totalCount edges { id version ");
        if (relationship.IsDated)
            text.Append("validFrom validTo ");
        foreach (var field in relationship.Fields)
            text.Append(field.Name).Append(' ');
        text.Append("node { __typename id version createdAt updatedAt displayName ");
        if (end.Far.Length == 1 && model.ByName.TryGetValue(end.Far[0], out var far))
        {
            if (far.IsDated)
                text.Append("validFrom validTo ");
            if (Naming.IsByLabels(model, far))
                text.AppendJoin(' ', far.DisplayFields).Append(' ');
            // What makes a dated thing tell more than its kind: whom and what it is about.
            if (from is not null)
                foreach (var beyond in far.Ends)
                    if (beyond.IsToOne && beyond.Relationship != end.Relationship && !beyond.IsDated)
                        text.Append(beyond.Name).Append(" { __typename id displayName } ");
        }
        text.Append("} } } ");
    }
}
