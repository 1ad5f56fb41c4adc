using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Xrm.Core.Model;
using Xrm.Sdk;

namespace Xrm.Core.Running;

/// <summary>A door as far as a plugin was granted: types that it did not ask for are refused, whoever it acts as.</summary>
internal sealed class GrantedDoor : IXrm
{
    private readonly IXrm _door;
    private readonly string _plugin;
    private readonly PluginPermissions _granted;
    private readonly Func<CompiledModel> _model;
    private readonly ImmutableHashSet<string> _reads;

    public GrantedDoor(IXrm door, string plugin, PluginPermissions granted, Func<CompiledModel> model)
    {
        _door = door;
        _plugin = plugin;
        _granted = granted;
        _model = model;
        _reads = [.. granted.Writes, .. granted.Reads];
    }

    public ValueTask<Entity?> Find(EntityType type, EntityId id, CancellationToken cancellation = default)
    {
        Check([type.Name], _reads, _plugin, _model(), "lire", "read");
        return _door.Find(type, id, cancellation);
    }

    public ValueTask<Page> Query(Query query, CancellationToken cancellation = default)
    {
        var model = _model();
        Check(QueryTypes.Of(query, model), _reads, _plugin, model, "lire", "read");
        return _door.Query(query, cancellation);
    }

    public ValueTask<Receipt> Commit(Commit commit, CancellationToken cancellation = default)
    {
        CheckWrites(commit, _plugin, _granted, _model());
        return _door.Commit(commit, cancellation);
    }

    public async IAsyncEnumerable<Change> Changes(Cursor after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var change in _door.Changes(after, cancellation))
            if (change.Kind == ChangeKind.Model)
                // What a model was changed for is told to administrators, not to plugins that act like one.
                yield return change with { After = null };
            else if (_reads.Contains(change.Type))
                yield return change;
    }

    public IXrm As(Actor actor) => new GrantedDoor(_door.As(actor), _plugin, _granted, _model);

    /// <exception cref="Problem">Forbidden: an edit names a type that the plugin may not write; all of these are told.</exception>
    public static void CheckWrites(Commit commit, string plugin, PluginPermissions granted, CompiledModel model) =>
        Check(commit.Edits.Select(TypeOf), [.. granted.Writes], plugin, model, "modifier", "write");

    private static void Check(IEnumerable<string> types, ImmutableHashSet<string> allowed, string plugin, CompiledModel model, string fr, string en)
    {
        // What the model does not have is told by whoever is asked, as for everybody.
        var refused = types.Distinct().Where(t => !allowed.Contains(t) && model.ByName.ContainsKey(t)).ToArray();
        if (refused.Length > 0)
            throw new Problem(refused.Select(t => new Fault(ProblemCode.Forbidden, Label.Of(
                $"Le module {plugin} n'a pas demandé à {fr} {t} (Permissions, dans Describe).",
                $"Plugin {plugin} did not ask to {en} {t} (Permissions, in Describe)."), t, "permission")));
    }

    private static string TypeOf(Edit edit) => edit switch
    {
        Edit.Create e => e.Type,
        Edit.Update e => e.Type,
        Edit.Delete e => e.Type,
        Edit.Relate e => e.Type,
        Edit.Change e => e.Type,
        Edit.End e => e.Type,
        Edit.Unrelate e => e.Type,
        _ => throw new ArgumentOutOfRangeException(nameof(edit)),
    };
}
