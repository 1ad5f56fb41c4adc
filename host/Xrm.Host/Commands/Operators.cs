using System.CommandLine;
using System.Text.Json.Nodes;
using Xrm.Host.Operations;
using Xrm.Host.Settings;
using Xrm.Sdk;

namespace Xrm.Host.Commands;

/// <summary>Runs a command's operation where it belongs: in the host that serves the data folder, else here.</summary>
internal static class Operators
{
    // A host that starts or stops holds the folder for a moment without answering.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs one operation and answers its result.</summary>
    /// <param name="data">Where what it puts out goes; null when it puts out nothing.</param>
    public static async Task<JsonObject> Run(Given given, ParseResult parsed, string operation, JsonObject arguments, Stream? input = null, Stream? data = null)
    {
        var sources = given.Sources(parsed);
        return await given.Terminal.Watch(Label.Of("Ouverture…", "Opening…"), async receiver =>
        {
            await using var found = await Find(sources, given.Stop);
            return await found.Run(operation, arguments, input, receiver, given.Stop);
        }, data, given.IsJson(parsed));
    }

    /// <remarks>Where a host serves, its own settings hold, and those of the command are not even looked at, but for which folder it means.</remarks>
    private static async Task<IOperator> Find(SettingSources sources, CancellationToken cancellation)
    {
        var folder = new DataFolder(HostSettings.DataOf(sources));
        HostSettings? settings = null;
        var time = TimeProvider.System;
        for (var start = time.GetTimestamp(); ;)
        {
            if (folder.ReadSocket() is { } socket && RemoteOperator.Connect(socket) is { } remote)
                return remote;
            try
            {
                settings ??= HostSettings.Read(sources);
                return new LocalOperator(await Composition.Open(settings, cancellation));
            }
            catch (Exception e) when (Composition.IsLocked(e) && time.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }
}
