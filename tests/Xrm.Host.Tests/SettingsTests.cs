using System.Collections.Immutable;
using Xrm.GraphQL;
using Xrm.Host.Settings;
using Xrm.Sdk;

namespace Xrm.Host.Tests;

/// <summary>Where settings come from and which wins.</summary>
public sealed class SettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Default_file_environment_and_command_line_win_in_this_order()
    {
        Value(Setting.LimitDepth).ShouldBe(("24", "default"));
        var file = _folder.File("appsettings.json", """{ "Xrm": { "LimitDepth": 7, "Plugins": ["parties", "hello"] } }""");
        Value(Setting.LimitDepth).ShouldBe(("7", file));
        Value(Setting.Plugins).ShouldBe(("parties,hello", file));
        Value(Setting.LimitDepth, environment: "8").ShouldBe(("8", "environment"));
        Value(Setting.LimitDepth, environment: "8", option: "9").ShouldBe(("9", "command line (--limit-depth)"));
    }

    [Fact]
    public void The_data_folder_lies_under_the_folder_that_the_command_is_given_in() =>
        HostSettings.Read(Sources()).Data.ShouldBe(Path.Combine(_folder.Path, "data"));

    [Fact]
    public void The_demo_takes_all_plugins_unless_they_are_named()
    {
        HostSettings.Read(Sources(("XRM_DEMO", "1"))).Plugins.ShouldBeNull();
        HostSettings.Read(Sources(("XRM_DEMO", "1"), ("XRM_PLUGINS", "parties"))).Plugins!.Value.ShouldBe(["parties"]);
    }

    [Fact]
    public void All_wrong_values_are_told_at_once() =>
        Should.Throw<Problem>(() => HostSettings.Read(Sources(("XRM_TIMEZONE", "Nowhere"), ("XRM_LIMIT_COST", "much"), ("XRM_DEMO", "perhaps"), ("XRM_GRAPHQL_SLOW", "soon"))))
            .Faults.Select(f => f.Field).ShouldBe(["XRM_DEMO", "XRM_TIMEZONE", "XRM_LIMIT_COST", "XRM_GRAPHQL_SLOW"], ignoreOrder: true);

    [Theory]
    [InlineData("1", 1_000)]
    [InlineData("0.25", 250)]
    [InlineData("0", -1)]
    public void From_when_a_query_is_slow_is_told_in_seconds(string told, int milliseconds) =>
        HostSettings.Read(Sources(("XRM_GRAPHQL_SLOW", told))).Slow.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));

    [Fact]
    public void Every_limit_of_GraphQL_is_a_setting_with_the_default_of_the_engine()
    {
        var settings = HostSettings.Read(Sources());
        Composition.Limits(settings).ShouldBe(new GraphQLLimits());
        Composition.Limits(HostSettings.Read(Sources(("XRM_LIMIT_CONNECTIONS", "7"), ("XRM_LIMIT_PATIENCE", "3")))).Streams
            .ShouldBe(new StreamLimits { Connections = 7, Patience = TimeSpan.FromSeconds(3) });
        Composition.Limits(HostSettings.Read(Sources(("XRM_LIMIT_REQUESTS", "3"), ("XRM_LIMIT_TOKENS", "99"), ("XRM_LIMIT_SECONDS", "2"))))
            .ShouldSatisfyAllConditions(l => l.Requests.ShouldBe(3), l => l.Tokens.ShouldBe(99), l => l.Time.ShouldBe(TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void Words_are_told_when_another_is_given_and_nothing_may_be_0_that_must_be_something()
    {
        var faults = Should.Throw<Problem>(() => HostSettings.Read(Sources(
            ("XRM_GRAPHQL_EXPLORER", "perhaps"), ("XRM_GRAPHQL_DOCUMENTS", "some"), ("XRM_LIMIT_REQUESTS", "0"), ("XRM_GRAPHQL_PERSISTED", "0"), ("XRM_GRAPHQL_COMPRESS", "0")))).Faults;
        faults.Select(f => f.Field).ShouldBe(["XRM_GRAPHQL_EXPLORER", "XRM_GRAPHQL_DOCUMENTS", "XRM_LIMIT_REQUESTS"], ignoreOrder: true);
        faults.First(f => f.Field == "XRM_GRAPHQL_DOCUMENTS").Message.En.ShouldContain("any, administrators, listed");
    }

    [Fact]
    public void A_plugin_has_settings_of_its_own() =>
        HostSettings.Read(Sources(("XRM_PLUGIN_ELUS_COLOUR", "blue"))).OfPlugins["elus"]["colour"].ShouldBe("blue");

    [Fact]
    public async Task They_are_printed_with_source_and_meaning_and_secrets_stay_secret()
    {
        var answer = (await Command.Run(_folder.Path, "settings", ("XRM_STORE", "litedb:/somewhere/secret"), ("XRM_COLOUR", "blue"))).ShouldBeDone();

        answer.Out.ShouldContain($"XRM_DATA = {_folder.Path}");
        answer.Out.ShouldContain("environment · The data folder");
        answer.Out.ShouldNotContain("somewhere");
        answer.Error.ShouldContain("XRM_COLOUR is no setting");
    }

    private (string, string) Value(Setting setting, string? environment = null, string? option = null)
    {
        var sources = Sources(environment is null ? [] : [(setting.Name, environment)]) with
        {
            Options = option is null ? ImmutableDictionary<string, string>.Empty : ImmutableDictionary<string, string>.Empty.Add(setting.Name, option),
        };
        var value = sources.Resolve().First(v => v.Setting == setting);
        return (value.Value, value.Source.En);
    }

    private SettingSources Sources(params (string Name, string Value)[] environment) =>
        new(_folder.Path, environment.ToImmutableDictionary(e => e.Name, e => e.Value), ImmutableDictionary<string, string>.Empty);
}
