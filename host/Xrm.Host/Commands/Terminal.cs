using System.Text.Json.Nodes;
using Spectre.Console;
using Xrm.Host.Operations;
using Xrm.Sdk;

namespace Xrm.Host.Commands;

/// <summary>Where a command is given: what it answers goes to <paramref name="Out"/>, what it tells meanwhile and what went wrong to <paramref name="Error"/>.</summary>
/// <param name="Language"><c>fr</c> or <c>en</c>.</param>
/// <param name="IsLive">Whether somebody watches: then progress is drawn in place.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, string Language, bool IsLive)
{
    private const int FewFaults = 50;

    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUse = 2;

    /// <summary>The rule of a fault that comes from how the command was given.</summary>
    public const string Usage = "usage";

    /// <summary>That of this process. French when the first of LC_ALL, LC_MESSAGES and LANG that is set begins with <c>fr</c>, else English.</summary>
    public static Terminal OfProcess()
    {
        string[] names = ["LC_ALL", "LC_MESSAGES", "LANG"];
        var locale = names.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrEmpty(value)) ?? "";
        return new(Console.Out, Console.Error, locale.StartsWith("fr", StringComparison.OrdinalIgnoreCase) ? "fr" : "en", !Console.IsErrorRedirected);
    }

    public string Pick(string fr, string en) => Language == "fr" ? fr : en;

    public void Say(Label text) => Out.WriteLine(text.In(Language));

    public void Tell(Label text) => Error.WriteLine(text.In(Language));

    public void Print(JsonNode json) => Out.WriteLine(json.ToJsonString(Wire.Indented));

    /// <summary>Tells what went wrong.</summary>
    /// <returns>The exit code.</returns>
    public int Fail(Exception exception, bool asJson)
    {
        var faults = Failure.Faults(exception);
        if (asJson)
            Print(new JsonObject { ["problems"] = Wire.Of(faults) });
        else
        {
            foreach (var message in faults.Select(f => f.Message.In(Language)).Distinct(StringComparer.Ordinal).Take(FewFaults))
                Error.WriteLine(message);
            if (faults.Length > FewFaults)
                Tell(Label.Of($"{faults.Length} fautes en tout ; --json les dit toutes.", $"{faults.Length} faults in all; --json tells them all."));
        }
        return faults.All(f => f.Rule == Usage) ? WrongUse : Failed;
    }

    /// <summary>Does some work and shows how far it is.</summary>
    public async Task<T> Watch<T>(Label start, Func<IReceiver, Task<T>> work, Stream? data, bool isQuiet)
    {
        if (isQuiet || !IsLive)
            return await work(new Receiver(data, isQuiet ? _ => { } : new Pace(Error, Language).Show));
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Error) });
        return await console.Status().StartAsync(Markup.Escape(start.In(Language)), async status =>
            await work(new Receiver(data, progress => status.Status(Markup.Escape(Text(progress, Language))))));
    }

    private static string Text(ImportProgress progress, string language) =>
        progress.Rows == 0 ? progress.What.In(language) : $"{progress.What.In(language)} {progress.Rows:N0}";

    private sealed class Receiver(Stream? data, Action<ImportProgress> show) : IReceiver
    {
        public void Progress(ImportProgress progress) => show(progress);

        public ValueTask Data(ReadOnlyMemory<byte> utf8, CancellationToken cancellation) => Bytes(utf8, cancellation);

        public ValueTask Bytes(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => data?.WriteAsync(bytes, cancellation) ?? ValueTask.CompletedTask;
    }

    /// <summary>Lines for logs and pipes: one for each thing done, and every two seconds.</summary>
    private sealed class Pace(TextWriter error, string language)
    {
        private readonly Lock _lock = new();
        private string _what = "";
        private long _last;

        public void Show(ImportProgress progress)
        {
            lock (_lock)
            {
                var what = progress.What.In(language);
                if (what == _what && Environment.TickCount64 - _last < 2000)
                    return;
                (_what, _last) = (what, Environment.TickCount64);
                error.WriteLine(Text(progress, language));
            }
        }
    }
}
