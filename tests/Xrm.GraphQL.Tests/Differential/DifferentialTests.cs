using System.Globalization;
using System.Text.Json;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Differential;

/// <summary>Planned answers against those of the library's default executer over plain lists. Set XRM_DIFFERENTIAL_WORLDS for more worlds, XRM_DIFFERENTIAL_SEED to begin with one.</summary>
public sealed class DifferentialTests
{
    private const int Operations = 18;
    private static readonly Actor Admin = Actor.Of("user:admin", Role.Administrator);

    [Fact]
    public Task A_planned_answer_is_that_of_the_default_executer() => Hold(first: 1, worlds: 7, _ => Admin);

    [Fact]
    public Task So_it_is_for_an_actor_with_rules_on_things_and_fields() => Hold(first: 5_001, worlds: 7, dice => Actor.Of("user:clerk", dice.Pick(RandomModel.Roles)));

    private static async Task Hold(int first, int worlds, Func<Dice, Actor> actor)
    {
        first = Setting("XRM_DIFFERENTIAL_SEED", first);
        worlds = Setting("XRM_DIFFERENTIAL_WORLDS", worlds);
        for (var seed = first; seed < first + worlds; seed++)
        {
            var dice = new Dice(seed);
            await using var world = await RandomWorld.Make(dice);
            var tests = new OperationTests(world, dice, actor(dice));
            for (var i = 0; i < Operations; i++)
                await tests.Hold();
        }
    }

    private static int Setting(string name, int standard) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : standard;
}

/// <summary>Random operations on one world, for one actor.</summary>
internal sealed class OperationTests(RandomWorld world, Dice dice, Actor actor)
{
    private readonly List<string> _ids = [.. world.Data.Things.Select(t => t.Id.ToString("D"))];

    public async Task Hold()
    {
        var document = new RandomOperations(world.Plain.Schema, dice, _ids, [.. world.Model.Types.Select(t => t.Name)]).Make();
        if (dice.Chance(12))
            WrongParts.Add(document, world.Plain.Schema, dice);
        else if (dice.Chance(8))
            WrongParts.Vary(document, dice);
        var answer = await Compare(document);
        if (answer is null || PageTurns.Of(answer.RootElement, document, dice) is not { } next)
            return;
        await world.Change(dice.Below(3));
        await Compare(next);
    }

    /// <summary>Our answer when it is the plain one.</summary>
    private async Task<JsonDocument?> Compare(RandomDocument document)
    {
        var (ours, plain, json) = await Both(document);
        if (ours == plain)
        {
            // The second time it is taken note of, the third time it may be one that was kept.
            for (var i = 0; i < 2; i++)
                AnswerText.Of((await world.Ask(document, actor)).RootElement, world.Cursors.Plain).ShouldBe(ours);
            return json;
        }
        // The same kind of difference: a smaller document may be wrong for a reason of its own (a cursor of an order that is gone).
        var isTold = Tells(ours);
        var smaller = await Shrinker.Shrink(document, async d => await Both(d) is var (left, right, _) && left != right && Tells(left) == isTold && !right.StartsWith("refused", StringComparison.Ordinal));
        if (!ReferenceEquals(smaller, document))
            (ours, plain, _) = await Both(smaller);
        Assert.Fail($"Seed {dice.Seed}, {actor.Id} as {string.Join(", ", actor.Roles)}\n{world.Model}\n{smaller.Text}\n{smaller.VariablesJson}\n\nfound with\n{document.Text}\n{document.VariablesJson}\n\nours: {ours}\nplain: {plain}");
        return null;
    }

    private static bool Tells(string answer) => answer.Contains("INVALID at", StringComparison.Ordinal);

    private async Task<(string Ours, string Plain, JsonDocument? Json)> Both(RandomDocument document)
    {
        var data = actor.IsAdministrator ? world.Data.Whole() : world.Data.As(actor.Roles[0]);
        var plain = await world.Plain.Answer(document, new PlainAnswers(data, actor, world.Cursors, document.ToldErrors()));
        var json = await world.Ask(document, actor);
        if (json.RootElement.TryGetProperty("data", out var ours) && plain.StartsWith('{'))
        {
            using var parsed = JsonDocument.Parse(plain[..(plain.LastIndexOf("\n}\n", StringComparison.Ordinal) is > 0 and var end ? end + 2 : plain.IndexOf('\n', StringComparison.Ordinal))]);
            world.Cursors.Learn(ours, parsed.RootElement);
        }
        return (AnswerText.Of(json.RootElement, world.Cursors.Plain), plain, json);
    }
}
