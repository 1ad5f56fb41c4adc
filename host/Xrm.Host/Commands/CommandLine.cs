using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using Xrm.Host.Settings;
using Xrm.Sdk;

namespace Xrm.Host.Commands;

/// <summary>The one program, <c>xrm</c>: serves, or does one thing and ends. Exit codes: 0 done, 1 refused or failed with reasons, 2 wrong usage.</summary>
internal static class CommandLine
{
    public static async Task<int> Run(string[] args, Terminal terminal)
    {
        using var interruption = new Interruption();
        var settings = Setting.All.ToDictionary(s => s, s => Option(s, terminal));
        var root = new RootCommand(terminal.Pick("Relations d'une collectivité : sert les données, ou fait une chose et s'arrête.", "An authority's relations: serves the data, or does one thing and ends."));
        foreach (var option in settings.Values)
            root.Options.Add(option);
        var given = new Given(terminal, settings, interruption.Token);
        ServeCommand.Add(root, given);
        ImportCommand.Add(root, given);
        ExportCommand.Add(root, given);
        CheckCommand.Add(root, given);
        PluginCommand.Add(root, given);
        TokenCommand.Add(root, given);
        UserCommand.Add(root, given);
        SettingsCommand.Add(root, given);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                terminal.Error.WriteLine(error.Message);
            terminal.Tell(Label.Of("Aide : xrm --help", "Help: xrm --help"));
            return Terminal.WrongUse;
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = terminal.Out,
                Error = terminal.Error,
            });
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            terminal.Tell(Label.Of("Interrompu ; rien n'a été écrit.", "Interrupted; nothing was written."));
            return Terminal.Failed;
        }
        catch (Exception e)
        {
            if (Environment.GetEnvironmentVariable(Setting.LogLevel.Name)?.ToLowerInvariant() is "debug" or "trace")
                terminal.Error.WriteLine(e);
            return terminal.Fail(e, given.IsJson(parsed));
        }
    }

    private static Option<string> Option(Setting setting, Terminal terminal) => new(setting.Option)
    {
        Description = setting.Meaning.In(terminal.Language),
        Recursive = true,
        HelpName = setting.Default,
        Arity = setting == Setting.Demo ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        Hidden = setting.Name.StartsWith("XRM_LIMIT_", StringComparison.Ordinal),
    };
}

/// <summary>What every command is given: the terminal, the settings' options, and word when the user wants to stop.</summary>
internal sealed record Given(Terminal Terminal, IReadOnlyDictionary<Setting, Option<string>> Options, CancellationToken Stop)
{
    /// <summary>Answer with JSON.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = Terminal.Pick("Répond en JSON, pour des programmes.", "Answers in JSON, for programs.") };

    public bool IsJson(ParseResult parsed) => parsed.GetResult(Json) is not null && parsed.GetValue(Json);

    public SettingSources Sources(ParseResult parsed)
    {
        var said = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (setting, option) in Options)
            if (parsed.GetResult(option) is { Implicit: false })
                said[setting.Name] = parsed.GetValue(option) ?? "1";
        return SettingSources.OfProcess(said.ToImmutable());
    }

    public HostSettings Settings(ParseResult parsed) => HostSettings.Read(Sources(parsed));
}
