using System.Collections.Immutable;
using Xrm.Core;
using Xrm.Core.Model;
using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>Takes the data of a plugin's types back to how they were before its last update. The log holds what they were: the place where it turned to this version is the snapshot.</summary>
internal sealed class Restoration
{
    private readonly Rewind _rewind;

    private Restoration(Rewind rewind) => _rewind = rewind;

    /// <summary>What could not be as it was, once it was done.</summary>
    public ImmutableArray<Label> LeftOut => [.. _rewind.LeftOut];

    public Migrate Run => _rewind.Run;

    /// <param name="plugin">Its id.</param>
    /// <exception cref="Problem">Unavailable: the log does not tell where its version changed.</exception>
    public static async ValueTask<Restoration> Of(string plugin, Engine engine, CancellationToken cancellation)
    {
        var whole = engine.Model.Whole;
        var types = whole.ByName.Values.Where(t => t.Plugin == plugin).Select(t => t.Name).ToArray();
        var fields = whole.ByName.Values.Where(t => t.Plugin != plugin).SelectMany(t => t.Fields.Where(f => f.Plugin == plugin)).Select(f => f.ToString()).ToArray();
        return new(new(engine, await Place(plugin, engine, cancellation), types, fields));
    }

    /// <summary>The place before the change that brought the version whose data are there.</summary>
    private static async ValueTask<Cursor> Place(string plugin, Engine engine, CancellationToken cancellation)
    {
        var now = DueMigrations.VersionOf(plugin, engine.Model);
        var brought = Cursor.Start;
        for (var place = engine.Log.LastModel; place != Cursor.Start;)
        {
            var change = await engine.Log.At(place, cancellation);
            var version = DueMigrations.VersionOf(plugin, ModelRecord.Read(change.Model!));
            if (version is not null && version != now)
                return new(brought.Block, brought.Index - 1);
            brought = place;
            place = change.Previous;
        }
        throw new Problem(ProblemCode.Unavailable, Label.Of(
            $"Le journal ne dit pas quand le module {plugin} est passé à la version {now}.", $"The log does not tell when plugin {plugin} turned to version {now}."), plugin, "restore");
    }
}
