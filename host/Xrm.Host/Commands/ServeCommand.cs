using System.CommandLine;
using Xrm.Core.Administration;
using Xrm.Core.Running;
using Xrm.Host.Samples;
using Xrm.Host.Serving;
using Xrm.Host.Settings;
using Xrm.Sdk;

namespace Xrm.Host.Commands;

/// <summary><c>xrm serve</c>, and <c>xrm</c> alone.</summary>
internal static class ServeCommand
{
    /// <summary>What is still being opened so long after the server was made has much to read.</summary>
    private static readonly TimeSpan LongOpening = TimeSpan.FromMilliseconds(100);

    public static void Add(RootCommand root, Given given)
    {
        var serve = new Command("serve", given.Terminal.Pick("Sert les données (ce que fait xrm sans autre mot).", "Serves the data (what xrm does without another word)."));
        serve.SetAction((parsed, _) => Run(parsed, given));
        root.Subcommands.Add(serve);
        root.SetAction((parsed, _) => Run(parsed, given));
    }

    private static async Task<int> Run(ParseResult parsed, Given given)
    {
        var settings = given.Settings(parsed);
        var terminal = given.Terminal;
        var recording = settings.IsDemo ? new RecordClock(TimeProvider.System) : null;
        // What a demonstration invents was recorded long ago: so was the model, at the first start.
        if (!File.Exists(new DataFolder(settings.Data).Installed))
            recording?.Set(TimeProvider.System.GetUtcNow().AddDays(-SampleLoader.MostDays));
        // Data are read from here on by other threads, and the server is made meanwhile.
        var opening = Composition.Open(settings, recording ?? TimeProvider.System, given.Stop);
        await using var server = await Make(settings, opening);
        _ = Rehearse(opening, given.Stop);
        await using var host = await opening;
        try
        {
            if (recording is not null)
                await Demonstration.Begin(host, recording, terminal, given.Stop);
            await server.Serve(host, addresses => Greet(host, terminal, addresses), given.Stop);
        }
        catch (OperationCanceledException) when (given.Stop.IsCancellationRequested)
        {
            // Told to stop before it had begun.
        }
        return Terminal.Done;
    }

    /// <summary>Rehearses beside a long opening; where there is little to read, that would only be in the way.</summary>
    private static async Task Rehearse(Task opening, CancellationToken cancellation)
    {
        if (await Task.WhenAny(opening, Task.Delay(LongOpening, TimeProvider.System, cancellation)) != opening)
            await Task.Run(() => Rehearsal.Run(cancellation), cancellation);
    }

    /// <summary>The server; where it cannot be made, what is being opened is closed again.</summary>
    private static async Task<Server> Make(HostSettings settings, Task<Composition> opening)
    {
        try
        {
            return new(settings);
        }
        catch
        {
            await (await opening).DisposeAsync();
            throw;
        }
    }

    private static Task Greet(Composition host, Terminal terminal, IReadOnlyCollection<string> addresses)
    {
        var first = addresses.FirstOrDefault() ?? "";
        foreach (var plugin in host.Plugins.Where(p => p.Condition == PluginCondition.Refused))
            terminal.Tell(Label.Of(
                $"Module {plugin.Id} refusé : {string.Join(' ', plugin.Reasons.Select(r => r.Fr))}",
                $"Plugin {plugin.Id} refused: {string.Join(' ', plugin.Reasons.Select(r => r.En))}"));
        if (host.Credentials.Accounts.IsEmpty)
            host.Credentials.CreateAccount("administrator", [Role.Administrator]);
        if (host.Credentials.IsUnused)
        {
            var code = host.Credentials.CreateLink(host.Credentials.Accounts[0]);
            terminal.Say(Label.Of(
                $"Première connexion (une seule fois, valable 24 h) : {first}/sign-in?code={code}",
                $"First sign-in (once only, good for 24 hours): {first}/sign-in?code={code}"));
        }
        if (host.Settings.IsDemo)
            terminal.Say(Demo(host, first));
        foreach (var address in addresses)
            terminal.Say(Label.Of($"À l'écoute : {address} (données : {host.Folder.Path})", $"Now serving: {address} (data: {host.Folder.Path})"));
        return terminal.Out.FlushAsync();
    }

    private static Label Demo(Composition host, string address)
    {
        const string name = "demo";
        host.Credentials.RevokeTokens(name);
        var (_, secret) = host.Credentials.CreateToken(name, [Role.Administrator], TimeSpan.FromDays(7));
        var call = $$"""curl {{address}}/graphql -H 'Authorization: Bearer {{secret}}' -H 'Content-Type: application/json' -d '{"query":"{ me { id roles } }"}'""";
        return Label.Of($"Démonstration ; pour interroger :\n  {call}", $"Demonstration; to ask:\n  {call}");
    }
}
