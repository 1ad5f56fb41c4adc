using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Xrm.Sdk;

namespace Xrm.Testing;

/// <summary>What is given, what happens, and what must be then: steps as data, done in order by <see cref="Run"/>. Immutable: each member answers a longer scenario.</summary>
/// <remarks>Things have names of the test's own, by which later steps speak of them. When a step goes wrong, all steps are told, that one marked.</remarks>
public sealed class Scenario
{
    private readonly ImmutableArray<Plugin> _plugins;
    private readonly TestOptions _options;
    private readonly ImmutableList<Step> _steps;

    private Scenario(ImmutableArray<Plugin> plugins, TestOptions options, ImmutableList<Step> steps)
    {
        _plugins = plugins;
        _options = options;
        _steps = steps;
    }

    /// <summary>A scenario with plugins, those that others require first.</summary>
    public static Scenario With(params ReadOnlySpan<Plugin> plugins) => new([.. plugins], new(), []);

    /// <summary>The same, set up otherwise.</summary>
    public Scenario SetUp(TestOptions options) => new(_plugins, options, _steps);

    /// <summary>There is a thing.</summary>
    /// <param name="name">What the test calls it.</param>
    /// <param name="type">Its type.</param>
    /// <param name="values">Its values; null = none.</param>
    public Scenario Given(string name, EntityType type, Values? values = null) => And(
        $"given {name}, a {type.Name}{Told(values)}",
        async scene => scene.Know(name, await scene.Xrm.Create(type, values ?? Values.None)));

    /// <summary>Two things are related, from a day (inclusive) to a day (exclusive); null leaves that side open.</summary>
    public Scenario Related(string source, RelationshipType type, string target, DateOnly? from = null, DateOnly? to = null) => And(
        $"given {source} {type.Name} {target}{(from is null && to is null ? "" : string.Create(CultureInfo.InvariantCulture, $" ({from:yyyy-MM-dd}..{to:yyyy-MM-dd})"))}",
        async scene => await scene.Xrm.Commit(Commit.New().Relate(scene[source].Id, type, scene[target].Id, from, to)));

    /// <summary>Something is committed.</summary>
    /// <param name="what">What happens, as one tells it: <c>Marie is moored</c>.</param>
    /// <param name="commit">Made of what is there by then.</param>
    /// <param name="by">Who does it; null = an administrator.</param>
    public Scenario When(string what, Func<Scene, Commit> commit, Actor? by = null) => And("when " + what, async scene => await scene.Door(by).Commit(commit(scene)));

    /// <summary>Anything else happens.</summary>
    public Scenario When(string what, Func<Scene, Task> happens) => And("when " + what, happens);

    /// <summary>Time passes; what falls due is done.</summary>
    public Scenario TimePasses(int days = 0, int hours = 0, int minutes = 0) => And(
        $"when {string.Join(", ", new[] { (days, "day"), (hours, "hour"), (minutes, "minute") }.Where(p => p.Item1 != 0).Select(p => Some(p.Item1, p.Item2)))} pass",
        scene => scene.Xrm.Clock.Advance(days, hours, minutes));

    /// <summary>A thing has a value; null = none.</summary>
    public Scenario Then<T>(string name, Field<T> field, T? expected) => And(
        $"then {name} has {field.Name} = {Told(expected)}",
        scene => Same(Told(expected), Told(Value(scene[name], field))));

    /// <summary>A thing is related today to just these things, in whatever order.</summary>
    public Scenario ThenRelated(string name, RelationshipEnd end, params ImmutableArray<string> others) => And(
        $"then {name}.{end.Name} is {Told(others)}",
        async scene =>
        {
            var related = (await scene.Xrm.Query(Query.For(EntityType.Elsewhere(scene[name].Type)).Where(new Filter.Compare("id", Comparison.Equal, scene[name].Id)).With(end))).Single().Get(end);
            await Same(Told(others.Order(StringComparer.Ordinal)), Told(related.Select(r => scene.NameOf(r.Other!.Id)).Order(StringComparer.Ordinal)));
        });

    /// <summary>A question finds just these things, in whatever order.</summary>
    /// <param name="what">What is asked for: <c>boats in the harbour</c>.</param>
    /// <param name="query">Made of what is there by then.</param>
    /// <param name="names">What the test calls them.</param>
    /// <param name="by">Who asks; null = an administrator.</param>
    public Scenario ThenFinds(string what, Func<Scene, Query> query, ImmutableArray<string> names, Actor? by = null) => And(
        $"then {what} are {Told(names)}",
        async scene => await Same(Told(names.Order(StringComparer.Ordinal)), Told((await scene.Door(by).Query(query(scene))).Entities.Select(e => scene.NameOf(e.Id)).Order(StringComparer.Ordinal))));

