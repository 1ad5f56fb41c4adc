using Xrm.Sdk;

namespace Xrm.Core.Tests.Access;

/// <summary>While things are made, changed and deleted, asking with some roles goes on to answer as asking for everything where only what these roles may see was ever put in: what is kept of rights follows.</summary>
public sealed class ChangingOracleTests
{
    private static readonly Actor Admin = Actor.Of("user:admin", Role.Administrator);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(3000, 16)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task No_list_count_or_group_tells_more_or_less_than_is_seen_after_a_change(int seed)
    {
        var world = new RandomWorld(seed);
        await using var full = await OracleTests.Open(world);
        await OracleTests.Fill(full, world);
        string[] roles = seed % 2 == 0 ? ["one"] : ["one", "two"];
        var actor = Actor.Of("user:x", roles);
        var asked = Enumerable.Range(0, 6).Select(_ => world.Question()).Select(q => (Query: q, Field: world.Field(q.Type))).ToArray();
        for (var round = 0; round < 6; round++)
        {
            await using var seen = await OracleTests.Open(world);
            await OracleTests.Copy(full, seen, world, roles);
            foreach (var (query, field) in asked)
            {
                var told = $"seed {seed}, round {round}, {query}";
                OracleTests.Told(await full.As(actor).Query(query)).ShouldBe(OracleTests.Told(await seen.As(Admin).Query(query)), told);
                using var one = full.Read(actor);
                using var other = seen.Read(Admin);
                (await OracleTests.Sums(one, query, field)).ShouldBe(await OracleTests.Sums(other, query, field), $"groups by {field}, {told}");
            }
            await full.Commit(new Commit(EntityId.New(), [.. world.Things().Take(3)]), Actor.System, default);
            for (var i = 0; i < 4; i++)
                await full.Commit(Commit.New().And(world.Change(await OracleTests.All(full, world))), Actor.System, default);
        }
    }
}
