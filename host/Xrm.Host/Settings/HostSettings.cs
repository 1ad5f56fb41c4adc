using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Xrm.Host.Graph.Explorer;
using Xrm.Sdk;

namespace Xrm.Host.Settings;

/// <summary>What the host was told, checked.</summary>
internal sealed record HostSettings
{
    /// <summary>The data folder, absolute.</summary>
    public required string Data { get; init; }
    public required ImmutableArray<BindingAddress> Urls { get; init; }
    public required TimeZoneInfo Zone { get; init; }
    /// <summary>The folder of the embedded store, absolute.</summary>
    public required string Store { get; init; }
    /// <summary>The ids of the bundled plugins to load; null = all of them.</summary>
    public required ImmutableArray<string>? Plugins { get; init; }
    /// <summary>Whether somebody named the plugins; otherwise they are the default's.</summary>
    public required bool PluginsAreExplicit { get; init; }
    public required bool IsDemo { get; init; }
    public required LogLevel LogLevel { get; init; }
    public required int LimitBody { get; init; }
    public required int LimitFile { get; init; }
    public required int LimitDepth { get; init; }
    public required int LimitCost { get; init; }
    public required int LimitScan { get; init; }
    public required int LimitPage { get; init; }
    public required int LimitBatch { get; init; }
    public required int LimitPast { get; init; }
    public required int LimitSeconds { get; init; }
    public required GraphSettings Graph { get; init; }
    /// <summary>From which a query is slow; <see cref="Timeout.InfiniteTimeSpan"/> = none is.</summary>
    public required TimeSpan Slow { get; init; }
    /// <summary>What plugins were told, by plugin id and name, lower case.</summary>
    public required ImmutableDictionary<string, ImmutableDictionary<string, string>> OfPlugins { get; init; }

    /// <summary>The data folder alone, absolute.</summary>
    /// <exception cref="Problem">Invalid: an appsettings.json that is not JSON.</exception>
    public static string DataOf(SettingSources sources) => Path.GetFullPath(sources.Resolve(Setting.Data).Value, sources.Folder);

    /// <summary>Checks what the sources say.</summary>
    /// <exception cref="Problem">Invalid: every value that cannot be used, with its name and source.</exception>
    public static HostSettings Read(SettingSources sources)
    {
        var reading = new Reading(sources.Resolve());
        var data = Path.GetFullPath(reading.Text(Setting.Data), sources.Folder);
        var isDemo = reading.Flag(Setting.Demo);
        var settings = new HostSettings
        {
            Data = data,
            Urls = reading.Urls(),
            Zone = reading.Zone(),
            Store = reading.Store(data, sources.Folder),
            Plugins = reading.Plugins(isDemo),
            PluginsAreExplicit = reading.IsSaid(Setting.Plugins),
            IsDemo = isDemo,
            LogLevel = reading.Level(),
            LimitBody = reading.Number(Setting.LimitBody),
            LimitFile = reading.Number(Setting.LimitFile),
            LimitDepth = reading.Number(Setting.LimitDepth),
            LimitCost = reading.Number(Setting.LimitCost),
            LimitScan = reading.Number(Setting.LimitScan),
            LimitPage = reading.Number(Setting.LimitPage),
            LimitBatch = reading.Number(Setting.LimitBatch),
            LimitPast = reading.Number(Setting.LimitPast),
            LimitSeconds = reading.Number(Setting.LimitSeconds),
            Graph = reading.Graph(),
            Slow = reading.Slow(),
            OfPlugins = sources.Plugins(),
        };
        return reading.Faults.Count > 0 ? throw new Problem(reading.Faults) : settings;
    }

    private sealed class Reading(ImmutableArray<SettingValue> values)
    {
        public List<Fault> Faults { get; } = [];

        public string Text(Setting setting) => values.First(v => v.Setting == setting).Value;

        public bool IsSaid(Setting setting) => values.First(v => v.Setting == setting).Source != SettingSources.Default;

        public bool Flag(Setting setting) => Text(setting).ToLowerInvariant() switch
        {
            "1" or "true" or "yes" or "on" => true,
            "0" or "false" or "no" or "off" => false,
            _ => Wrong(setting, Label.Of("attendu : 1 ou 0", "expected: 1 or 0"), false),
        };

