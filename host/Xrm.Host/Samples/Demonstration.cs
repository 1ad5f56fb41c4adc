using Xrm.Core.Running;
using Xrm.Host.Commands;
using Xrm.Sdk;

namespace Xrm.Host.Samples;

/// <summary>What a start with <c>XRM_DEMO=1</c> does before it serves: people to try on, and on an empty store the data that plugins invent.</summary>
internal static class Demonstration
{
    private const int Seed = 8;

    public static async Task Begin(Composition host, RecordClock recording, Terminal terminal, CancellationToken cancellation)
    {
        var accounts = host.Credentials.MakeDemo();
        var begun = host.Time.GetTimestamp();
        try
        {
            terminal.Tell(Label.Of("Données inventées : vérification…", "Invented data: looking…"));
            var written = await new SampleLoader(host.Engine, Seed, Who, recording.Set).Load(cancellation);
            if (written > 0)
                terminal.Say(Label.Of(
                    $"Données inventées chargées en {host.Time.GetElapsedTime(begun).TotalSeconds:0.0} s ({written} modifications).",
                    $"Invented data loaded in {host.Time.GetElapsedTime(begun).TotalSeconds:0.0} s ({written} commits)."));
        }
        // A plugin's own code ran here: whatever it threw, the rest is served.
        catch (Exception e) when (e is not OperationCanceledException)
        {
            host.Logs.CreateLogger("Xrm").LogError(e, "The invented data could not be loaded whole; the next start with XRM_DEMO=1 goes on with them");
        }

        string Who(SampleAuthor author) => accounts.First(a => a.Demo == (author == SampleAuthor.Clerk ? "clerk" : "administrator")).Actor.Id;
    }
}
