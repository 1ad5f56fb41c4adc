using System.Collections.Immutable;
using System.Text;
using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Plans;

/// <summary>No two things agree in all fields of a key: within the commit, and with what is there. One step for each key.</summary>
internal sealed class KeyRules(PlanContext context, DraftBook book)
{
    private Dictionary<ModelKey, Dictionary<string, (Draft Draft, ImmutableArray<Operand> Values)>>? _claims;

    public List<Guard> Guards { get; } = [];

    public async ValueTask Check(CancellationToken cancellation)
    {
        foreach (var draft in book.Drafts)
            if (draft is { Type: ModelType { Keys.IsEmpty: false } type, IsGone: false })
                foreach (var key in type.Keys)
                    if (draft.IsNew || Touches(draft, key))
                        Claim(draft, key);
        if (_claims is null)
            return;
        foreach (var (key, claims) in _claims)
            await Check(key, claims, cancellation);
    }

    private static bool Touches(Draft draft, ModelKey key)
    {
        foreach (var field in key.Fields)
            if (draft.Sets(field))
                return true;
        return false;
    }

    private void Claim(Draft draft, ModelKey key)
    {
        foreach (var field in key.Fields)
            if (!draft.TryGet(field, out _))
                return;
        var values = ImmutableArray.CreateBuilder<Operand>(key.Fields.Length);
        foreach (var field in key.Fields)
            values.Add(draft.Value(field));
        var text = values.Count == 1 ? Encoding.UTF8.GetString(values[0].Json) : string.Join('\n', values.Select(v => Encoding.UTF8.GetString(v.Json)));
        if (!(_claims ??= []).TryGetValue(key, out var claims))
            _claims.Add(key, claims = new(StringComparer.Ordinal));
        if (!claims.TryAdd(text, (draft, values.MoveToImmutable())))
            Taken(draft, key);
    }

    private async ValueTask Check(ModelKey key, Dictionary<string, (Draft Draft, ImmutableArray<Operand> Values)> claims, CancellationToken cancellation)
    {
        var asked = claims.Values.ToArray();
        var rows = await context.Snapshot.Read(new ReadStep.ByKey(key, [.. asked.Select(c => c.Values)])
        {
            Views = [new TypeView(key.Type, null, context.View.Of(key.Type).Questions)],
        }, cancellation);
        for (var i = 0; i < asked.Length; i++)
            Check(key, asked[i].Draft, asked[i].Values, rows.Run(i));
    }

    private void Check(ModelKey key, Draft draft, ImmutableArray<Operand> values, ReadOnlySpan<Row> found)
    {
        if (found.Length == 0 || found[0].Entity.Id == draft.Id)
        {
            Guards.Add(new Guard.KeyIsFree(key, values, draft.Id));
            return;
        }
        // Its holder may give it up in this very commit; the guard on the holder's version keeps that true.
        if (book.Touched(found[0].Entity.Id) is { } holder && (holder.IsGone || Touches(holder, key)))
            return;
        if (!context.View.Of(key.Type).Sees(found[0].Masks))
            Notices.UnseenKey(context.Logger, context.Actor.Id, key.Type.Name, key.Name);
        Taken(draft, key);
    }

    private void Taken(Draft draft, ModelKey key)
    {
        var names = string.Join(", ", key.Fields.Select(f => f.Name));
        context.Faults.Taken(draft.Edit, key.Fields[0].Name, "unique", $"Cette valeur n'est pas disponible ({names}).", $"This value is not available ({names}).");
    }
}