    /// <summary>A commit is refused because of a field or a rule.</summary>
    /// <param name="what">What was tried.</param>
    /// <param name="commit">Made of what is there by then.</param>
    /// <param name="because">The field or the rule of one of the faults.</param>
    /// <param name="by">Who tries; null = an administrator.</param>
    public Scenario ThenRefused(string what, Func<Scene, Commit> commit, string because, Actor? by = null) => And(
        $"then {what} is refused because of {because}",
        async scene =>
        {
            try
            {
                await scene.Door(by).Commit(commit(scene));
            }
            catch (Problem problem)
            {
                if (!problem.Faults.Any(f => f.Field == because || f.Rule == because))
                    throw new Unexpected($"it was refused because of {string.Join("; ", problem.Faults.Select(f => $"{f.Field ?? "-"} ({f.Rule ?? "-"}): {f.Message.En}"))}");
                return;
            }
            throw new Unexpected("it was done");
        });

    /// <summary>GraphQL answers just this.</summary>
    /// <param name="query">The document.</param>
    /// <param name="data">The JSON under <c>data</c>; its form does not matter.</param>
    /// <param name="by">Who asks; null = an administrator.</param>
    public Scenario ThenAnswers(string query, string data, Actor? by = null) => And(
        "then GraphQL answers " + query.ReplaceLineEndings(" "),
        async scene =>
        {
            var answer = await scene.Xrm.Ask(query, actor: by);
            await Same(JsonNode.Parse(data)!.ToJsonString(), answer["errors"] is { } errors ? errors.ToJsonString() : answer["data"]!.ToJsonString());
        });

    /// <summary>Anything else must hold.</summary>
    public Scenario Then(string what, Func<Scene, Task<bool>> holds) => And("then " + what, async scene =>
    {
        if (!await holds(scene))
            throw new Unexpected("it was not so");
    });

    /// <summary>Does all steps in an XRM of its own.</summary>
    /// <exception cref="ScenarioFailure">A step went wrong, or an expectation was not met.</exception>
    public async Task Run()
    {
        await using var xrm = await TestXrm.With(_plugins, _options);
        var scene = new Scene(xrm);
        for (var i = 0; i < _steps.Count; i++)
            try
            {
                await scene.Refresh();
                await _steps[i].Do(scene);
            }
            catch (Exception e)
            {
                throw new ScenarioFailure(Telling(i, e), e);
            }
    }

    private Scenario And(string what, Func<Scene, Task> act) => new(_plugins, _options, _steps.Add(new(what, act)));

    private string Telling(int failed, Exception e) => string.Join('\n',
        _steps.SelectMany((step, i) => i == failed ? new[] { $"> {i + 1}. {step.What}", "     but " + Reason(e) } : [$"  {i + 1}. {step.What}"])
            .Prepend($"Step {failed + 1} of {_steps.Count} went wrong:"));

    private static string Reason(Exception e) => e is Unexpected or Problem or ArgumentException ? e.Message.ReplaceLineEndings("\n         ") : $"{e.GetType().Name}: {e.Message}";

    private static Task Same(string expected, string actual) => expected == actual ? Task.CompletedTask : throw new Unexpected($"it is {actual}");

    private static object? Value<T>(Entity entity, Field<T> field) => entity.Values.TryGet(field.Name, out var value) && value is not null ? field.FromValue(value) : null;

    private static string Some(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private static string Told(Values? values) => values is null || values.Count == 0 ? "" : " with " + string.Join(", ", values.Select(v => $"{v.Key} = {Told(v.Value)}"));

    private static string Told(IEnumerable<string> names) => $"[{string.Join(", ", names)}]";

    private static string Told(object? value) => value switch
    {
        null => "nothing",
        string text => $"\"{text}\"",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "nothing",
    };

    /// <summary>One step.</summary>
    /// <param name="What">What it is, as people read it.</param>
    /// <param name="Do">Does it.</param>
    private sealed record Step(string What, Func<Scene, Task> Do);

    /// <summary>An expectation was not met.</summary>
    private sealed class Unexpected(string message) : Exception(message);
}