        public int Number(Setting setting, int least = 1) =>
            int.TryParse(Text(setting), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
                ? number
                : Wrong(setting, Label.Of($"attendu : un nombre entier, {least} ou plus", $"expected: a whole number, {least} or more"), 1);

        public GraphSettings Graph() => new()
        {
            LimitDocument = Number(Setting.LimitDocument),
            LimitNesting = Number(Setting.LimitNesting),
            LimitTokens = Number(Setting.LimitTokens),
            LimitFields = Number(Setting.LimitFields),
            LimitMutations = Number(Setting.LimitMutations),
            LimitRequests = Number(Setting.LimitRequests),
            Streams = new()
            {
                Connections = Number(Setting.LimitConnections),
                Operations = Number(Setting.LimitOperations),
                Behind = Number(Setting.LimitBehind),
                Patience = TimeSpan.FromSeconds(Number(Setting.LimitPatience)),
            },
            IsSchemaOpen = Flag(Setting.GraphIntrospection),
            Explorer = Word<ExplorerAccess?>(Setting.GraphExplorer, ("auto", null), ("on", ExplorerAccess.Everybody), ("administrators", ExplorerAccess.Administrators), ("off", ExplorerAccess.Nobody)),
            Documents = Word(Setting.GraphDocuments, ("any", DocumentAccess.Everybody), ("administrators", DocumentAccess.Administrators), ("listed", DocumentAccess.Nobody)),
            PersistedLength = Number(Setting.GraphPersisted, least: 0),
            CompressedFrom = Number(Setting.GraphCompress, least: 0),
        };

        private T Word<T>(Setting setting, params (string Word, T Value)[] known)
        {
            var text = Text(setting).ToLowerInvariant();
            var words = string.Join(", ", known.Select(k => k.Word));
            return known.Any(k => k.Word == text) ? known.First(k => k.Word == text).Value : Wrong(setting, Label.Of($"attendu : {words}", $"expected: {words}"), known[0].Value);
        }

        public TimeSpan Slow()
        {
            if (!decimal.TryParse(Text(Setting.Slow), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || seconds > 86_400)
                return Wrong(Setting.Slow, Label.Of("attendu : des secondes, comme 1 ou 0.5 ; 0 pour aucune", "expected: seconds, such as 1 or 0.5; 0 for none"), TimeSpan.Zero);
            return seconds == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds((double)seconds);
        }

        public TimeZoneInfo Zone() => TimeZoneInfo.TryFindSystemTimeZoneById(Text(Setting.Zone), out var zone)
            ? zone
            : Wrong(Setting.Zone, Label.Of("fuseau inconnu ; un nom comme Europe/Paris ou Indian/Reunion est attendu", "unknown zone; a name such as Europe/Paris or Indian/Reunion is expected"), TimeZoneInfo.Utc);

        public LogLevel Level() => Enum.TryParse<LogLevel>(Text(Setting.LogLevel), ignoreCase: true, out var level) && Enum.IsDefined(level)
            ? level
            : Wrong(Setting.LogLevel, Label.Of("attendu : debug, information, warning, error ou none", "expected: debug, information, warning, error or none"), LogLevel.Warning);

        public ImmutableArray<string>? Plugins(bool isDemo)
        {
            var value = Text(Setting.Plugins);
            if (value == "all" || isDemo && !IsSaid(Setting.Plugins))
                return null;
            return [.. value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
        }

        public string Store(string data, string folder)
        {
            var text = Text(Setting.Store);
            if (text.Length == 0)
                return data;
            return text.StartsWith("litedb:", StringComparison.Ordinal) && text.Length > "litedb:".Length
                ? Path.GetFullPath(text["litedb:".Length..], folder)
                : Wrong(Setting.Store, Label.Of("seule la base embarquée est connue : vide, ou litedb:DOSSIER", "only the embedded store is known: empty, or litedb:FOLDER"), data);
        }

        public ImmutableArray<BindingAddress> Urls()
        {
            var urls = ImmutableArray.CreateBuilder<BindingAddress>();
            foreach (var text in Text(Setting.Urls).Split([';', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                try
                {
                    var url = BindingAddress.Parse(text);
                    if (url.Scheme is "http" or "https" && url.PathBase.Length == 0 && !url.IsUnixPipe && !url.IsNamedPipe)
                        urls.Add(url);
                    else
                        Wrong(Setting.Urls, Label.Of($"« {text} » n'est pas une adresse comme http://127.0.0.1:5080", $"\"{text}\" is not an address such as http://127.0.0.1:5080"), 0);
                }
                catch (FormatException)
                {
                    Wrong(Setting.Urls, Label.Of($"« {text} » n'est pas une adresse comme http://127.0.0.1:5080", $"\"{text}\" is not an address such as http://127.0.0.1:5080"), 0);
                }
            return urls.ToImmutable();
        }

        private T Wrong<T>(Setting setting, Label why, T instead)
        {
            var value = values.First(v => v.Setting == setting);
            var shown = setting.IsSecret ? "…" : value.Value;
            Faults.Add(new(ProblemCode.Invalid, Label.Of(
                $"{setting.Name} = {shown} ({value.Source.Fr}) : {why.Fr}.",
                $"{setting.Name} = {shown} ({value.Source.En}): {why.En}."), setting.Name));
            return instead;
        }
    }
}
